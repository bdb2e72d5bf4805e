"""The roofline: what layers can reach under the roofs of processors, both axes in powers of ten."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.picture import Picture, draw
from cnnhw.roofline import FP32, Placed, Processor, attainable, place
from cnnhw.shape import LayerShape

_WIDTH, _ROOF, _LANE = 8.6, 2.5, 0.58  # inches: the picture, the height of the roofs, and of one lane
_DASHES = ("-", "--", ":")
_SERIES = 2  # four lanes: more would be a table
_LETTER = 0.0105  # width of a letter of 9 pt, as a part of the axes
_BEHIND = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 0.5}  # a name covers the line it crosses
_ALIKE = 1.12  # layers whose intensities differ by less than this share a name


@dataclass(frozen=True)
class _Lane:
    """The CONV or the FC layers of one series."""

    title: str
    marker: str
    rows: tuple[Placed, ...]


def roofline(
    layers: Mapping[str, Mapping[str, LayerShape]],
    processors: Sequence[Processor],
    caption: str = "",
    precision: str = FP32,
) -> Picture:
    """Draw the roofs of processors, layers touching the first one's, and a lane of names for each kind.

    layers      name of a series -> its layers, such as {"batch 1": network.layers, "batch 256":
                network.with_batch(256).layers}; one or two series
    processors  one to three; the layers stand under the first
    caption     one visible line under the picture
    precision   as in Processor.peak
    returns     Picture; a circle is a CONV layer, a square an FC layer. Its words say for each series and
                processor which layers are memory-bound, with their operations per byte
    raises      CourseError for more series or processors, none, or a peak that is not known

    >>> from cnnhw.roofline import P100
    >>> roofline({"batch 1": {"FC7": LayerShape.fc(M=4096, C=4096)}}, [P100])
    Roofline of fp32 operations per second against operations per byte. Pascal P100 gives at most 7.2e+11 \
times the intensity and at most 1.06e+13, they meet at 14.7. batch 1 on Pascal P100: 1 of 1 layers \
memory-bound (FC7 0.5).
    """
    _check(layers, processors)
    lanes = [
        lane for name, members in layers.items() for lane in _lanes(name, members, processors[0], precision)
    ]
    reached = [row.intensity for lane in lanes for row in lane.rows]
    reached += [processor.ridge(precision) for processor in processors]
    limits = min(reached) / 2, max(reached) * 4
    height = _ROOF + _LANE * len(lanes) + 0.6

    def artist(figure):
        above, below = figure.subplots(2, sharex=True, height_ratios=(_ROOF, _LANE * len(lanes)))
        above.set(xscale="log", yscale="log", xlim=limits, ylabel="operations per second")
        for dash, processor in zip(_DASHES, processors, strict=False):
            _roof(above, processor, precision, limits, dash)
        for lane in lanes:
            _points(above, lane, [row.attainable for row in lane.rows])
        above.legend(loc="lower right", fontsize=9, frameon=False)
        _draw_lanes(below, lanes, limits, processors[0].ridge(precision))
        below.set_xlabel(f"intensity ({precision} operations per byte)")

    return draw(artist, _words(layers, processors, precision), caption, width=_WIDTH, height=height)


def _lanes(name: str, layers: Mapping[str, LayerShape], processor: Processor, precision: str) -> list[_Lane]:
    rows = place(layers, processor, precision)
    kinds = (("CONV", "o", False), ("FC", "s", True))
    lanes = (
        _Lane(f"{title}, {name}", marker, tuple(row for row in rows if row.is_fc == is_fc))
        for title, marker, is_fc in kinds
    )
    return [lane for lane in lanes if lane.rows]


def _roof(axes, processor: Processor, precision: str, limits: tuple[float, float], dash: str) -> None:
    x = [limits[0], processor.ridge(precision), limits[1]]
    y = [attainable(processor, value, precision) for value in x]
    title = f"{processor.name}, ridge at {processor.ridge(precision):.1f}"
    axes.plot(x, y, dash, color=palette.TEXT, linewidth=1.6, label=title)


def _points(axes, lane: _Lane, y: Sequence[float]) -> None:
    x = [row.intensity for row in lane.rows]
    look = {"markeredgecolor": palette.TEXT, "markerfacecolor": palette.HIGHLIGHT, "markersize": 7}
    axes.plot(x, y, lane.marker, linestyle="none", zorder=3, clip_on=False, **look)


def _draw_lanes(axes, lanes: Sequence[_Lane], limits: tuple[float, float], ridge: float) -> None:
    for number, lane in enumerate(lanes):
        axes.axhline(number, color=palette.GRID, linewidth=0.6)
        _points(axes, lane, [number] * len(lane.rows))
        for x, text, side in _names(lane.rows, limits):
            place = {
                "va": "center",
                "ha": "left",
                "fontsize": 9,
                "textcoords": "offset points",
                "bbox": _BEHIND,
            }
            axes.annotate(text, (x, number), (-4, 11 * side), **place)
    axes.axvline(ridge, color=palette.TEXT, linewidth=1.2, linestyle="-.")
    for text, side, shift in (("memory-bound", "right", -5), ("compute-bound", "left", 5)):
        place = {"ha": side, "va": "center", "textcoords": "offset points", "style": "italic"}
        axes.annotate(text, (ridge, -0.75), (shift, 0), **place)
    axes.set_yticks(range(len(lanes)), [lane.title for lane in lanes])
    axes.set_ylim(len(lanes) - 0.4, -1)
    axes.tick_params(axis="y", length=0)


def _names(rows: Sequence[Placed], limits: tuple[float, float]) -> list[tuple[float, str, int]]:
    """Give names that find room: (intensity, name, 1 above the points or -1 below), from the left."""
    names, ends = [], {1: 0.0, -1: 0.0}
    for group in _alike(rows):
        x = math.log(group[0].intensity / limits[0]) / math.log(limits[1] / limits[0])
        text = _short_list([row.name for row in rows if row in group])
        side = next((side for side, end in ends.items() if end <= x), None)
        if side is not None:
            ends[side] = x + _LETTER * (len(text) + 0.4)
            names.append((group[0].intensity, text, side))
    return names


def _alike(rows: Sequence[Placed]) -> list[list[Placed]]:
    """Group layers of nearly one intensity, in order of intensity."""
    groups: list[list[Placed]] = []
    for row in sorted(rows, key=lambda row: row.intensity):
        if groups and row.intensity < groups[-1][0].intensity * _ALIKE:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _short_list(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} and {len(names) - 1} more"


def _words(layers, processors: Sequence[Processor], precision: str) -> str:
    roofs = "; ".join(
        f"{processor.name} gives at most {processor.bandwidth:.3g} times the intensity and at most "
        f"{processor.peak(precision):.3g}, they meet at {processor.ridge(precision):.1f}"
        for processor in processors
    )
    parts = [
        _bound_words(name, place(members, processor, precision), processor)
        for processor in processors
        for name, members in layers.items()
    ]
    return f"Roofline of {precision} operations per second against operations per byte. {roofs}. " + " ".join(
        parts
    )


def _bound_words(name: str, rows: Sequence[Placed], processor: Processor) -> str:
    held = [f"{row.name} {row.intensity:.3g}" for row in rows if row.bound == "memory"]
    free = [row.intensity for row in rows if row.bound == "compute"]
    text = f"{name} on {processor.name}: {len(held)} of {len(rows)} layers memory-bound"
    text += f" ({', '.join(held)})" if held else ""
    return text + (f", the others from {min(free):.3g} to {max(free):.3g}." if free else ".")


def _check(layers, processors: Sequence[Processor]) -> None:
    counts = len(layers), len(processors)
    if not (1 <= counts[0] <= _SERIES and 1 <= counts[1] <= len(_DASHES) and all(layers.values())):
        raise CourseError(
            f"a roofline shows 1 or {_SERIES} series of layers under 1 to {len(_DASHES)} processors",
            f"series {list(layers)}, each with {[len(rows) for rows in layers.values()]} layers, "
            f"and {counts[1]} processors",
            "draw the others in a picture of their own",
        )
