"""The example exercises, put where check() finds students' exercises, and grade() the instructor's."""

import importlib.util

import pytest
from example_notebook import EXAMPLE

import cnnhw.checks
from cnnhw.checks import registry
from cnnhw_grading import lessons


@pytest.fixture
def examples(monkeypatch):
    """Make the example exercises known for one test."""
    for room in (registry, lessons):
        table = dict(room.exercises())
        monkeypatch.setattr(room, "exercises", lambda table=table: table)
    found = importlib.util.spec_from_file_location("n99", EXAMPLE / "n99.py")
    example = importlib.util.module_from_spec(found)
    found.loader.exec_module(example)
    example.register()
    cnnhw.checks._failures.clear()
