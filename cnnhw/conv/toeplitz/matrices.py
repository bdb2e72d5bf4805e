"""The two matrices of a convolution, whole: the ifmap expanded over windows, the filters over positions."""

import numpy as np

from cnnhw.conv.windows import windows_of
from cnnhw.errors import ShapeError
from cnnhw.shape import Axis, LayerShape

PADDING = -1  # what toeplitz_index holds where the matrix holds a zero of the padding

# 2**28 words of 8 bytes are 2 GiB, what a laptop can spare; chosen for teaching.
_MOST_WORDS = 2**28


def toeplitz_ifmap(ifmap: np.ndarray, shape: LayerShape) -> np.ndarray:
    """Expand the ifmap to a matrix with one column for each window.

    ifmap    (N, C, H, W)
    shape    the layer's LayerShape
    returns  (C*R*S, N*E*F); row (c, r, s) and column (n, e, f) hold ifmap[n, c, U*e + r - P, U*f + s - P],
             or 0 where that is padding. The rows of group g are the g-th of G equal parts.
    raises   ShapeError if the ifmap is not the shape's, or the matrix would fill the memory
    source   Sze et al., Proc. IEEE 2017, section V-A, figure 19

    >>> ifmap = np.arange(1, 10).reshape(1, 1, 3, 3)
    >>> toeplitz_ifmap(ifmap, LayerShape(M=1, C=1, H=3, R=2))    # slide 25: each column is a 2x2 window
    array([[1, 2, 4, 5],
           [2, 3, 5, 6],
           [4, 5, 7, 8],
           [5, 6, 8, 9]])
    """
    ifmap = np.asarray(ifmap)
    _check_axes("ifmap", ifmap, (shape.N, shape.C, shape.H, shape.W))
    rows, columns = _ifmap_matrix(shape)
    _check_room(rows, columns)
    windows = windows_of(ifmap, shape)  # n, c, e, f, r, s
    return windows.transpose(1, 4, 5, 0, 2, 3).reshape(rows, columns)


def toeplitz_index(shape: LayerShape) -> np.ndarray:
    """Say which ifmap word stands at each place of the expanded ifmap.

    shape    any LayerShape
    returns  (C*R*S, N*E*F) whole numbers: the word's position in ifmap.ravel(), or -1 for padding
    raises   ShapeError if the matrix would fill the memory

    >>> toeplitz_index(LayerShape(M=1, C=1, H=3, R=2))[0]       # filter word F1 meets words 0, 1, 3, 4
    array([0, 1, 3, 4])
    """
    _check_room(*_ifmap_matrix(shape))
    positions = np.arange(1, shape.ifmap_words + 1).reshape(shape.N, shape.C, shape.H, shape.W)
    return toeplitz_ifmap(positions, shape) + PADDING  # the padding's 0 becomes -1


def word_at(shape: LayerShape, row: int, column: int) -> tuple[int, int, int, int] | None:
    """Give the index (n, c, h, w) of the ifmap word at one place of the expanded ifmap.

    shape        any LayerShape
    row, column  of the (C*R*S, N*E*F) matrix
    returns      n, c, h = U*e + r - P, w = U*f + s - P; None where the place holds padding
    raises       ShapeError if there is no such row or column

    >>> word_at(LayerShape(M=1, C=1, H=3, R=2), row=3, column=0)     # r = s = 1, e = f = 0
    (0, 0, 1, 1)
    """
    rows, columns = _ifmap_matrix(shape)
    for name, index, size in (("row", row, rows), ("column", column, columns)):
        if not 0 <= index < size:
            raise ShapeError(
                f"the {name} must be one of the expanded ifmap's",
                f"{name}={index} of a {rows} x {columns} matrix",
                f"use 0 <= {name} <= {size - 1}",
            )
    c, r, s = np.unravel_index(row, (shape.C, shape.R, shape.S))
    n, e, f = np.unravel_index(column, (shape.N, shape.E, shape.F))
    h, w = shape.rows.at(e, r), shape.columns.at(f, s)
    inside = 0 <= h < shape.H and 0 <= w < shape.W
    return (int(n), int(c), int(h), int(w)) if inside else None


def toeplitz_filters(filters: np.ndarray, shape: LayerShape) -> np.ndarray:
    """Expand the filters to a matrix with one row for each filter at each position.

    filters  (M, C/G, R, S)
    shape    the layer's LayerShape
    returns  (M*E*F, C*H*W); row (m, e, f) holds filter m laid over the ifmap at (U*e - P, U*f - P) and
             zeros elsewhere, so that it times the flat ifmap gives ofmap word (m, e, f)
    raises   ShapeError if the filters are not the shape's, or the matrix would fill the memory
    source   the doubly block Toeplitz matrix of a two-dimensional convolution; with U = 1 each block
             is constant along its diagonals

    >>> filters = np.array([[[[1, 2], [3, 4]]]])
    >>> toeplitz_filters(filters, LayerShape(M=1, C=1, H=3, R=2))[:2]
    array([[1, 2, 0, 3, 4, 0, 0, 0, 0],
           [0, 1, 2, 0, 3, 4, 0, 0, 0]])
    """
    filters = np.asarray(filters)
    seen, made = shape.seen, shape.made
    _check_axes("filters", filters, (shape.M, seen, shape.R, shape.S))
    rows, columns = shape.M * shape.E * shape.F, shape.C * shape.H * shape.W
    _check_room(rows, columns)
    matrix = np.zeros((shape.M, shape.E, shape.F, shape.C, shape.H, shape.W), dtype=filters.dtype)
    for r, s in np.ndindex(shape.R, shape.S):
        e, h = _met(r, shape.rows)
        f, w = _met(s, shape.columns)
        for g in range(shape.G):
            block = matrix[g * made : (g + 1) * made, :, :, g * seen : (g + 1) * seen]
            words = filters[g * made : (g + 1) * made, :, r, s]
            block[:, e[:, None], f, :, h[:, None], w] = words
    return matrix.reshape(rows, columns)


def fold(product: np.ndarray, shape: LayerShape) -> np.ndarray:
    """Fold the product of filters and expanded ifmap back to an ofmap.

    product  (M, N*E*F): filter m times the window of column (n, e, f)
    shape    the layer's LayerShape
    returns  (N, M, E, F)
    raises   ShapeError if the product is not the shape's

    >>> fold(np.array([[1, 2, 3, 4]]), LayerShape(M=1, C=1, H=3, R=2))[0, 0]
    array([[1, 2],
           [3, 4]])
    """
    product = np.asarray(product)
    _check_axes("the product", product, (shape.M, shape.N * shape.E * shape.F))
    return product.reshape(shape.M, shape.N, shape.E, shape.F).transpose(1, 0, 2, 3)


def _met(r: int, axis: Axis) -> tuple[np.ndarray, np.ndarray]:
    """The positions e along one axis at which filter word r meets an ifmap word, and that word's h."""
    h = axis.at(np.arange(axis.ofmap), r)
    e = np.flatnonzero((h >= 0) & (h < axis.ifmap))
    return e, h[e]


def _ifmap_matrix(shape: LayerShape) -> tuple[int, int]:
    return shape.C * shape.R * shape.S, shape.N * shape.E * shape.F


def _check_axes(name: str, array: np.ndarray, wanted: tuple[int, ...]) -> None:
    if array.shape != wanted:
        raise ShapeError(
            f"{name} must have the axes that the layer's shape says",
            f"shape {array.shape}, where the layer has {wanted}",
            f"make the LayerShape from {name}, or reshape {name}",
        )


def _check_room(rows: int, columns: int) -> None:
    if rows * columns > _MOST_WORDS:
        raise ShapeError(
            f"an expanded matrix made whole may have {_MOST_WORDS:,} words",
            f"{rows:,} x {columns:,} = {rows * columns:,} words",
            "use a smaller layer, or conv_toeplitz, which expands the ifmap a strip at a time",
        )
