"""How far Strassen's product rounds away from the true one: a bound, and what really happens."""

import numpy as np

from cnnhw.conv.strassen.levels import PAD, PEEL, padded_sizes, strassen_levels
from cnnhw.conv.strassen.product import strassen
from cnnhw.conv.strassen.schemes import scheme_named

# Each level multiplies the error by the first and adds the second times K (Higham 2002, eqs. 23.14, 23.15).
_GROWTH = {"strassen": (12, 25), "winograd": (18, 48)}


def error_bound(M: int, K: int, N: int, *, leaf: int = 64, variant: str = "strassen", odd: str = PEEL) -> int:
    """Bound the error of any word of `strassen` in floats, in units of u * max|a| * max|b|.

    M, K, N  sizes
    leaf, variant, odd  as in `strassen`
    returns  f(K), to first order in u: f(K) = K**2 in a leaf, 12*f(K/2) + 25*K for each level above,
             18 and 48 for Winograd's variant; u is 2**-24 in float32, 2**-53 in float64
    raises   CourseError for options that `strassen` refuses
    source   Higham 2002, section 23.2.2, theorems 23.2 and 23.3 (Brent 1970), there for square matrices

    Why 12: C11 = M1 + M4 - M5 + M7. The operands of M1 and M7 are sums of up to two blocks each, so an
    error in a product of blocks counts 4 times, in M4 and M5 twice: 4 + 2 + 2 + 4. The definition, one
    sum of K products, has K**2. Only the inner size K matters, so the bound holds for any M and N.

    >>> error_bound(64, 64, 64), error_bound(128, 128, 128), error_bound(128, 128, 128, leaf=128)
    (4096, 52352, 16384)
    """
    levels = strassen_levels(M, K, N, leaf=leaf, odd=odd)
    factor, sums = _GROWTH[scheme_named(variant).name]
    if odd == PAD:
        K = padded_sizes((M, K, N), levels)[1]
    return _bound(K, levels, factor, sums)


def error_growth(size: int, levels: int, *, variant: str = "strassen", seed: int = 0) -> tuple[float, ...]:
    """Multiply two float32 matrices with 0, 1, ... levels of `strassen` and measure the largest error.

    size     rows and columns of both matrices, drawn evenly from -1 to 1
    levels   the most levels to try
    variant  as in `strassen`
    seed     of the words
    returns  max|error| for 0, 1, ..., levels levels, in units of u * max|a| * max|b|, u = 2**-24
    raises   CourseError for a variant that `strassen` refuses

    The leaves add their products up one after the other, so that every machine rounds the same way: BLAS
    chooses an order of its own. The true product is that of float64, whose u is half a billion times smaller.

    >>> [round(error) for error in error_growth(32, 2)]
    [23, 28, 42]
    """
    random = np.random.default_rng(seed)
    a, b = random.uniform(-1, 1, (2, size, size)).astype(np.float32)
    unit = 2.0**-24 * float(abs(a).max()) * float(abs(b).max())
    true = a.astype(np.float64) @ b.astype(np.float64)
    leaves = [-(-size // 2**level) for level in range(levels + 1)]
    products = (strassen(a, b, leaf=leaf, variant=variant, matmul=_in_order) for leaf in leaves)
    return tuple(float(abs(product - true).max()) / unit for product in products)


def _bound(K: int, levels: int, factor: int, sums: int) -> int:
    if levels == 0:
        return K**2
    peeled = K + 1 if K % 2 else 0  # a last product is added: it rounds, and so does the sum
    return factor * _bound(K // 2, levels - 1, factor, sums) + sums * K + peeled


def _in_order(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    total = a[:, :1] * b[:1]
    for k in range(1, a.shape[1]):
        total += a[:, k : k + 1] * b[k : k + 1]
    return total
