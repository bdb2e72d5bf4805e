"""The complex product in the middle: by the definition, or by Gauss with three multiplications for four."""

from collections.abc import Callable
from dataclasses import dataclass

from cnnhw.conv import gauss
from cnnhw.conv.operations import Operations
from cnnhw.errors import CourseError


@dataclass(frozen=True)
class Product:
    """A way to multiply complex matrices whose second one, the filters, can be made ready once.

    matmul      (ifmap spectra, ready filter spectra) -> ofmap spectra
    ready       filter spectra -> what matmul takes
    operations  (M, K, N) -> Operations of an (M, K) by (K, N) product
    """

    matmul: Callable
    ready: Callable
    operations: Callable[[int, int, int], Operations]


def direct_matmul(a, b):
    """Multiply complex matrices by the definition: (a + bi)(c + di) = (ac - bd) + (ad + bc)i.

    a        (..., M, K) complex, or a pair (real, imaginary) of arrays
    b        (..., K, N) likewise
    returns  a @ b, complex or a pair as they are

    >>> import numpy as np
    >>> direct_matmul(np.array([[1 + 2j]]), np.array([[3 + 4j]]))
    array([[-5.+10.j]])
    """
    if not isinstance(a, tuple):
        return a @ b
    return a[0] @ b[0] - a[1] @ b[1], a[0] @ b[1] + a[1] @ b[0]


def product_named(name: str) -> Product:
    """Find "direct" or "gauss".

    raises   CourseError for another name
    """
    try:
        return _PRODUCTS[name]
    except (KeyError, TypeError):
        raise CourseError(
            'the complex product is "direct" or "gauss"',
            f"product={name!r}",
            "use one of the two names",
        ) from None


def _as_given(spectra):
    return spectra


def _gauss_operations(M: int, K: int, N: int) -> Operations:
    return gauss.gauss_operations(M, K, N, kept=True)


_PRODUCTS = {
    "direct": Product(direct_matmul, _as_given, gauss.direct_operations),
    "gauss": Product(gauss.gauss_matmul, gauss.keep, _gauss_operations),
}
