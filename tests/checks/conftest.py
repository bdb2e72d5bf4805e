"""The example exercises, put where check() and grade() look for exercises."""

import pytest
from example_notebook import EXAMPLE

import cnnhw.checks
from cnnhw.checks import registry


@pytest.fixture
def examples(monkeypatch):
    """Make the example exercises known for one test."""
    monkeypatch.setattr(cnnhw.checks, "__path__", [*cnnhw.checks.__path__, str(EXAMPLE)])
    registry.exercises.cache_clear()
    cnnhw.checks._failures.clear()
    yield
    registry.exercises.cache_clear()
