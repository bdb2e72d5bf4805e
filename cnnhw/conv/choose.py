"""Which algorithm suits a layer: ranked by what it counts, stores, or takes on this machine."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from cnnhw.conv import fft, winograd
from cnnhw.conv.fft import conv_fft, fft_operations
from cnnhw.conv.loops import loops_operations
from cnnhw.conv.operations import Operations
from cnnhw.conv.strassen import conv_strassen, strassen_operations
from cnnhw.conv.toeplitz import conv_toeplitz, toeplitz_operations
from cnnhw.conv.windows import conv_windows
from cnnhw.conv.winograd import conv_winograd, winograd_operations
from cnnhw.errors import CourseError
from cnnhw.shape import LayerShape

_WINOGRAD_POINTS = 16  # more points leave float32 no digit: its error grows with every one of them


TIME = "time"
_VALUES: dict[str, Callable[[Operations], int]] = {
    "multiplications": lambda count: count.multiplications,
    "operations": lambda count: count.total,
    "memory": lambda count: count.filter_words + count.workspace_words,
}


@dataclass(frozen=True)
class Candidate:
    """An algorithm with its options.

    label       such as "winograd m=4"
    operations  LayerShape -> Operations
    convolve    (ifmap, filters, U, P, G) -> ofmap; with D=, for layers that are dilated
    keep        (filters, LayerShape) -> what convolve takes in the place of filters; as they are unless given
    """

    label: str
    operations: Callable[[LayerShape], Operations]
    convolve: Callable[..., np.ndarray]
    keep: Callable[[np.ndarray, LayerShape], object] = lambda filters, shape: filters


@dataclass(frozen=True)
class Choice:
    """One row of a ranking.

    label       the candidate
    operations  its Operations on the layer
    value       what the ranking is by: a count, words, or seconds
    ratio       value over the best value
    """

    label: str
    operations: Operations
    value: float
    ratio: float


def choose(
    shape: LayerShape,
    by: str = "multiplications",
    candidates: Iterable[Candidate] | None = None,
    *,
    rounds: int = 3,
    seed: int = 0,
) -> tuple[Choice, ...]:
    """Rank algorithms for a layer, the best first.

    shape       any LayerShape
    by          "multiplications", "operations" (multiplications and additions), "memory" (words of the
                stored filters and of the largest temporary), or "time" (seconds, measured here and now)
    candidates  those of every_candidate unless given
    rounds      for "time": every candidate runs once in each round, and its median counts
    seed        for "time": of the float32 words
    returns     Choices in order; candidates that are equal stay in the order given
    raises      CourseError if `by` is none of these, or there is no candidate or no round

    Filters are transformed before anything is counted or timed: at inference that is done once.

    >>> [row.label for row in choose(LayerShape(M=64, C=64, H=56, R=3, P=1))[:2]]
    ['winograd m=4', 'winograd m=6']
    """
    rivals = tuple(every_candidate(shape) if candidates is None else candidates)
    _check(by, rivals, rounds)
    counts = [rival.operations(shape) for rival in rivals]
    values = _seconds(shape, rivals, rounds, seed) if by == TIME else [_VALUES[by](count) for count in counts]
    best = min(values)
    rows = [
        Choice(rival.label, count, value, value / best)
        for rival, count, value in zip(rivals, counts, values, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: row.value))


def every_candidate(shape: LayerShape) -> tuple[Candidate, ...]:
    """List the algorithms that can serve a layer.

    shape    any LayerShape
    returns  the direct sum (timed as conv_windows), toeplitz, strassen; winograd with m = 2, 3, 4 and 6 where
             the filter has more than one word and m + r - 1 is at most 16; fft whole, and in tiles of 8, 16
             and 32 words where the ifmap is larger

    >>> [candidate.label for candidate in every_candidate(LayerShape(M=1, C=1, H=9, R=1))]
    ['direct', 'toeplitz', 'strassen', 'fft whole', 'fft tile=8']
    """
    tiles = [tile for tile in (8, 16, 32) if tile < max(shape.H, shape.W)]
    return (
        Candidate("direct", loops_operations, conv_windows),
        Candidate("toeplitz", toeplitz_operations, conv_toeplitz),
        Candidate("strassen", strassen_operations, conv_strassen),
        *(_winograd(m) for m in (2, 3, 4, 6) if _winograd_serves(shape, m)),
        *(_fft(tile) for tile in (None, *tiles)),
    )


def _winograd(m: int) -> Candidate:
    def keep(filters, shape):
        return winograd.keep(filters, shape.U, m=m)

    return Candidate(f"winograd m={m}", partial(winograd_operations, m=m), conv_winograd, keep)


def _winograd_serves(shape: LayerShape, m: int) -> bool:
    if not isinstance(shape.U, int) or shape.D != 1:
        return False
    r = -(-max(shape.R, shape.S) // shape.U)  # a stride cuts the filter into U * U smaller ones
    return 1 < r <= _WINOGRAD_POINTS + 1 - m


def _fft(tile: int | None) -> Candidate:
    def keep(filters, shape):
        return fft.keep(filters, shape.H, shape.W, shape.P, shape.G, shape.D, tile=tile)

    label = "fft whole" if tile is None else f"fft tile={tile}"
    return Candidate(label, partial(fft_operations, tile=tile), conv_fft, keep)


def _seconds(shape: LayerShape, rivals: tuple[Candidate, ...], rounds: int, seed: int) -> list[float]:
    """Median seconds of each. Rivals take turns, so that a busy moment of the machine hits them all."""
    random = np.random.default_rng(seed)
    ifmap = random.standard_normal((shape.N, shape.C, shape.H, shape.W), dtype=np.float32)
    filters = random.standard_normal((shape.M, shape.seen, shape.R, shape.S), dtype=np.float32)
    kept = [rival.keep(filters, shape) for rival in rivals]
    taken, dilated = [[] for _ in rivals], {} if shape.D == 1 else {"D": shape.D}
    for turn in range(rounds + 1):
        for rival, ready, times in zip(rivals, kept, taken, strict=True):
            start = time.perf_counter()
            rival.convolve(ifmap, ready, shape.U, shape.P, shape.G, **dilated)
            if turn:  # the first is to warm up
                times.append(time.perf_counter() - start)
    return [float(np.median(times)) for times in taken]


def _check(by: str, rivals: tuple[Candidate, ...], rounds: int) -> None:
    if by not in (*_VALUES, TIME):
        raise CourseError(
            "a layer's algorithms are ranked by one of " + ", ".join((*_VALUES, TIME)),
            f"by={by!r}",
            "use one of these words",
        )
    if not rivals or rounds < 1:
        raise CourseError(
            "a ranking needs a candidate, and a time at least one round",
            f"{len(rivals)} candidates and rounds={rounds}",
            "leave candidates out for all of them, and give rounds as 1 or more",
        )
