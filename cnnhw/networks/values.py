"""What is known of one value in a reader's program: is it made of weights alone, and how do its words lie?

An FC layer reads a flattened map. To give it its C, H and W back, each axis of a value is followed as a list
of pieces of the map, through every permutation, splitting and merging.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

Piece = tuple[str, int]  # "N", "C", "H", "W", or "" where nobody knows; and its size
Axes = tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Value:
    """One value in the program.

    shape    its sizes, the batch first
    weights  names of the weights it is made of; None when it depends on the ifmap
    axes     for each axis the pieces of the map that it runs over, slowest first; None when not known
    key      for weights: two values with the same key hold the same words
    factors  of an element-wise product: the axes along which both factors vary, so that a sum along one of
             them would make MACs of it
    weighted one of those factors is made of weights
    """

    shape: tuple[int, ...]
    weights: frozenset[str] | None = None
    axes: Axes | None = None
    key: object = None
    factors: frozenset[int] = frozenset()
    weighted: bool = False

    @property
    def constant(self) -> bool:
        """Whether it is made of weights alone."""
        return self.weights is not None

    def turned(self) -> "Value":
        """The same matrix, or stack of matrices, with its last two axes swapped."""
        axes = self.axes and (*self.axes[:-2], self.axes[-1], self.axes[-2])
        return Value((*self.shape[:-2], self.shape[-1], self.shape[-2]), self.weights, axes, self.key)


def ifmap_value(shape: Sequence[int]) -> Value:
    """Give the value of a network's input: N, C, H, W, or a batch of vectors or of anything else."""
    roles = {4: "NCHW", 2: "NC"}.get(len(shape), "N" + "?" * (len(shape) - 1))
    return Value(tuple(shape), None, _axes(roles.replace("?", " "), shape))


def made_map(shape: Sequence[int]) -> Value:
    """Give the value that a convolution makes."""
    return Value(tuple(shape), None, _axes("NCHW", shape))


def made_rows(ifmap: Value, shape: Sequence[int]) -> Value:
    """Give the value that a product with a matrix makes: the rows of the ifmap, and new channels."""
    axes = None
    if ifmap.axes is not None and len(shape) == len(ifmap.shape):
        axes = (*ifmap.axes[:-1], *_axes("C", shape[-1:]))
    return Value(tuple(shape), None, axes)


def passed_on(inputs: Iterable[Value], shape: Sequence[int], key: object = None) -> Value:
    """Give the value that an operator without MACs makes, element by element or along its axes.

    inputs   the values that it reads, at least one
    shape    the sizes of what it makes
    key      what tells it from other weights
    returns  Value: an axis stays what it was, with its new size, where the number of axes stays
    """
    inputs, shape = tuple(inputs), tuple(shape)
    data = [value for value in inputs if not value.constant]
    if not data:
        return Value(shape, frozenset().union(*(value.weights for value in inputs)), None, key)
    alike = [value for value in data if value.axes is not None and len(value.shape) == len(shape)]
    if alike:
        first = next((value for value in alike if value.shape == shape), alike[0])
        return Value(shape, None, tuple(map(_resized, first.axes, shape)))
    return made_map(shape) if len(shape) == 4 else Value(shape)


def reshaped(value: Value, shape: Sequence[int], key: object = None) -> Value:
    """Give the same words in the same order, in other axes."""
    shape = tuple(shape)
    axes = None if value.axes is None else _divided([p for axis in value.axes for p in axis], shape)
    if axes is None and not value.constant and len(shape) == 4:
        axes = _axes("NCHW", shape)
    return Value(shape, value.weights, axes, key, _any_axis(value, shape), value.weighted)


def permuted(value: Value, shape: Sequence[int], order: Sequence[int], key: object = None) -> Value:
    """Give the same words with the axes in another order."""
    axes = value.axes and tuple(value.axes[axis] for axis in order)
    return Value(tuple(shape), value.weights, axes, key, _any_axis(value, shape), value.weighted)


def flattened_map(pieces: Sequence[Piece]) -> tuple[int, int, int] | None:
    """Give C, H, W of the map that an axis runs over, in whatever order; None when a piece is not known.

    >>> flattened_map((("H", 7), ("W", 5), ("C", 3)))
    (3, 7, 5)
    """
    if not {role for role, _ in pieces} <= {*"CHW"}:
        return None
    C, H, W = (prod(size for role, size in pieces if role == wanted) for wanted in "CHW")
    return C, H, W


def varying_together(left: Value, right: Value, shape: Sequence[int]) -> frozenset[int]:
    """Give the axes along which both factors of an element-wise product vary."""
    sizes = [(1,) * (len(shape) - len(value.shape)) + value.shape for value in (left, right)]
    return frozenset(axis for axis, pair in enumerate(zip(*sizes, strict=True)) if min(pair) > 1)


def is_outer(left: Value, right: Value, shape: Sequence[int]) -> bool:
    """Tell whether an element-wise product pairs words of both factors with several of the other."""
    return prod(shape) > max(prod(left.shape), prod(right.shape))


def _axes(roles: str, shape: Sequence[int]) -> Axes:
    return tuple(((role.strip(), size),) if size > 1 else () for role, size in zip(roles, shape, strict=True))


def _resized(pieces: tuple[Piece, ...], size: int) -> tuple[Piece, ...]:
    if prod(words for _, words in pieces) == size:
        return pieces
    roles = {role for role, _ in pieces}
    return ((roles.pop() if len(roles) == 1 else "", size),) if size > 1 else ()


def _divided(pieces: list[Piece], shape: tuple[int, ...]) -> Axes | None:
    """Deal the pieces out to the axes of a shape, in order; a piece may be cut, None when it does not go."""
    left, axes = [piece for piece in pieces if piece[1] > 1], []
    for size in shape:
        axis: list[Piece] = []
        while size > 1:
            if not left:
                return None
            role, words = left.pop(0)
            if words > size and words % size == 0:
                left.insert(0, (role, words // size))
                words = size
            if size % words:
                return None
            axis.append((role, words))
            size //= words
        axes.append(tuple(axis))
    return tuple(axes)


def _any_axis(value: Value, shape: Sequence[int]) -> frozenset[int]:
    """Where a product's factors vary, after its axes have moved: anywhere."""
    return frozenset(axis for axis, size in enumerate(shape) if size > 1) if value.factors else frozenset()
