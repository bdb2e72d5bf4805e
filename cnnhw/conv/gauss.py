"""Gauss's complex product: three multiplications where the definition has four."""

from dataclasses import dataclass

import numpy as np

from cnnhw.conv.matrices import check_inner, check_sums_fit
from cnnhw.conv.operations import Operations
from cnnhw.conv.words import magnitude
from cnnhw.errors import ShapeError
from cnnhw.tensors.checked import check_words


@dataclass(frozen=True, eq=False)
class KeptComplex:
    """Complex words made ready as the fixed operand of Gauss's product: the filters of a network.

    real        c
    difference  d - c
    total       c + d, for the words c + di
    """

    real: np.ndarray
    difference: np.ndarray
    total: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the complex words these three arrays stand for."""
        return self.real.shape


def keep(words) -> KeptComplex:
    """Do the two additions that one operand needs, once.

    words    a complex array, or a pair (real, imaginary) of arrays of whole or exact numbers
    returns  KeptComplex: three real words for each complex one, instead of two
    raises   ShapeError if the words are neither

    >>> keep(np.array([3 + 4j])).total
    array([7.])
    """
    c, d = _parts(words)
    return KeptComplex(c, d - c, c + d)


def gauss_product(a, b):
    """Multiply complex words one by one, with 3 real multiplications and 5 additions for each.

    a        complex array, or a pair (real, imaginary) of arrays of whole or exact numbers
    b        likewise, or what `keep` made of it: then 3 additions are left
    returns  a * b, complex; a pair if both were pairs of whole or exact numbers
             k1 = c*(a + b), k2 = a*(d - c), k3 = b*(c + d); (k1 - k3) + (k1 + k2)i for (a + bi)(c + di)
    raises   ShapeError if the words are neither or not finite, or a whole number might not fit 64 bits
    source   TALK slide 27; the direct form takes 4 multiplications and 2 additions (the slide prints 3)

    Whole numbers are exact. In floats the sums cancel: each part errs by at most 2*g*(|a| + |b|)*(|c| + |d|),
    g = 3u/(1 - 3u), u = 2**-24 for complex64, so a part much smaller than the whole may lose every digit.

    >>> gauss_product(1 + 2j, 3 + 4j)                    # 3*3 - 2*7 = -5, 3*3 + 1*1 = 10
    array(-5.+10.j)
    >>> gauss_product(np.complex64(1 + 1e-8j), np.complex64(1 + 1e-8j))       # the exact product has 2e-8j
    array(1.+0.j, dtype=complex64)
    """
    _check_alike(_shape(a), _shape(b))
    return _three_products(np.multiply, a, b, terms=1)


def gauss_matmul(a, b):
    """Multiply complex matrices with three real matrix products instead of four.

    a        (..., M, K) complex, or a pair (real, imaginary) of arrays of whole or exact numbers
    b        (..., K, N) likewise; either one, not both, may be what `keep` made of it
    returns  a @ b (..., M, N), complex; a pair if both were pairs of whole or exact numbers
    raises   ShapeError if the shapes do not match, or a sum of whole numbers might not fit 64 bits
    source   Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 23.2.4 (the 3M method)

    The letters are those of gauss_product, each a matrix now, multiplied in the order of the operands.
    Each part errs by at most 2*g*(|a| + |b|) @ (|c| + |d|), g = (K + 2)u / (1 - (K + 2)u).

    >>> gauss_matmul(np.array([[1 + 2j, 1j]]), np.array([[3 + 4j], [2]]))     # (-5 + 10i) + 2i
    array([[-5.+12.j]])
    """
    check_inner(_shape(a), _shape(b))
    _check_alike(_shape(a)[:-2], _shape(b)[:-2])
    return _three_products(np.matmul, a, b, terms=_shape(a)[-1])


def gauss_operations(M: int = 1, K: int = 1, N: int = 1, *, kept: bool = False) -> Operations:
    """Count the real operations of gauss_matmul on (M, K) and (K, N); of one gauss_product if all are 1.

    M, K, N  sizes of the matrices
    kept     whether b, the filters, went through `keep`: its 2*K*N additions then count as filter_additions
    returns  Operations: 3*M*K*N multiplications; 3*M*(K - 1)*N + 2*M*N + M*K + 2*K*N additions

    >>> gauss_operations()
    Operations(multiplications=3, additions=5, filter_words=3, workspace_words=4)
    """
    sums, ready = 3 * M * (K - 1) * N + 2 * M * N + M * K, 2 * K * N
    return Operations(
        multiplications=3 * M * K * N,
        additions=sums + (0 if kept else ready),
        filter_additions=ready if kept else 0,
        filter_words=3 * K * N,
        workspace_words=3 * M * N + M * K,  # k1, k2, k3 and a + b
    )


def direct_operations(M: int = 1, K: int = 1, N: int = 1) -> Operations:
    """Count the real operations of the complex matrix product by its definition, ac - bd and ad + bc.

    M, K, N  sizes of the matrices (M, K) and (K, N)
    returns  Operations: 4*M*K*N multiplications and 4*M*(K - 1)*N + 2*M*N additions

    >>> direct_operations()
    Operations(multiplications=4, additions=2, filter_words=2, workspace_words=4)
    """
    return Operations(
        multiplications=4 * M * K * N,
        additions=4 * M * (K - 1) * N + 2 * M * N,
        filter_words=2 * K * N,
        workspace_words=4 * M * N,
    )


def _three_products(multiply, left, right, terms: int):
    mirrored = isinstance(left, KeptComplex)  # a matrix product keeps its order: (c + di)(a + bi)
    ready, plain = (left, right) if mirrored else (right, left)
    if isinstance(plain, KeptComplex):
        raise ShapeError(
            "one operand of Gauss's product may be kept, the other is multiplied as it is",
            "two operands that went through keep()",
            "pass one of them as the complex words it was made of",
        )
    ready = ready if isinstance(ready, KeptComplex) else keep(ready)
    a, b = _parts(plain)
    _check_result_fits(a, b, ready, terms)
    product = (lambda word, kept: multiply(kept, word)) if mirrored else multiply
    k1, k2, k3 = product(a + b, ready.real), product(a, ready.difference), product(b, ready.total)
    return _joined(k1 - k3, k1 + k2)


def _parts(words) -> tuple[np.ndarray, np.ndarray]:
    """Real and imaginary parts, each in one piece of memory so that BLAS need not copy them."""
    if isinstance(words, tuple) and len(words) == 2:
        pair = tuple(np.asarray(part) for part in words)
        kinds, one_shape = {part.dtype.kind for part in pair}, pair[0].shape == pair[1].shape
    else:
        array = np.asarray(words)
        pair = np.array(array.real, order="C"), np.array(array.imag, order="C")
        kinds, one_shape = {array.dtype.kind} - {"O"}, True
    if not (kinds and kinds <= set("iufcO") and one_shape and pair[0].size):
        raise ShapeError(
            "complex words are a complex array, or a pair (real, imaginary) of number arrays of one shape",
            f"a {type(words).__name__} that is neither, or is empty",
            "give words.astype(complex), or a tuple of two arrays",
        )
    for name, part in zip(("real", "imaginary"), pair, strict=True):
        check_words(name, part, "multiplying")
    dtype = np.result_type(*(part.dtype for part in pair))
    if dtype.kind in "iu":
        check_sums_fit(1, max(map(magnitude, pair)))  # a larger unsigned word would wrap before it is used
        dtype = np.dtype(np.int64)
    return pair[0].astype(dtype, copy=False), pair[1].astype(dtype, copy=False)


def _joined(real, imaginary):
    if real.dtype.kind in "iO":
        return real, imaginary
    words = np.empty(real.shape, dtype=np.result_type(real.dtype, np.complex64))
    words.real, words.imag = real, imaginary
    return words


def _check_result_fits(a, b, ready: KeptComplex, terms: int) -> None:
    """Check the result alone: k1, k2, k3 may wrap on the way to it."""
    if a.dtype == np.int64 and ready.real.dtype == np.int64:
        a, b, c, d = (magnitude(words) for words in (a, b, ready.real, ready.total - ready.real))
        check_sums_fit(2 * terms, terms * max(a * c + b * d, a * d + b * c))


def _shape(words) -> tuple[int, ...]:
    if isinstance(words, KeptComplex):
        return words.shape
    return np.shape(words[0] if isinstance(words, tuple) else words)


def _check_alike(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    try:
        np.broadcast_shapes(left, right)
    except ValueError as error:
        raise ShapeError(
            "axes that are multiplied one by one must be of equal size, or of size 1",
            f"shapes {left} and {right}",
            "drop or transpose axes until both agree, counted from the last",
        ) from error
