"""cnnhw: the library behind a course on energy-efficient deep learning hardware."""

import importlib

from cnnhw.errors import CourseError, ShapeError
from cnnhw.shape import LayerShape, Tensor

# Names that live in a room: looked up there when they are first used.
_FROM_ROOMS = {
    "Array": "machine",
    "CapacityError": "machine",
    "Costs": "machine",
    "Level": "machine",
    "Machine": "machine",
    "Loop": "nest",
    "MappingError": "nest",
    "Nest": "nest",
    "Counts": "counts",
    "count": "counts",
    "walk": "counts",
    "Run": "emulator",
    "Trace": "emulator",
    "run": "emulator",
}
_ROOMS = frozenset({
    "checks", "chips", "conv", "counts", "course", "dataflows", "emulator", "energy", "errors",
    "experiments", "formats", "layers", "machine", "mapper", "nest", "networks", "pictures", "roofline",
    "shape", "systolic", "tensors", "timing", "widgets",
})  # fmt: skip

__all__ = [
    "CourseError", "LayerShape", "ShapeError", "Tensor", *_FROM_ROOMS,
    "chips", "conv", "dataflows", "layers", "networks", "tensors",
]  # fmt: skip


def __getattr__(name: str):
    # Rooms load when first used, so that `import cnnhw` stays fast and never pulls in matplotlib.
    if name in _ROOMS:
        return importlib.import_module(f"cnnhw.{name}")
    if name in _FROM_ROOMS:
        return getattr(importlib.import_module(f"cnnhw.{_FROM_ROOMS[name]}"), name)
    raise AttributeError(f"module 'cnnhw' has no attribute {name!r}")


def __dir__():
    return sorted(set(globals()) | _ROOMS | set(_FROM_ROOMS))
