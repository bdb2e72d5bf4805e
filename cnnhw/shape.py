"""The shape of one layer: nine sizes, and everything that follows from them alone."""

from dataclasses import dataclass, fields
from enum import StrEnum

from cnnhw.errors import ShapeError, whole_number


class Tensor(StrEnum):
    """The four tensors of a layer; a psum is an ofmap word that is not finished."""

    IFMAP = "ifmap"
    FILTER = "filter"
    PSUM = "psum"
    OFMAP = "ofmap"


@dataclass(frozen=True)
class Axis:
    """One of the two axes along which filters slide: rows of the ifmap, or columns.

    ifmap, filter  words of the ifmap along it, H or W, and of the filter, R or S
    U, D           stride and dilation along it
    before, after  words of padding before the first ifmap word, and after the last

    Filter word r of ofmap word e meets the ifmap's word U*e + D*r - before.

    >>> rows = LayerShape(M=1, C=1, H=9, R=3, U=2, D=2, P=(1, 0)).rows
    >>> rows.window, rows.ofmap, rows.at(1, 2)       # 2*2 + 1; (9 + 2 - 5) // 2 + 1; 2*1 + 2*2 - 1
    (5, 4, 5)
    """

    ifmap: int
    filter: int
    U: int = 1
    D: int = 1
    before: int = 0
    after: int = 0

    @property
    def padded(self) -> int:
        """Words of the ifmap with its padding."""
        return self.before + self.ifmap + self.after

    @property
    def window(self) -> int:
        """Words from the first to the last that a filter meets at once: D * (filter - 1) + 1."""
        return self.D * (self.filter - 1) + 1

    @property
    def ofmap(self) -> int:
        """Words of the ofmap: floor((padded - window) / U) + 1."""
        return (self.padded - self.window) // self.U + 1

    @property
    def reached(self) -> int:
        """Ifmap words that some filter word meets; strides and dilation can skip the rest."""
        runs: dict[int, list[int]] = {}  # word = U * step + rest: a filter word makes a run of E steps
        for r in range(self.filter):
            step, rest = divmod(self.at(0, r), self.U)
            runs.setdefault(rest, []).append(step)
        met = 0
        for rest, steps in runs.items():
            new, end = 0, (self.ifmap - 1 - rest) // self.U + 1
            for step in steps:
                met += max(0, min(step + self.ofmap, end) - max(step, new))
                new = max(new, step + self.ofmap)
        return met

    def at(self, e, r):
        """Give the ifmap word that filter word r of ofmap word e meets, outside 0 .. ifmap - 1 if padding.

        e, r  numbers, or arrays of them
        """
        return self.U * e + self.D * r - self.before


@dataclass(frozen=True, kw_only=True, repr=False)
class LayerShape:
    """The sizes of a convolutional or fully connected layer.

    N        images in the batch
    M        filters, which is also the ofmap's channels
    C        ifmap channels; each filter sees C / G of them
    H, W     ifmap height and width in words, without padding; W defaults to H
    R, S     filter height and width in words; S defaults to R
    U        stride: one number, or (down, across)
    P        zero padding in words: one number for all four sides, (above and below, left and right), or
             ((above, below), (left, right))
    G        groups
    D        dilation: filter words meet every D-th ifmap word; one number, or (down, across)
    returns  a shape whose ofmap is E = floor((H + 2P - D*(R - 1) - 1) / U) + 1 high, F likewise wide
    raises   ShapeError if a size is not a whole number in range, G does not divide C and M, or the
             filter is larger than the padded ifmap
    source   Sze et al., Proc. IEEE 2017, section II-B and table I; dilation: Yu and Koltun, ICLR 2016

    Numbers that are the same along both axes are kept as one. `rows` and `columns` are the two axes.

    A fully connected layer is the case H = R, W = S, P = 0, G = 1, so that E = F = 1.

    >>> conv1 = LayerShape(M=96, C=3, H=227, R=11, U=4)
    >>> conv1.E, conv1.filter_words, conv1.macs      # 96*3*11*11 = 34848; 34848 * 55*55 = 105415200
    (55, 34848, 105415200)
    >>> LayerShape.fc(M=10, C=84).macs               # 10 * 84
    840
    >>> LayerShape(M=1, C=1, H=5, R=3, U=(2, 1), P=((0, 1), (2, 2)), D=(1, 2)).E     # (5 + 1 - 3) // 2 + 1
    2
    """

    N: int = 1
    M: int
    C: int
    H: int
    W: int | None = None
    R: int
    S: int | None = None
    U: int | tuple[int, int] = 1
    P: int | tuple = 0
    G: int = 1
    D: int | tuple[int, int] = 1

    def __post_init__(self):
        if self.W is None:
            object.__setattr__(self, "W", self.H)
        if self.S is None:
            object.__setattr__(self, "S", self.R)
        for field in fields(self):
            read = {"U": _pair, "D": _pair, "P": _padding}.get(field.name, _whole_number)
            object.__setattr__(self, field.name, read(field.name, getattr(self, field.name)))
        self._check_groups()
        self._check_fit("R", "H", self.rows)
        self._check_fit("S", "W", self.columns)

    def __repr__(self) -> str:
        said = [f"{field.name}={getattr(self, field.name)}" for field in fields(self)]
        return f"LayerShape({', '.join(said[:-1] if self.D == 1 else said)})"

    @classmethod
    def fc(cls, *, M: int, C: int, H: int = 1, W: int | None = None, N: int = 1) -> "LayerShape":
        """Give the shape of a fully connected layer: a filter as large as the ifmap.

        M, C, H, W, N  as in LayerShape; H and W are 1 where the ifmap is a plain vector of C words
        returns        LayerShape with R = H, S = W
        raises         ShapeError as LayerShape does

        >>> LayerShape.fc(M=4096, C=256, H=6).filter_words    # 4096 * 256*6*6
        37748736
        """
        return cls(N=N, M=M, C=C, H=H, W=W, R=H, S=W)

    @property
    def rows(self) -> Axis:
        """The axis of rows: H, R, E, and what U, D and P are there."""
        return _axis(self.H, self.R, self.U, self.D, self.P, 0)

    @property
    def columns(self) -> Axis:
        """The axis of columns: W, S, F, and what U, D and P are there."""
        return _axis(self.W, self.S, self.U, self.D, self.P, 1)

    def axis(self, dim: str) -> Axis:
        """Give the axis of a dim: rows for E and R, columns for F and S."""
        return self.rows if dim in ("E", "R") else self.columns

    @property
    def is_even(self) -> bool:
        """Whether one stride and one padding on all sides say it all, and nothing is dilated."""
        return isinstance(self.U, int) and isinstance(self.P, int) and self.D == 1

    @property
    def E(self) -> int:
        """Ofmap height in words: floor((H + 2P - R) / U) + 1."""
        return self.rows.ofmap

    @property
    def F(self) -> int:
        """Ofmap width in words: floor((W + 2P - S) / U) + 1."""
        return self.columns.ofmap

    @property
    def is_fc(self) -> bool:
        """Whether each filter covers its whole ifmap, all channels of it: H = R, W = S, P = 0, G = 1."""
        return self.H == self.R and self.W == self.S and self.P == 0 and self.G == 1 and self.D == 1

    @property
    def seen(self) -> int:
        """Ifmap channels that each filter sees: C/G."""
        return self.C // self.G

    @property
    def made(self) -> int:
        """Filters of a group, which are the ofmap channels it makes: M/G."""
        return self.M // self.G

    @property
    def filter_words(self) -> int:
        """Words in all filters, no bias: M * C/G * R * S."""
        return self.M * self.seen * self.R * self.S

    @property
    def ifmap_words(self) -> int:
        """Words in the batch of ifmaps as the layer receives it, no padding: N * C * H * W."""
        return self.N * self.C * self.H * self.W

    @property
    def ifmap_words_read(self) -> int:
        """Words of the ifmap that some window reaches; a stride can skip the rest."""
        return self.N * self.C * self.rows.reached * self.columns.reached

    @property
    def ofmap_words(self) -> int:
        """Words in the batch of ofmaps: N * M * E * F."""
        return self.N * self.M * self.E * self.F

    @property
    def macs(self) -> int:
        """Multiply-accumulates, those with padding included: N * M * E * F * C/G * R * S."""
        return self.ofmap_words * self.ofmap_reuse

    @property
    def filter_reuse(self) -> int:
        """MACs that use each filter word: N * E * F."""
        return self.N * self.E * self.F

    @property
    def ifmap_reuse(self) -> float:
        """MACs for each ifmap word, on average: macs / ifmap_words. An inner word has M/G * R*S / U^2."""
        return self.macs / self.ifmap_words

    @property
    def ofmap_reuse(self) -> int:
        """Products accumulated in each ofmap word: C/G * R * S."""
        return self.seen * self.R * self.S

    def _check_groups(self):
        for name, size in (("C", self.C), ("M", self.M)):
            if size % self.G:
                raise ShapeError(
                    f"the groups must divide {name} evenly",
                    f"{name}={size}, G={self.G} (remainder {size % self.G})",
                    f"use a G that divides both C={self.C} and M={self.M}, or pad the channels",
                )

    def _check_fit(self, filter_name: str, ifmap_name: str, axis: Axis):
        if axis.window <= axis.padded:
            return
        window = "" if axis.D == 1 else f", {axis.window} words apart with D={axis.D},"
        around = f"2P = {axis.ifmap} + 2*{axis.before}"
        if axis.before != axis.after:
            around = f"padding = {axis.ifmap} + {axis.before} + {axis.after}"
        least = -(-(axis.window - axis.ifmap) // 2)  # rounded up
        raise ShapeError(
            "the filter must fit into the padded ifmap",
            f"{filter_name}={axis.filter}{window} but {ifmap_name} + {around} = {axis.padded}",
            f"use {filter_name} <= {(axis.padded - 1) // axis.D + 1}, a larger {ifmap_name}, or P >= {least}",
        )


def _whole_number(name: str, value) -> int:
    least = 0 if name == "P" else 1
    number = whole_number(value, least)
    if number is None:
        raise ShapeError(
            f"{name} must be a whole number, {least} or more",
            f"{name}={value!r}",
            f"give {name} as an int" + (", 0 for no padding" if name == "P" else ""),
        )
    return number


def _pair(name: str, value) -> int | tuple[int, int]:
    """Give a number for both axes as one, and two that differ as (down, across)."""
    if not isinstance(value, (tuple, list)):
        return _whole_number(name, value)
    if len(value) != 2:
        raise ShapeError(
            f"{name} is one number, or one for each axis",
            f"{name}={value!r}",
            f"give {name} as an int, or as (down, across)",
        )
    down, across = (_whole_number(name, one) for one in value)
    return down if down == across else (down, across)


def _padding(name: str, value) -> int | tuple:
    """Give padding as short as it can be said: one number, two, or two pairs."""
    if isinstance(value, (tuple, list)) and any(isinstance(one, (tuple, list)) for one in value):
        sides = [one if isinstance(one, (tuple, list)) else (one, one) for one in value]
        if len(sides) != 2 or any(len(one) != 2 for one in sides):
            raise ShapeError(
                "P is one number, one for each axis, or two for each axis",
                f"P={value!r}",
                "give P as an int, as (rows, columns), or as ((above, below), (left, right))",
            )
        found = tuple(tuple(_whole_number(name, one) for one in pair) for pair in sides)
        if any(one != other for one, other in found):
            return found
        value = tuple(one for one, _ in found)
    return _pair(name, value)


def sides(P) -> tuple[tuple[int, int], tuple[int, int]]:
    """Give padding as ((above, below), (left, right)), however it was said.

    raises  ShapeError if it is no padding

    >>> sides(1), sides((0, 2)), sides(((0, 1), 2))
    (((1, 1), (1, 1)), ((0, 0), (2, 2)), ((0, 1), (2, 2)))
    """
    P = _padding("P", P)
    each = P if isinstance(P, tuple) else (P, P)
    return tuple(one if isinstance(one, tuple) else (one, one) for one in each)


def _axis(*about) -> Axis:
    """Give an axis, made once; in a dict, since PyTorch's compiler warns of functools.cache."""
    if about not in _AXES:
        ifmap, filter_, U, D, P, which = about
        stride, dilation = (one[which] if isinstance(one, tuple) else one for one in (U, D))
        _AXES[about] = Axis(ifmap, filter_, stride, dilation, *sides(P)[which])
    return _AXES[about]


_AXES: dict[tuple, Axis] = {}
