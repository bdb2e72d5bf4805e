"""Winograd's convolution: fewer multiplications, each between transformed words."""

import numpy as np

from cnnhw.conv.arguments import checked
from cnnhw.conv.winograd.exact import whole_part, word_by_word_part
from cnnhw.conv.winograd.fast import float_part
from cnnhw.conv.winograd.kept import KeptFilters, checked_with_kept, transformed_filters
from cnnhw.conv.winograd.plan import Plan, plan_of
from cnnhw.shape import LayerShape


def conv_winograd(ifmap: np.ndarray, filters, U=1, P=0, G: int = 1, D=1, *, m=2, points=None) -> np.ndarray:
    """Convolve tile by tile with F(m x m, R x S): ofmap tile = AT [sum over c of (G g GT) * (BT d B)] A.

    ifmap    (N, C, H, W)
    filters  (M, C/G, R, S), or what `keep` made of them: its m and points then hold
    U, P, G  stride, zero padding on each side, groups
    D        dilation; here only 1 is served
    m        ofmap words of a tile in both directions, or (down, across)
    points   Cook-Toom points, as in transforms; None for default_points
    returns  ofmap (N, M, E, F): equal to conv_loops on whole numbers and Fractions, on floats within
             winograd_error_bound
    raises   ShapeError as conv_loops does, if m or the points cannot serve, or kept filters do not fit
    source   Lavin and Gray, CVPR 2016, sections 4.1 and 4.2

    A stride is decomposed: words whose rows and columns have the same remainder by U make U*U
    convolutions of stride 1, with filters U times smaller, whose ofmaps are added. An axis on which such a
    filter has one word is multiplied as it is.

    >>> conv_winograd([[[[1, 2, 3], [4, 5, 6]]]], [[[[10, 1]]]])[0, 0]     # as conv_loops: 1*10 + 2*1 = 12
    array([[12, 23],
           [45, 56]])
    """
    if isinstance(filters, KeptFilters):
        ifmap, shape = checked_with_kept(ifmap, filters, U, P, G, D)
        return _convolved(ifmap, filters.parts, shape, filters.plan)
    ifmap, filters, shape = checked(ifmap, filters, U, P, G, D)
    layout = plan_of(shape, m, points)
    spectra = (transformed_filters(filters, part, shape.U) for part in layout.parts)
    return _convolved(ifmap, spectra, shape, layout)


def _convolved(ifmap: np.ndarray, spectra, shape: LayerShape, layout: Plan) -> np.ndarray:
    """Convolve every part of the plan with its transformed filters, and add up."""
    convolve = {"i": whole_part, "O": word_by_word_part}.get(ifmap.dtype.kind, float_part)
    psums = (convolve(ifmap, words, shape, part) for words, part in zip(spectra, layout.parts, strict=True))
    ofmap = next(psums)
    for more in psums:
        ofmap = ofmap + more
    return ofmap
