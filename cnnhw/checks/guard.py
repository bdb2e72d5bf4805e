"""Run a student's code so that nothing it does reaches the notebook: errors, endless loops, prints, state.

The code runs in a second thread while the first one waits. A deadline in the kernel's own thread would need
signals, which differ between systems, wake no sleeping call, and can arrive just after the code has ended.
"""

import contextlib
import contextvars
import ctypes
import io
import random
import sys
import sysconfig
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnnhw.checks.plain import Refused

PRINTED_CHARACTERS = 2_000  # kept of what the code prints; chosen for teaching
GRACE_SECONDS = 2.0  # how long a stopped thread may take to end; chosen for teaching


class Deadline(SystemExit):
    """Raised inside code that runs too long. A SystemExit, because Python ends a thread on it silently."""


@dataclass(frozen=True)
class Outcome:
    """What came of one run: a value, or the words for an error; `missing` when there is only a stub."""

    value: object = None
    error: str = ""
    missing: bool = False
    printed: str = ""


class _Shortened(io.StringIO):
    """Keeps the first characters written; an endless loop that prints must not fill the memory."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, PRINTED_CHARACTERS - self.tell())])
        return len(text)


def run(job: Callable[[], object], seconds: float) -> Outcome:
    """Call `job` and say what came of it; never raises.

    job      code that may do anything
    seconds  the time it has
    returns  Outcome

    >>> run(lambda: 1 // 0, seconds=1).error
    'ZeroDivisionError: integer division or modulo by zero'
    """
    box, ended = [], []
    # A copy of the context: the thread sees the notebook's settings, and its changes stay in the thread.
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(_work, job, box, ended), daemon=True)
    with _kept_state() as printed:
        try:
            thread.start()
            thread.join(seconds)
            result = box[0] if box else _late(thread, ended, seconds)
        finally:
            _stop(thread, ended)
    return Outcome(result.value, result.error, result.missing, printed.getvalue())


def _work(job, box, ended) -> None:
    try:
        outcome = Outcome(value=_called(job, ended))
    except NotImplementedError:
        outcome = Outcome(missing=True)
    except Refused as words:
        outcome = Outcome(error=str(words))
    # Everything is caught here, exit() and KeyboardInterrupt too: the thread has no one else to tell.
    except BaseException as error:
        outcome = Outcome(error=describe_error(error))
    box.append(outcome)


def _called(job, ended):
    try:
        return job()
    finally:
        ended.append(True)  # the student's code is left: from here on a Deadline would only hit our own


def describe_error(error: BaseException) -> str:
    """Say what was raised, and in which line of the student's code."""
    try:
        message = str(error)
    except Exception as second:  # a student's own exception class may fail to print
        message = f"(its message raised {type(second).__name__})"
    name = type(error).__name__
    shown = f"{name}: {message}" if message else name
    shown = " ".join(shown.split())
    if len(shown) > 200:
        shown = shown[:200] + " ..."
    # The last of their own lines, also where library code that it calls is what raised.
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_students(f.filename)]
    return f"{shown}\n  at line {frames[-1].lineno}: {frames[-1].line}" if frames else shown


def is_students(filename: str) -> bool:
    """Whether code of this file is the student's: a cell, or a file that is no part of Python or of cnnhw."""
    # IPython keeps each cell in a file of the temporary folder, or names it <ipython-input-...>.
    if "ipykernel_" in filename or "ipython-input" in filename:
        return True
    return (
        not filename.startswith("<")
        and not Path(filename).resolve().is_relative_to(_OURS)
        and not any(Path(filename).is_relative_to(folder) for folder in _LIBRARIES)
    )


_OURS = Path(__file__).resolve().parents[1]
_LIBRARIES = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}


def _late(thread: threading.Thread, ended: list, seconds: float) -> Outcome:
    words = f"no result after {seconds:g} s: is there an endless loop?"
    return Outcome(
        error=words if _stop(thread, ended) else f"{words}\nit still runs: restart the kernel to end it"
    )


def _stop(thread: threading.Thread, ended: list) -> bool:
    """Raise Deadline until the thread's job ends, again and again, since code may catch it; say if it did."""
    limit = time.monotonic() + GRACE_SECONDS
    while thread.is_alive() and time.monotonic() < limit:
        # Nothing at all takes back a Deadline that is on its way to a job that has ended meanwhile.
        raised = ctypes.py_object() if ended else ctypes.py_object(Deadline)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), raised)
        thread.join(0.001)
    return not thread.is_alive()


@contextlib.contextmanager
def _kept_state():
    """Catch what is printed and warned, and put back the settings that code could change for everyone."""
    drawn, drawn_by_numpy = random.getstate(), np.random.get_state()
    shown, depth = np.get_printoptions(), sys.getrecursionlimit()
    printed = _Shortened()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield printed
        finally:
            random.setstate(drawn)
            np.random.set_state(drawn_by_numpy)
            np.set_printoptions(**shown)
            sys.setrecursionlimit(depth)
