"""Filters transformed once and kept: the weights of a trained network do not change."""

from dataclasses import dataclass, replace
from math import lcm

import numpy as np

from cnnhw.conv.arguments import checked
from cnnhw.conv.winograd.lines import transformed
from cnnhw.conv.winograd.plan import Part, Plan, check_served, plan_of
from cnnhw.errors import ShapeError
from cnnhw.shape import LayerShape


@dataclass(frozen=True, eq=False)
class KeptFilters:
    """Transformed filters, for conv_winograd in place of the filters.

    filters  (M, C/G, R, S) as they were given
    plan     what they were transformed for: stride, m and points
    parts    for each part of the plan (T_rows * T_columns, M, C/G); whole numbers times filter_scale(part)
    """

    filters: np.ndarray
    plan: Plan
    parts: tuple[np.ndarray, ...]

    @property
    def words(self) -> int:
        """Words that are stored in place of the M * C/G * R * S words of the filters."""
        return sum(part.size for part in self.parts)


def keep(filters: np.ndarray, U: int = 1, *, m=2, points=None) -> KeptFilters:
    """Transform filters once, for any number of ifmaps.

    filters  (M, C/G, R, S)
    U        the stride they will be used with
    m        ofmap words of a tile in both directions, or (down, across)
    points   as in transforms
    returns  KeptFilters with (m + r - 1)^2 words for each r * r words of a filter
    raises   ShapeError if the filters are not words, or m or the points cannot serve
    source   Lavin and Gray, CVPR 2016, section 4.1

    >>> keep(np.ones((5, 3, 3, 3)), m=4).words           # 5*3 filters of 6*6 words, not 3*3
    540
    """
    filters = np.asarray(filters)
    # The door wants an ifmap too: the smallest that fits, of words that change no filter's dtype.
    fitting = filters.shape[1:] if filters.ndim == 4 and filters.size else (1, 1, 1)
    smallest = np.zeros((1, *fitting), np.int8)
    _, filters, shape = checked(smallest, filters, U, 0, 1)
    layout = plan_of(shape, m, points)
    return KeptFilters(filters, layout, tuple(transformed_filters(filters, part, U) for part in layout.parts))


def transformed_filters(filters: np.ndarray, part: Part, U: int) -> np.ndarray:
    """Transform one part of the filters: G g GT for every filter and channel.

    filters  (M, C/G, R, S)
    part, U  the part and the stride of its plan
    returns  (T_rows * T_columns, M, C/G). Floats are transformed in double precision and rounded once;
             whole numbers come out times filter_scale(part)
    """
    words = part.filters(filters, U)
    M, seen = words.shape[:2]
    if filters.dtype == object:
        spectra = transformed(part.columns.G, transformed(part.rows.G, words, 2), 3)
        return spectra.reshape(M, seen, -1).transpose(2, 0, 1)
    G = [[a * b for a in row for b in column] for row in part.rows.G for column in part.columns.G]
    flat = words.reshape(M * seen, -1).T
    if filters.dtype == np.int64:
        return _whole_product(np.array(G) * filter_scale(part), flat).reshape(-1, M, seen)
    wide = np.result_type(filters.dtype, np.float64)
    return (np.array(G).astype(wide) @ flat.astype(wide)).astype(filters.dtype).reshape(-1, M, seen)


def _whole_product(G: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Multiply whole numbers exactly: as float64 while every sum stays below 2**53, else as Python ints."""
    largest = np.abs(G).sum(axis=1).max() * max(abs(int(flat.max())), abs(int(flat.min())))
    if largest < 2**53:
        return (G.astype(np.float64) @ flat.astype(np.float64)).astype(np.int64)
    return np.vectorize(int, otypes=[object])(G) @ flat.astype(object)


def filter_scale(part: Part) -> int:
    """Give the whole number that turns every entry of both G into a whole number.

    part     a part of a plan
    returns  the least common multiple of the denominators of G, rows' times columns'

    >>> from cnnhw import LayerShape
    >>> filter_scale(plan_of(LayerShape(M=1, C=1, H=4, R=3), 2, None).parts[0])         # halves both ways
    4
    """
    rows, columns = (lcm(*(word.denominator for row in way.G for word in row))
                     for way in (part.rows, part.columns))  # fmt: skip
    return rows * columns


def checked_with_kept(ifmap, kept: KeptFilters, U, P, G: int, D) -> tuple[np.ndarray, LayerShape]:
    """Check an ifmap against kept filters, as `checked` does against filters.

    ifmap    (N, C, H, W)
    kept     what `keep` made
    U, P, G, D  stride, padding, groups, dilation
    returns  the ifmap in the dtype of the convolution, and the layer's shape
    raises   ShapeError as `checked`, or if the filters were kept for another stride or kind of word
    """
    filters = kept.filters
    if filters.dtype.kind in "fc" and isinstance(G, int) and 0 < G <= len(filters):
        filters = filters[:G]  # floats were found finite when they were kept: one filter a group will do
    ifmap, _, shape = checked(ifmap, filters, U, P, G, D)
    shape = replace(shape, M=len(kept.filters))
    check_served(shape)
    if kept.plan.U != shape.U:
        raise ShapeError(
            "kept filters serve the stride they were kept for",
            f"U={shape.U} with filters kept for U={kept.plan.U}",
            f"keep them again, as in keep(filters, U={shape.U})",
        )
    if ifmap.dtype != kept.filters.dtype:
        raise ShapeError(
            "kept filters serve ifmaps of their own kind of word",
            f"a convolution in {ifmap.dtype} with filters kept as {kept.filters.dtype}",
            f"keep them again from filters.astype({str(ifmap.dtype)!r}), or convert the ifmap",
        )
    return ifmap, shape
