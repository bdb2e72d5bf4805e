"""The layer as ISCA 2016 writes it: M and C of one group, H and W with their padding."""

from dataclasses import dataclass

import numpy as np

from cnnhw.shape import Axis, LayerShape


@dataclass(frozen=True)
class Sizes:
    """The sizes that the published closed forms are written in, and the words that follow from them.

    N, M, C, H, W, R, S, E, F, G  as in LayerShape, but M and C of one group, H and W padded
    layer                         the LayerShape that they are of

    The paper's layers are square: H = W, R = S, E = F. Here each letter keeps its own direction, rows or
    columns; the docstring of each dataflow says which of them the paper's letter stands for.
    """

    N: int
    M: int
    C: int
    H: int
    W: int
    R: int
    S: int
    E: int
    F: int
    G: int
    layer: LayerShape

    @classmethod
    def of(cls, shape: LayerShape) -> "Sizes":
        """Give the sizes of a layer, its padding made part of H and W.

        >>> Sizes.of(LayerShape(M=256, C=96, H=27, R=5, P=2, G=2)).H     # 27 + 2*2
        31
        """
        H, W = shape.rows.padded, shape.columns.padded
        M, C = shape.made, shape.seen
        return cls(shape.N, M, C, H, W, shape.R, shape.S, shape.E, shape.F, shape.G, shape)

    @property
    def rows(self) -> Axis:
        """The axis of rows; the paper's layers have one stride U along both, and no dilation."""
        return self.layer.rows

    @property
    def columns(self) -> Axis:
        """The axis of columns."""
        return self.layer.columns

    @property
    def filter_words(self) -> int:
        """The paper's W: G * M * C * R * S."""
        return self.G * self.M * self.C * self.R * self.S

    @property
    def ofmap_words(self) -> int:
        """The paper's O: G * N * M * E * F."""
        return self.G * self.N * self.M * self.E * self.F

    @property
    def ifmap_planes(self) -> int:
        """Ifmap channels in the whole batch: G * N * C."""
        return self.G * self.N * self.C

    @property
    def macs(self) -> int:
        """Multiply-accumulates: O * C * R * S."""
        return self.ofmap_words * self.C * self.R * self.S

    def strip_rows(self, e):
        """Ifmap rows under e ofmap rows, the paper's h: U * e + R - U; dilated, from first to last."""
        return self.rows.U * e + self.rows.window - self.rows.U

    def strip_columns(self, f):
        """Ifmap columns under f ofmap columns, the paper's w: U * f + S - U, likewise."""
        return self.columns.U * f + self.columns.window - self.columns.U

    def rows_moved(self, e):
        """Ifmap rows moved when E ofmap rows are done e at a time: E/e * h, a whole number or not.

        In the paper's letters it is H * a/b, with a = E/H and b = e/h. A last, shorter strip counts as the
        part of a strip that it is; really its halo, R - U rows, is not shorter.

        >>> float(Sizes.of(LayerShape(M=1, C=1, H=7, R=3)).rows_moved(2))      # 5/2 strips of 4 rows
        10.0
        """
        return self.E / np.asarray(e) * self.strip_rows(e)

    def columns_moved(self, f):
        """Ifmap columns moved when F ofmap columns are done f at a time: F/f * w."""
        return self.F / np.asarray(f) * self.strip_columns(f)


def chunks(size, step):
    """Give how many chunks of step cover size: ceil(size / step), for whole numbers or arrays of them.

    >>> chunks(55, 7)                 # seven chunks of 7 and one of 6
    8
    """
    return -(-size // step)
