"""The pytest runs behind `course.py test`.

The browser tests come first and alone: Chromium, JupyterLab and kernels fill two cores. Everything else
follows, with a worker more than there are cores, for boxes are often waited for. There a worker gets whole
files, because the cells of a notebook must run in order in one kernel, and gets them in order: the longest
would else come last, and the other workers wait for them.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from installer.places import Places
from installer.running import course_environment

BROWSER = "tests/browser"
FOLDERS = ("tests", "cnnhw", "installer", "notebooks", "solutions")
NOTHING_FOUND = 5  # pytest's exit code when no test was selected

_NOTEBOOKS = (
    "--nbval",
    "--nbval-current-env",
    "--nbval-cell-timeout=120",
    "--nbval-kernel-startup-timeout=120",
)
# Threads of one worker's matrix products would wait, at full speed, for the cores of another.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_WORKERS = ("--no-loadscope-reorder", "-n")


def commands(python: Path, root: Path, args: Sequence[str] = (), strict: bool = True) -> list[list[str]]:
    """Return the pytest commands that run what is asked for, in order.

    python   the environment's Python
    root     the course's folder
    args     what stood after `course.py test`; with a path in it, only that path is run
    strict   compare pictures to the last digit; False compares their words, for other versions of matplotlib
    """
    base = [str(python), "-m", "pytest", "-rs", "--doctest-modules", *_NOTEBOOKS]
    if not strict:
        base += ["--nbval-sanitize-with", "tests/nbval_sanitize.cfg"]
    if any(not arg.startswith("-") and (root / arg.split("::")[0]).exists() for arg in args):
        return [[*base, *args]]
    folders = [folder for folder in FOLDERS if (root / folder).exists()]
    everything_else = [*base, *folders, f"--ignore={BROWSER}", "--dist", "loadfile", *_WORKERS, "3", *args]
    browser = [str(python), "-m", "pytest", "-rs", BROWSER, "--dist", "loadgroup", *_WORKERS, "2", *args]
    return [browser, everything_else] if (root / BROWSER).exists() else [everything_else]


def run_tests(places: Places, args: Sequence[str] = (), strict: bool = True) -> int:
    """Run the tests and let pytest print what it prints.

    returns  0 when every run passed, else the first exit code that says otherwise
    """
    runs = commands(places.python, places.root, args, strict)
    env = course_environment(places) | dict.fromkeys(_THREADS, "1")
    codes = [subprocess.run(command, cwd=places.root, env=env).returncode for command in runs]
    found = [code for code in codes if code != NOTHING_FOUND] or [NOTHING_FOUND]
    return next((code for code in found if code), 0)
