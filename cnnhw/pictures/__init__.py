"""The drawings of the course, one kind per file; each function returns a Picture."""

from cnnhw.pictures.picture import Picture, draw

__all__ = ["Picture", "draw"]
