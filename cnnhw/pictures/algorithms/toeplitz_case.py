"""What a Toeplitz picture shows: one image and its filters, checked, and the tensor that is expanded."""

from dataclasses import dataclass

import numpy as np

from cnnhw.conv import conv_windows
from cnnhw.conv.toeplitz import toeplitz_filters, toeplitz_ifmap
from cnnhw.conv.toeplitz.options import check_expand
from cnnhw.errors import CourseError
from cnnhw.pictures.convolution.coverage import check_position
from cnnhw.pictures.convolution.grid import LARGEST, Cell, Grid
from cnnhw.shape import LayerShape, Tensor


@dataclass(frozen=True, eq=False)
class Case:
    """One image, its filters, and what the picture follows through the product.

    ifmap, filters  (C, H, W) and (M, C, R, S)
    shape           LayerShape with N = G = 1
    e, f            the window
    lit             index of the word to light up, or None
    expand          the tensor that is expanded, "ifmap" or "filters"
    """

    ifmap: np.ndarray
    filters: np.ndarray
    shape: LayerShape
    e: int
    f: int
    lit: tuple[int, ...] | None
    expand: str

    @property
    def window(self) -> int:
        """The window's number, row by row: e * F + f."""
        return self.e * self.shape.F + self.f

    @property
    def expanded(self) -> np.ndarray:
        """The words of the tensor that is expanded."""
        return self.ifmap if self.expand == "ifmap" else self.filters

    @property
    def marked(self) -> np.ndarray:
        """True at the lit word of that tensor."""
        marked = np.zeros(self.expanded.shape, bool)
        if self.lit is not None:
            marked[self.lit] = True
        return marked

    def matrix(self, words: np.ndarray) -> np.ndarray:
        """Expand words, or marks, that lie as the expanded tensor does."""
        if self.expand == "ifmap":
            return toeplitz_ifmap(words[None], self.shape)
        return toeplitz_filters(words, self.shape)

    def grid(self, tensor: Tensor, subtitle: str) -> Grid:
        """The Toeplitz matrix, its zeros that are no word dashed."""
        cells = np.where(self.matrix(np.ones(self.expanded.shape, bool)), Cell.WORD, Cell.PADDING)
        return Grid(self.matrix(self.expanded), tensor, "Toeplitz matrix", subtitle, cells)

    @property
    def ofmap(self) -> np.ndarray:
        """(M, E*F) words."""
        shape = self.shape
        return conv_windows(self.ifmap[None], self.filters, shape.U, shape.P)[0].reshape(shape.M, -1)


def checked_case(ifmap, filters, U, P, e, f, lit, expand) -> Case:
    """Check the arguments of toeplitz_product, which says what they are.

    raises   ShapeError or CourseError as toeplitz_product does
    """
    ifmap, filters = _numbers("ifmap", ifmap, 3), _numbers("filters", filters, 4)
    (C, H, W), (M, seen, R, S) = ifmap.shape, filters.shape
    check_expand(expand)
    if seen != C:
        raise CourseError(
            "a filter has as many channels as the ifmap it looks at",
            f"ifmap C={C} but filters with {seen} channels",
            f"give the filters {C} channels, or draw one group, as in ifmap[:{seen}]",
        )
    shape = LayerShape(M=M, C=C, H=H, W=W, R=R, S=S, U=U, P=P)
    check_position(shape, e, f)
    _check_size(shape, expand)
    lit = _lit_word(lit, ifmap if expand == "ifmap" else filters, expand)
    return Case(ifmap, filters, shape, e, f, lit, expand)


def _numbers(name: str, values, axes: int) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != axes or array.size == 0 or array.dtype.kind not in "biuf":
        wanted = {3: "(C, H, W)", 4: "(M, C, R, S)"}[axes]
        raise CourseError(
            f"{name} must be numbers with the axes {wanted}",
            f"shape {array.shape}, dtype {array.dtype}",
            f"pick one image, as in {name}[0]" if axes == 3 else f"keep all four axes, as in {name}[:1]",
        )
    return array.astype(np.int64) if array.dtype.kind in "biu" else array


def _lit_word(lit, words: np.ndarray, name: str) -> tuple[int, ...] | None:
    if lit is None:
        return None
    index = np.asarray(lit)
    whole = index.shape == (words.ndim,) and index.dtype.kind in "iu"
    if not whole or np.any(index < 0) or np.any(index >= words.shape):
        raise CourseError(
            f"the lit word must be a word of the {name}",
            f"lit={lit} but {name} has shape {words.shape}",
            f"use {words.ndim} indices, each from 0 to one less than its axis",
        )
    return tuple(index.tolist())


def _check_size(shape: LayerShape, expand: str) -> None:
    rows, columns = shape.ofmap_reuse, shape.E * shape.F
    if expand == "filters":
        rows, columns = shape.M * shape.E * shape.F, shape.ifmap_words
    if max(rows, columns) > LARGEST:
        raise CourseError(
            f"a Toeplitz matrix is drawn entry by entry, at most {LARGEST} on a side",
            f"{rows} rows by {columns} columns",
            "draw a crop and fewer channels, as in ifmap[:1, :8, :8] and filters[:1, :1]",
        )
