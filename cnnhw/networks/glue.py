"""Glue: what happens between two layers of a chain; only pooling changes a size."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cnnhw.errors import CourseError, ShapeError
from cnnhw.shape import LayerShape

PLAIN_STEPS = frozenset({"relu", "lrn"})  # lrn: local response normalisation, named but without a size
_POOL = re.compile(r"(?P<kind>max|avg)_pool (?P<window>[1-9]\d*)/(?P<stride>[1-9]\d*)(?P<ceil> ceil)?")


@dataclass(frozen=True)
class Pool:
    """One pooling step.

    kind     "max" or "avg"
    window   height and width of the pooled window, in words
    stride   words from one window to the next, in both directions
    ceil     whether a last window that hangs over the edge counts (True) or is dropped (False)
    """

    kind: str
    window: int
    stride: int
    ceil: bool = False

    def size(self, H: int) -> int:
        """Give the pooled height (or width) for `H` rows: floor((H - window) / stride) + 1.

        H        rows before pooling
        returns  rows after pooling; with ceil the fraction is rounded up, but a window that would start
                 outside the map never counts
        raises   ShapeError if the window is larger than the map

        >>> Pool("max", 3, 2).size(112), Pool("max", 3, 2, ceil=True).size(112)   # 109 / 2 = 54.5
        (55, 56)
        """
        if self.window > H:
            raise ShapeError(
                "the pooling window must fit into the map",
                f"a window of {self.window} on a map of {H}",
                f"use a window of {H} or less, or a larger map",
            )
        rows, rest = divmod(H - self.window, self.stride)
        hangs_over = self.ceil and rest > 0 and (rows + 1) * self.stride < H
        return rows + 1 + hangs_over


def parse_step(step: str) -> Pool | None:
    """Read one step of glue.

    step     "relu", "lrn", "max_pool 3/2" (window/stride), "avg_pool 2/2", either with " ceil" after it
    returns  Pool, or None for a step that leaves every size as it is
    raises   CourseError if the step is none of these

    >>> parse_step("max_pool 3/2 ceil")
    Pool(kind='max', window=3, stride=2, ceil=True)
    >>> parse_step("relu") is None
    True
    """
    if step in PLAIN_STEPS:
        return None
    found = _POOL.fullmatch(step)
    if found is None:
        raise CourseError(
            "what follows a layer must be relu, lrn, max_pool or avg_pool",
            repr(step),
            'write pooling as "max_pool window/stride", such as "max_pool 3/2" or "max_pool 3/2 ceil"',
        )
    return Pool(found["kind"], int(found["window"]), int(found["stride"]), found["ceil"] is not None)


def ofmap_after(shape: LayerShape, steps: tuple[str, ...]) -> tuple[int, int, int]:
    """Give the channels, height and width that leave a layer after its glue.

    shape    the layer
    steps    its glue, in order
    returns  (M, E', F'), E and F shrunk by each pooling step
    raises   CourseError for a step that is none of ours, ShapeError for a window that does not fit

    >>> ofmap_after(LayerShape(M=96, C=3, H=227, R=11, U=4), ("relu", "max_pool 3/2"))   # 55 -> 27
    (96, 27, 27)
    """
    E, F = shape.E, shape.F
    for pool in filter(None, map(parse_step, steps)):
        E, F = pool.size(E), pool.size(F)
    return shape.M, E, F


def check_chain(layers: Mapping[str, LayerShape], glue: Mapping[str, tuple[str, ...]]) -> None:
    """Follow the sizes through a chain of layers and demand that each layer receives what it says.

    layers   layer name -> LayerShape, in order of execution
    glue     layer name -> the steps after it
    raises   ShapeError if a layer's C, H, W differ from what the one before it leaves; a fully connected
             layer may also take it flattened, C * H * W words
    """
    names = list(layers)
    for before, name in zip(names, names[1:], strict=False):
        left = ofmap_after(layers[before], glue[before])
        wanted = layers[name].C, layers[name].H, layers[name].W
        flat = (left[0] * left[1] * left[2], 1, 1)
        if wanted != left and wanted != flat:
            steps = ", ".join(glue[before]) or "nothing"
            raise ShapeError(
                "a layer of a chain must receive what the one before it leaves",
                f"{name} with C, H, W = {wanted}, but {before} followed by {steps} leaves {left}",
                f"change C, H, W of {name}, or what follows {before}",
            )
