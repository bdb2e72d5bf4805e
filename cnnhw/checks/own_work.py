"""Whether an answer does the work itself: it calls nothing that answers the exercise, and it counts."""

import contextlib
import functools
import importlib.util
import inspect
import linecache
import sys
from collections.abc import Callable, Iterator

import numpy as np

from cnnhw.checks.counted import Tally, uncounted
from cnnhw.checks.guard import is_students
from cnnhw.checks.plain import Refused


@contextlib.contextmanager
def only_own(names: tuple[str, ...]) -> Iterator[None]:
    """Refuse calls of library code while an answer runs, however it was imported.

    names   modules ("cnnhw.conv") and functions ("numpy.convolve") by their dotted names
    raises  Refused, in the calling code, with its own line
    """
    if not names:
        yield
        return
    modules, codes, builtins = forbidden(names)
    refused = []

    def watch(frame, event, called):
        if event == "call":
            module = frame.f_globals.get("__name__", "")
            known = frame.f_code in codes or any(module == m or module.startswith(m + ".") for m in modules)
            name, caller = frame.f_code.co_name, frame.f_back
        elif event == "c_call":
            known, name, caller = called in builtins, getattr(called, "__name__", ""), frame
            module = getattr(called, "__module__", "")
        else:
            return
        if known:
            refused.append(Refused(_words(name, module, caller)))
            raise refused[0]

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(before)
        if refused:  # also where the answer caught it
            raise refused[0]


@functools.cache
def forbidden(names: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset, frozenset]:
    """Look up what may not be called: names of modules, code of functions, built-in functions.

    Called once before an answer's time begins: it may have to import what the functions are in.
    """
    modules, codes, builtins = [], set(), set()
    for name in names:
        if _is_module(name):
            modules.append(name)
            continue
        place, _, attribute = name.rpartition(".")
        if not place:  # a package that is not installed
            continue
        try:
            function = getattr(importlib.import_module(place), attribute)
        except ImportError:  # not installed, so nobody can call it
            continue
        function = getattr(function, "_implementation", inspect.unwrap(function))
        codes.add(function.__code__) if inspect.isfunction(function) else builtins.add(function)
    return tuple(modules), frozenset(codes), frozenset(builtins)


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None  # imports what is around it, not the module itself
    except ImportError:
        return False


def _words(name: str, module: str, frame) -> str:
    while frame is not None and not is_students(frame.f_code.co_filename):
        frame = frame.f_back
    where = ""
    if frame is not None:
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        where = f"\n  at line {frame.f_lineno}: {line}"
    does = f"imports {module}" if name == "<module>" else f"calls {name} of {module}"
    return f"write this yourself: your code {does}, which is the exercise{where}"


def count(answer: Callable, given: tuple) -> tuple[object, Tally]:
    """Call an answer with arrays of numbers that count; give its result, as plain numbers, and the tally."""
    tally = Tally(guarded=True)
    words = [tally.words(each) if isinstance(each, np.ndarray) else each for each in given]
    return uncounted(answer(*words)), tally
