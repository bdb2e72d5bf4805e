"""The convolution as a matrix product, done Strassen's way."""

from functools import partial

import numpy as np

from cnnhw.conv.strassen.levels import PEEL
from cnnhw.conv.strassen.product import strassen
from cnnhw.conv.toeplitz import conv_toeplitz


def conv_strassen(
    ifmap: np.ndarray,
    filters: np.ndarray,
    U=1,
    P=0,
    G: int = 1,
    D=1,
    *,
    leaf: int = 64,
    variant: str = "strassen",
    odd: str = PEEL,
) -> np.ndarray:
    """Convolve with the Toeplitz-expanded ifmap and Strassen's product.

    ifmap    (N, C, H, W)
    filters  (M, C/G, R, S)
    U, P, G  stride, zero padding on each side, groups
    D        dilation
    leaf, variant, odd  as in `strassen`
    returns  ofmap (N, M, E, F): equal to conv_loops on whole numbers, to rounding on floats
    raises   ShapeError as conv_loops does, CourseError for options that `strassen` refuses
    source   TALK slide 26; Cong and Xiao, ICANN 2014, use it for CNNs

    >>> conv_strassen(np.ones((1, 4, 3, 4), int), np.ones((3, 4, 2, 2), int), leaf=1)[0, 0]
    array([[16, 16, 16],
           [16, 16, 16]])
    """
    product = partial(strassen, leaf=leaf, variant=variant, odd=odd)
    return conv_toeplitz(ifmap, filters, U, P, G, D, matmul=product)
