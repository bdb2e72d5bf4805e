"""A layer of groups in a file that knows none: a layer of its own for each group."""

import re
from collections.abc import Iterable, Iterator

from cnnhw.errors import CourseError
from cnnhw.shape import LayerShape

_GROUP = re.compile(r"(?P<name>.*)_group_(?P<number>[0-9]+)_of_(?P<groups>[0-9]+)")


def is_group(name: str) -> bool:
    """Say whether a name is one of a group: CONV2_group_1_of_2."""
    return bool(_GROUP.fullmatch(name))


def is_depthwise(shape: LayerShape) -> bool:
    """Say whether each group of a layer has one channel, for which tools have a kind of layer of its own."""
    return shape.G > 1 and shape.seen == 1


def names(label: str, groups: int) -> list[str]:
    """Give the names of a layer's groups, or its own if it is one group.

    >>> names("CONV2", 2)
    ['CONV2_group_1_of_2', 'CONV2_group_2_of_2']
    """
    return [label] if groups == 1 else [f"{label}_group_{g}_of_{groups}" for g in range(1, groups + 1)]


def joined(rows: Iterable[tuple[str, str, LayerShape]], end: str) -> dict[str, LayerShape]:
    """Give the layers of a file, the groups of one layer as one, and a number after a name that comes again.

    rows    where each is, its name, its layer
    end     where the file ends
    raises  CourseError if groups are missing, or differ
    """
    found: dict[str, LayerShape] = {}
    wanted, first = None, None
    for where, label, shape in rows:
        group = _GROUP.fullmatch(label)
        now = group and (group["name"], int(group["number"]), int(group["groups"]))
        if wanted and (now != wanted or shape != first):
            raise _missing(where, wanted)
        if not now:
            found[_free(label, found)] = shape
            continue
        name, number, groups = now
        if not wanted and (number != 1 or groups < 1):
            raise _missing(where, (name, 1, groups))
        first, wanted = shape, (name, number + 1, groups) if number < groups else None
        if not wanted:
            sizes = {size: getattr(shape, size) for size in ("N", "H", "W", "R", "S", "U", "P")}
            found[_free(name, found)] = LayerShape(M=shape.M * groups, C=shape.C * groups, G=groups, **sizes)
    if wanted:
        raise _missing(end, wanted)
    return found


def _free(label: str, taken: dict) -> str:
    numbered: Iterator[str] = (f"{label} ({number})" for number in range(2, len(taken) + 2))
    return label if label not in taken else next(name for name in numbered if name not in taken)


def _missing(where: str, wanted: tuple[str, int, int]) -> CourseError:
    name, number, groups = wanted
    return CourseError(
        "the groups of a layer follow each other, from the first to the last, and are alike",
        f"{where}: no such {name}_group_{number}_of_{groups}",
        "add the layer, or call it something else",
    )
