"""cnnhw: the library behind a course on energy-efficient deep learning hardware."""

import importlib

from cnnhw.errors import CourseError, ShapeError
from cnnhw.shape import LayerShape, Tensor

__all__ = ["CourseError", "LayerShape", "ShapeError", "Tensor", "conv", "layers", "networks", "tensors"]

_ROOMS = frozenset({"checks", "conv", "layers", "networks", "pictures", "tensors", "widgets"})


def __getattr__(name: str):
    # Rooms load when first used, so that `import cnnhw` stays fast and never pulls in matplotlib.
    if name in _ROOMS:
        return importlib.import_module(f"cnnhw.{name}")
    raise AttributeError(f"module 'cnnhw' has no attribute {name!r}")


def __dir__():
    return sorted(set(globals()) | _ROOMS)
