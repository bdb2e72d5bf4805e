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


@dataclass(frozen=True, kw_only=True)
class LayerShape:
    """The sizes of a convolutional or fully connected layer.

    N        images in the batch
    M        filters, which is also the ofmap's channels
    C        ifmap channels; each filter sees C / G of them
    H, W     ifmap height and width in words, without padding; W defaults to H
    R, S     filter height and width in words; S defaults to R
    U        stride, in both directions
    P        zero padding on each of the four sides, in words
    G        groups
    returns  a shape whose ofmap is E = floor((H + 2P - R) / U) + 1 high, F likewise wide
    raises   ShapeError if a size is not a whole number in range, G does not divide C and M, or the
             filter is larger than the padded ifmap
    source   Sze et al., Proc. IEEE 2017, section II-B and table I

    A fully connected layer is the case H = R, W = S, P = 0, G = 1, so that E = F = 1.

    >>> conv1 = LayerShape(M=96, C=3, H=227, R=11, U=4)
    >>> conv1.E, conv1.filter_words, conv1.macs      # 96*3*11*11 = 34848; 34848 * 55*55 = 105415200
    (55, 34848, 105415200)
    >>> LayerShape.fc(M=10, C=84).macs               # 10 * 84
    840
    """

    N: int = 1
    M: int
    C: int
    H: int
    W: int | None = None
    R: int
    S: int | None = None
    U: int = 1
    P: int = 0
    G: int = 1

    def __post_init__(self):
        if self.W is None:
            object.__setattr__(self, "W", self.H)
        if self.S is None:
            object.__setattr__(self, "S", self.R)
        for field in fields(self):
            value = _whole_number(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)
        self._check_groups()
        self._check_fit("R", self.R, "H", self.H)
        self._check_fit("S", self.S, "W", self.W)

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
    def E(self) -> int:
        """Ofmap height in words: floor((H + 2P - R) / U) + 1."""
        return (self.H + 2 * self.P - self.R) // self.U + 1

    @property
    def F(self) -> int:
        """Ofmap width in words: floor((W + 2P - S) / U) + 1."""
        return (self.W + 2 * self.P - self.S) // self.U + 1

    @property
    def is_fc(self) -> bool:
        """Whether each filter covers its whole ifmap, all channels of it: H = R, W = S, P = 0, G = 1."""
        return self.H == self.R and self.W == self.S and self.P == 0 and self.G == 1

    @property
    def filter_words(self) -> int:
        """Words in all filters, no bias: M * C/G * R * S."""
        return self.M * (self.C // self.G) * self.R * self.S

    @property
    def ifmap_words(self) -> int:
        """Words in the batch of ifmaps as the layer receives it, no padding: N * C * H * W."""
        return self.N * self.C * self.H * self.W

    @property
    def ifmap_words_read(self) -> int:
        """Words of the ifmap that some window reaches; a stride can skip the rest."""
        rows = _reached(self.H, self.R, self.E, self.U, self.P)
        columns = _reached(self.W, self.S, self.F, self.U, self.P)
        return self.N * self.C * rows * columns

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
        return (self.C // self.G) * self.R * self.S

    def _check_groups(self):
        for name, size in (("C", self.C), ("M", self.M)):
            if size % self.G:
                raise ShapeError(
                    f"the groups must divide {name} evenly",
                    f"{name}={size}, G={self.G} (remainder {size % self.G})",
                    f"use a G that divides both C={self.C} and M={self.M}, or pad the channels",
                )

    def _check_fit(self, filter_name, filter_size, ifmap_name, ifmap_size):
        room = ifmap_size + 2 * self.P
        least = -(-(filter_size - ifmap_size) // 2)  # rounded up
        if filter_size > room:
            raise ShapeError(
                "the filter must fit into the padded ifmap",
                f"{filter_name}={filter_size} but {ifmap_name} + 2P = {ifmap_size} + 2*{self.P} = {room}",
                f"use {filter_name} <= {room}, a larger {ifmap_name}, or P >= {least}",
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


def _reached(ifmap: int, filter_: int, ofmap: int, U: int, P: int) -> int:
    """How many of the positions 0 .. ifmap-1 equal U*e + r - P for some e < ofmap, r < filter_."""
    starts = range(-P, U * ofmap - P, U)
    if U <= filter_:  # the windows touch or overlap: one run of positions
        return min(ifmap, starts[-1] + filter_)
    return sum(max(0, min(ifmap, start + filter_) - max(0, start)) for start in starts)
