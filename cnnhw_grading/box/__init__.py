"""The box: a process that runs a student's code and can reach nothing, and the watch over it from outside."""

from cnnhw_grading.box.box import Box, BoxEnded
from cnnhw_grading.box.kinds import Kind, choose
from cnnhw_grading.box.library import Library, prepare

__all__ = ["Box", "BoxEnded", "Kind", "Library", "choose", "prepare"]
