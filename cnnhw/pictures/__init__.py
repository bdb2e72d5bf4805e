"""The drawings of the course, one kind per file; each function returns a Picture."""

import importlib

__all__ = ["Picture", "draw"]


def __getattr__(name: str):
    # matplotlib loads with the first drawing: a table of words does not need it.
    if name in __all__:
        return getattr(importlib.import_module("cnnhw.pictures.picture"), name)
    raise AttributeError(f"module 'cnnhw.pictures' has no attribute {name!r}")
