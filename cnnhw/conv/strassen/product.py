"""Strassen's matrix product: seven block products where the definition has eight, level after level."""

import operator

import numpy as np

from cnnhw.conv.matrices import checked_matrices
from cnnhw.conv.strassen.levels import PAD, PEEL, strassen_levels
from cnnhw.conv.strassen.schemes import A_BLOCKS, B_BLOCKS, C_BLOCKS, Scheme, scheme_named
from cnnhw.conv.words import magnitude
from cnnhw.errors import CourseError

_FLOAT64_EXACT = 2**53  # whole numbers up to here are exact in a float64 (IEEE 754, 53-bit significand)
_SIGNS = {"+": operator.add, "-": operator.sub}


def strassen(a, b, *, leaf: int = 64, variant: str = "strassen", odd: str = PEEL, matmul=np.matmul):
    """Multiply two matrices of any shapes, splitting into 2 x 2 blocks while all sides are above `leaf`.

    a        (M, K), real, complex or object numbers
    b        (K, N)
    leaf     blocks with a side of at most this many words are multiplied by `matmul`
    variant  "strassen", 18 block sums a level, or "winograd", 15
    odd      a last odd row or column is "peel"ed off and multiplied by `matmul`, or all is "pad"ded once
             with zeros until every level splits evenly
    matmul   product of two small matrices
    returns  a @ b (M, N); int64 for whole numbers, and exact; a float dtype is kept
    raises   ShapeError for operands that are not finite numbers or do not fit, CourseError for options
    source   Strassen, Numerische Mathematik 13, 1969; the variant: Higham 2002, section 23.1

    In floats no word errs by more than error_bound(...) * u * max|a| * max|b|.

    >>> strassen([[1, 2], [3, 4]], [[5, 6], [7, 8]], leaf=1)
    array([[19, 22],
           [43, 50]])
    """
    _check_callable(matmul)
    a, b = checked_matrices(a, b)
    (M, K), N = a.shape, b.shape[1]
    levels, scheme = strassen_levels(M, K, N, leaf=leaf, odd=odd), scheme_named(variant)
    dtype = a.dtype
    if dtype == np.int64 and matmul is np.matmul and _exact_in_float64(a, b, levels):
        a, b = a.astype(np.float64), b.astype(np.float64)  # where BLAS does the products
    if odd == PAD:
        a, b = _padded(a, 2**levels), _padded(b, 2**levels)
    return _product(a, b, levels, scheme, matmul)[:M, :N].astype(dtype, copy=False)


def _product(a, b, levels: int, scheme: Scheme, matmul) -> np.ndarray:
    if levels == 0:
        return matmul(a, b)
    blocks = _run(scheme, a, b, lambda first, second: _product(first, second, levels - 1, scheme, matmul))
    c = np.empty((a.shape[0], b.shape[1]), dtype=blocks["C11"].dtype)
    for name, place in _blocks(C_BLOCKS, c).items():
        place[...] = blocks.pop(name)
    _peel(a, b, c, matmul)
    return c


def _run(scheme: Scheme, a: np.ndarray, b: np.ndarray, multiply) -> dict[str, np.ndarray]:
    """Go through the steps of a scheme; a block is let go after the last step that needs it."""
    blocks = _blocks(A_BLOCKS, a) | _blocks(B_BLOCKS, b)
    for step in scheme.steps:
        operation = multiply if step.sign == "@" else _SIGNS[step.sign]
        blocks[step.name] = operation(blocks[step.first], blocks[step.second])
        for name in scheme.spent[step.name]:
            del blocks[name]
    return blocks


def _blocks(names: tuple[str, ...], matrix: np.ndarray) -> dict[str, np.ndarray]:
    """The four blocks as views; a last odd row or column is in none of them."""
    rows, columns = (size // 2 for size in matrix.shape)
    upper, lower = matrix[:rows, : 2 * columns], matrix[rows : 2 * rows, : 2 * columns]
    parts = upper[:, :columns], upper[:, columns:], lower[:, :columns], lower[:, columns:]
    return dict(zip(names, parts, strict=True))


def _peel(a: np.ndarray, b: np.ndarray, c: np.ndarray, matmul) -> None:
    """Add what the blocks left out: a last column of a with a last row of b; last rows and columns of c."""
    m, k, n = (size // 2 * 2 for size in (c.shape[0], a.shape[1], c.shape[1]))
    if k < a.shape[1]:
        c[:m, :n] += matmul(a[:m, k:], b[k:, :n])
    if n < c.shape[1]:
        c[:, n:] = matmul(a, b[:, n:])
    if m < c.shape[0]:
        c[m:, :n] = matmul(a[m:], b[:, :n])


def _padded(matrix: np.ndarray, multiple: int) -> np.ndarray:
    return np.pad(matrix, [(0, -size % multiple) for size in matrix.shape])


def _exact_in_float64(a: np.ndarray, b: np.ndarray, levels: int) -> bool:
    """Whether everything on the way stays below 2**53: a level makes words at most 5 times as large.

    The largest growth is that of Winograd's M6, sums of 3 blocks times sums of 3 blocks over half the
    length: 9/2. Products are added up four at a time.
    """
    largest = max(a.shape[1] * magnitude(a) * magnitude(b), magnitude(a), magnitude(b))
    return 4 * 5**levels * largest < _FLOAT64_EXACT


def _check_callable(matmul) -> None:
    if not callable(matmul):
        raise CourseError(
            "matmul must be a function of two matrices",
            f"a {type(matmul).__name__}",
            "leave it out, or give a function that returns the product of its two arguments",
        )
