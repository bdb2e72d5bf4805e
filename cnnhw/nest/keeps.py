"""Which tensors the levels of a nest keep."""

from collections.abc import Iterable, Mapping

from cnnhw.machine.hierarchy import Hierarchy
from cnnhw.nest.loop import MappingError
from cnnhw.nest.touched import INDICES

ALL = frozenset({"ifmap", "filter", "psum"})
KEEPS = {"GLB": frozenset({"ifmap", "psum"})}  # by default; every other level keeps all


def checked_keeps(keeps) -> dict[str, frozenset[str]]:
    """Give what a reader says that levels keep, as sets of names.

    raises  MappingError if it is no mapping from levels to tensors
    """
    if not isinstance(keeps, Mapping):
        raise MappingError(
            "keeps says which tensors each level keeps",
            f"keeps={keeps!r}",
            'use {"GLB": {"ifmap", "psum"}, "RF": {"psum"}}',
        )
    kept = {}
    for level, tensors in keeps.items():
        listed = isinstance(tensors, Iterable) and not isinstance(tensors, str)
        names = list(tensors) if listed else [tensors]
        if not isinstance(level, str) or any(name not in list(INDICES) for name in names):
            raise MappingError(
                "a level keeps any of ifmap, filter and psum",
                f"{level!r}: {sorted(map(str, names))}",
                'use {"GLB": {"ifmap", "psum"}, "RF": {"psum"}}; an ofmap word is a psum that is finished',
            )
        kept[level] = frozenset(str(name) for name in names)
    return kept


def kept_at(hierarchy: Hierarchy | None, said: Mapping | None) -> dict[str, frozenset[str]]:
    """Give what each level but the outermost keeps; that keeps everything, whatever is said.

    hierarchy  None where it is not known yet
    said       what a reader says, None for the default
    raises     MappingError if it names no level of the hierarchy
    """
    if hierarchy is None:
        return dict(said or {})
    for level in said or {}:
        if level not in hierarchy.levels:
            raise MappingError(
                "only a machine's levels keep words",
                f"{level!r} on a machine of {hierarchy}",
                f"use {', '.join(hierarchy.levels)}",
            )
    by_default = {level: KEEPS.get(level, ALL) for level in hierarchy.levels}
    kept = by_default if said is None else said
    return {level: kept.get(level, frozenset()) for level in hierarchy.levels[1:]}
