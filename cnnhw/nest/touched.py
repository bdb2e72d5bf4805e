"""Which words of a tensor the MACs of a block touch, and how many they are at most."""

from collections.abc import Mapping

import numpy as np

from cnnhw.nest.cuts import chunks
from cnnhw.shape import LayerShape, Tensor

# The dims that choose a word of each tensor; of the ifmap, E with R choose its row, F with S its column.
INDICES = {
    Tensor.IFMAP: ("N", "G", "C", ("E", "R"), ("F", "S")),
    Tensor.FILTER: ("G", "M", "C", "R", "S"),
    Tensor.PSUM: ("N", "G", "M", "E", "F"),
}


def sizes(shape: LayerShape) -> dict[str, int]:
    """Give the size of each dim; M and C within a group.

    >>> sizes(LayerShape(M=6, C=4, H=5, R=3, G=2))
    {'N': 1, 'G': 2, 'M': 3, 'C': 2, 'E': 3, 'F': 3, 'R': 3, 'S': 3}
    """
    return {
        "N": shape.N, "G": shape.G, "M": shape.made, "C": shape.seen,
        "E": shape.E, "F": shape.F, "R": shape.R, "S": shape.S,
    }  # fmt: skip


def window(shape: LayerShape, dims: tuple[str, str], stores_padding: bool) -> tuple[int, int]:
    """Give the positions of the ifmap that are words: from the first up to, not including, the last.

    dims            ("E", "R") for rows, ("F", "S") for columns
    stores_padding  whether the zeros around the image are words too
    """
    axis = shape.axis(dims[0])
    return (-axis.before, axis.ifmap + axis.after) if stores_padding else (0, axis.ifmap)


def most_positions(
    shape: LayerShape, cuts: Mapping[str, list[int]], dims: tuple[str, str], stores_padding: bool
) -> int:
    """Give the most rows, or columns, of the ifmap that any block touches.

    cuts     dim -> the steps that cut it, outermost first
    dims     ("E", "R") or ("F", "S")
    returns  the largest number of distinct positions U*e + D*r - P inside the ifmap
    """
    low, high = window(shape, dims, stores_padding)
    size, axis = sizes(shape), shape.axis(dims[0])
    (starts_e, sizes_e), (starts_r, sizes_r) = (chunks(size[dim], cuts[dim]) for dim in dims)
    most = 0
    for length_e in np.unique(sizes_e):
        for length_r in np.unique(sizes_r):
            starts = axis.at(starts_e[sizes_e == length_e][:, None], starts_r[sizes_r == length_r])
            touched = np.unique(axis.U * np.arange(length_e)[:, None] + axis.D * np.arange(length_r))
            # Blocks of one size differ only by where they start, and so by how much lies in the image.
            inside = np.searchsorted(touched, high - starts) - np.searchsorted(touched, low - starts)
            most = max(most, int(inside.max()))
    return most
