"""How far a word that went through the frequency domain can be from the exact one."""

import math

import numpy as np

from cnnhw.conv.arguments import checked
from cnnhw.conv.fft.tiles import Tiling, tiling
from cnnhw.errors import CourseError
from cnnhw.shape import LayerShape

_LEVEL = 9  # roundings, relative to the norm, for each factor of 2 in the points; the docstring says why


def error_bound(ifmap: np.ndarray, filters: np.ndarray, U=1, P=0, G: int = 1, D=1, *, tile=None) -> float:
    """Bound the error of every word that conv_fft calculates from these arrays.

    ifmap    (N, C, H, W), real numbers
    filters  (M, C/G, R, S)
    U, P, G  stride, zero padding on each side, groups
    D        dilation; R and S below with the zeros that it puts between filter words
    tile     as in conv_fft
    returns  B = sqrt(k) * (2t + 6*(C/G + 2)*u + (t + k*u)*sqrt(R*S)) * L, a word as the ofmap's
             L = the largest sum over c of |ifmap plane| * |filter plane|, Euclidean norms
             t = 9*u*(log2(points) + 2), the relative error of one transform
             k = tiles that share an ofmap word; u = 2**-24 for float32, else 2**-53
    raises   ShapeError as conv_fft does
    source   the argument of Higham, Accuracy and Stability of Numerical Algorithms, 2002, theorem 24.2

    A pass of radix p turns words (relative error below 6u: a product, and factors rounded in their angle and
    their value) and adds p of them. That is below 9u*log2(p) for p = 2, 3, 4, 5 and 8, the radices of NumPy's
    FFT at these sizes and of PlainTransform; scaling and taking real rows apart are below the 18u for 2 more.
    The spectra of ifmap and filters bring 2t, the sum over channels 6*(C/G + 2)*u even in Gauss's form, by
    Cauchy and Schwarz all relative to L. The way back adds t times the psums' own norm, at most sqrt(R*S)*L.
    The usual error is far below, for its signs cancel; terms of order u**2 hide in what was rounded up.

    >>> whole = np.arange(64).reshape(1, 1, 8, 8)
    >>> error_bound(whole, np.ones((1, 1, 3, 3), int)) < 1e-10
    True
    """
    ifmap, filters, shape = checked(ifmap, filters, U, P, G, D)
    return bound(ifmap, filters, shape, tiling(shape, tile))


def bound(ifmap: np.ndarray, filters: np.ndarray, shape: LayerShape, cut: Tiling) -> float:
    """Do what error_bound does with arguments that are already checked."""
    unit = 2.0**-24 if ifmap.dtype == np.float32 else 2.0**-53
    rows, columns = cut.points
    transform = _LEVEL * unit * (math.log2(rows * columns) + 2)
    shared = cut.rows.shared * cut.columns.shared
    seen = shape.seen
    relative = 2 * transform + 6 * (seen + 2) * unit
    relative += (transform + shared * unit) * math.sqrt(cut.rows.filter * cut.columns.filter)
    return math.sqrt(shared) * relative * _largest_norms(ifmap, filters, shape)


def check_whole_numbers(ifmap: np.ndarray, filters: np.ndarray, shape: LayerShape, cut: Tiling) -> None:
    """Refuse whole numbers whose sums might round to a neighbour."""
    error = bound(ifmap, filters, shape, cut)
    if error >= 0.5:
        raise CourseError(
            "whole numbers survive an FFT only if its error stays below one half",
            f"words and sums so large that the error may reach {error:.3g}",
            "use conv_windows, which is exact, or smaller words",
        )


def _largest_norms(ifmap: np.ndarray, filters: np.ndarray, shape: LayerShape) -> float:
    seen, made = shape.seen, shape.made
    planes = _norms(ifmap).reshape(shape.N, shape.G, seen)
    filter_planes = _norms(filters).reshape(shape.G, made, seen)
    return float(np.einsum("ngc,gmc->ngm", planes, filter_planes).max())


def _norms(words: np.ndarray) -> np.ndarray:
    return np.sqrt(np.einsum("abij,abij->ab", words, words, dtype=np.float64, casting="unsafe"))
