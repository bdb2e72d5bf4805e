"""How often Strassen's product splits two matrices, and what it does with odd sizes."""

import numpy as np

from cnnhw.errors import CourseError

PEEL, PAD = "peel", "pad"
Sizes = tuple[int, int, int]


def strassen_levels(M: int, K: int, N: int, *, leaf: int = 64, odd: str = PEEL) -> int:
    """Count how often the product of (M, K) and (K, N) is split.

    M, K, N    sizes
    leaf, odd  as in `strassen`
    returns    the levels of recursion; 0 if a side is at most `leaf`
    raises     CourseError if leaf is not at least 1, or odd is another word

    >>> strassen_levels(512, 512, 512), strassen_levels(512, 3, 512)
    (3, 0)
    """
    _check_options(leaf, odd)
    sizes, levels = (M, K, N), 0
    while min(sizes) > leaf:
        sizes, levels = tuple((size + (odd == PAD)) // 2 for size in sizes), levels + 1
    return levels


def padded_sizes(sizes: Sizes, levels: int) -> Sizes:
    """Round M, K, N up to sizes that split evenly.

    sizes    (M, K, N)
    levels   how often they will be split
    returns  the next multiples of 2**levels

    >>> padded_sizes((13, 8, 9), 2)
    (16, 8, 12)
    """
    return tuple(-(-size // 2**levels) * 2**levels for size in sizes)


def _check_options(leaf: int, odd: str) -> None:
    if isinstance(leaf, bool) or not isinstance(leaf, (int, np.integer)) or leaf < 1:
        raise CourseError(
            "leaf, the side at which splitting stops, is a whole number of at least 1",
            f"leaf={leaf!r}",
            "use leaf=1 to split as far as possible, leaf=64 to leave small blocks to BLAS",
        )
    if odd not in (PEEL, PAD):
        raise CourseError(
            f"odd is {PEEL!r} or {PAD!r}",
            repr(odd),
            'leave it out, or use odd="pad" to fill up with zeros',
        )
