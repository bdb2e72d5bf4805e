"""What the algorithms refuse, word by word: the rule, what was given, what to change."""

from fractions import Fraction

import numpy as np
import pytest

from cnnhw import CourseError, LayerShape
from cnnhw.conv import conv_fft, conv_winograd, fft, winograd
from cnnhw.conv.choose import Candidate, choose
from cnnhw.conv.gauss import gauss_matmul, gauss_product, keep
from cnnhw.conv.strassen import strassen

ROW = np.ones((2, 3), complex)
A = np.ones((3, 5))
IFMAP, FILTERS = np.ones((1, 2, 6, 6)), np.ones((4, 2, 3, 3))
MATRIX = "must be a matrix with at least one row and one column"
COMPLEX = "complex words are a complex array, or a pair (real, imaginary) of number arrays of one shape"
RANKED = "a ranking needs a candidate, and a time at least one round"
TO_RANK = "leave candidates out for all of them, and give rounds as 1 or more"
SHAPE = LayerShape(M=2, C=1, H=5, R=3)
REAL = "conv_fft convolves real numbers that the machine's arithmetic knows"
TO_REAL = "use conv_windows for complex or exact numbers, or convert them, as in words.astype(float)"
KEPT = "kept spectra have their tile and product from keep"
LEAVE = "leave these options out, or pass the filters themselves"
LEAF = "leaf, the side at which splitting stops, is a whole number of at least 1"
POINTS = "the points must be whole numbers or Fractions"
GIVE = "give them as in points=(0, 1, -1, Fraction(1, 2)); infinity is always the last one"
TILE = "m is one whole number, or two: rows and columns of a tile"


@pytest.mark.parametrize(
    ("wrong", "rule", "got", "change"),
    [
        (lambda: choose(SHAPE, candidates=[]), RANKED, "0 candidates and rounds=3", TO_RANK),
        (lambda: choose(SHAPE, "time", [Candidate("a", None, None)], rounds=0), RANKED,
         "1 candidates and rounds=0", TO_RANK),
        (lambda: gauss_matmul(keep(ROW), keep(ROW.T)),
         "one operand of Gauss's product may be kept, the other is multiplied as it is",
         "two operands that went through keep()", "pass one of them as the complex words it was made of"),
        (lambda: gauss_matmul(ROW, ROW),
         "matrices (M, K) and (K, N) must share K", "shapes (2, 3) and (2, 3)",
         "transpose one of them, or check which axis is summed"),
        (lambda: gauss_matmul(ROW, np.full((3, 2), "1")), COMPLEX, "a ndarray that is neither, or is empty",
         "give words.astype(complex), or a tuple of two arrays"),
        (lambda: gauss_product(np.ones((2, 3), complex), np.ones((5, 3), complex)),
         "axes that are multiplied one by one must be of equal size, or of size 1",
         "shapes (2, 3) and (5, 3)", "drop or transpose axes until both agree, counted from the last"),
        (lambda: strassen(A[0], A.T), f"a {MATRIX}", "shape (5,)",
         "check the slice that made a, or add an axis, as in a[None]"),
        (lambda: strassen(A, 3), f"b {MATRIX}", "a int",
         "check the slice that made b, or add an axis, as in b[None]"),
        (lambda: strassen(A, A.T, leaf=0), LEAF, "leaf=0",
         "use leaf=1 to split as far as possible, leaf=64 to leave small blocks to BLAS"),
        (lambda: strassen(A, A.T, odd="cut"), "odd is 'peel' or 'pad'", "'cut'",
         'leave it out, or use odd="pad" to fill up with zeros'),
        (lambda: strassen(A, A.T, matmul=3), "matmul must be a function of two matrices", "a int",
         "leave it out, or give a function that returns the product of its two arguments"),
        (lambda: strassen(A, A.T, variant="fast"), "variant is one of strassen, winograd", "'fast'",
         'leave it out, or use variant="winograd"'),
        (lambda: conv_fft(IFMAP, FILTERS, product="Gauss"), 'the complex product is "direct" or "gauss"',
         "product='Gauss'", "use one of the two names"),
        (lambda: conv_fft(IFMAP, FILTERS.astype(complex)), REAL, "ifmap and filters of dtype complex128",
         TO_REAL),
        (lambda: fft.keep(FILTERS.astype(object), H=6), REAL, "filters of dtype object", TO_REAL),
        (lambda: conv_fft(IFMAP, fft.keep(FILTERS, H=6), tile=4), KEPT,
         "tile=4, product=None beside kept spectra", LEAVE),
        (lambda: conv_fft(IFMAP, fft.keep(FILTERS, H=6), product="gauss"), KEPT,
         "tile=None, product='gauss' beside kept spectra", LEAVE),
        (lambda: conv_fft(IFMAP, fft.keep(FILTERS.astype(np.float32), H=6)),
         "kept filters and the ifmap hold numbers of one type",
         "filters kept as float32, and an ifmap that makes them float64",
         "keep filters.astype(float64), or convert the ifmap"),
        (lambda: conv_winograd(IFMAP, winograd.keep(FILTERS), U=2),
         "kept filters serve the stride they were kept for", "U=2 with filters kept for U=1",
         "keep them again, as in keep(filters, U=2)"),
        (lambda: conv_winograd(IFMAP, winograd.keep(FILTERS.astype(np.float32))),
         "kept filters serve ifmaps of their own kind of word",
         "a convolution in float64 with filters kept as float32",
         "keep them again from filters.astype('float64'), or convert the ifmap"),
        (lambda: conv_winograd(IFMAP, FILTERS, m=(2, 2, 2)), TILE, "m=(2, 2, 2)", "use m=2, or m=(2, 4)"),
        (lambda: conv_winograd(IFMAP, FILTERS, m=(2,)), TILE, "m=(2,)", "use m=2, or m=(2, 4)"),
        (lambda: conv_winograd(IFMAP, FILTERS, m=0), "m must be a whole number, 1 or more", "m=0",
         "give m as an int, as in m=2"),
        (lambda: conv_winograd(IFMAP, FILTERS, points=(0, 0.5)), POINTS, "points=(0, 0.5)", GIVE),
        (lambda: conv_winograd(IFMAP, FILTERS, points=(0, True)), POINTS, "points=(0, True)", GIVE),
        (lambda: conv_winograd(IFMAP, FILTERS, points=(0, Fraction(1, 2), Fraction(2, 4))),
         "the points must all be different", "1/2 twice in points=(0, 1/2, 1/2)",
         "replace one of them, as in points=(0, 1, -1)"),
        (lambda: conv_winograd(IFMAP, FILTERS, m=4, points=(0, 1, -1)),
         "F(m, r) needs m + r - 2 points, infinity not counted", "3 points where 5 are needed",
         "give 2 more, or a smaller m"),
    ],
)  # fmt: skip
def test_three_lines(wrong, rule, got, change):
    with pytest.raises(CourseError) as caught:
        wrong()
    assert str(caught.value) == f"{rule}\n  got {got}\n  {change}"
