"""Run a program, show what it prints as it prints it, and keep the text for a diagnosis."""

import os
import queue
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from installer.places import ROOT, Places
from installer.problems import diagnose

QUIET = 10.0  # seconds without a line after which we say that work goes on; chosen to reassure, not to scroll

_DETAIL = (" + ", " - ", " ~ ")  # uv's list of every package it changed, a hundred lines
# These would make programs look outside the environment, run without asserts, or draw in another way.
_MISLEADING = re.compile(
    r"PYTHON|__PYVENV_LAUNCHER__|VIRTUAL_ENV|CONDA_PREFIX|PIP_(TARGET|PREFIX|ROOT)$"
    r"|JUPYTER(?!HUB|_TOKEN)|IPYTHON|MPL|MATPLOTLIBRC"
)
# Where Jupyter, IPython and matplotlib keep what is theirs; a reader's own settings may break a lesson.
_KEPT_APART = {
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "IPYTHONDIR": "ipython",
    "MPLCONFIGDIR": "matplotlib",
}


def environment(**extra: str) -> dict[str, str]:
    """Return the variables for the programs of the set-up: the reader's own, less the misleading ones.

    extra    variables to set on top
    returns  a new dict; SSL_CERT_FILE and the proxies pass through
    """
    kept = {name: value for name, value in os.environ.items() if not _MISLEADING.match(name)}
    ours = {"UV_PYTHON_DOWNLOADS": "never", "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    kept.setdefault("UV_HTTP_TIMEOUT", "120")
    # Next to .venv, files are shared with it instead of copied, and deleting the course's folder deletes all.
    kept.setdefault("UV_CACHE_DIR", str(ROOT / ".tools" / "cache"))
    return kept | ours | {"PYTHONUTF8": "1"} | extra


def course_environment(places: Places) -> dict[str, str]:
    """Return the variables for the course's own programs and the kernels they start.

    places   the course's folder
    returns  the reader's variables without those that mislead; the folders of Jupyter, IPython and matplotlib
             in .tools, or where that cannot be written, new ones for as long as the computer keeps them
    """
    kept = {name: value for name, value in os.environ.items() if not _MISLEADING.match(name)}
    home = places.tools if os.access(places.tools, os.W_OK) else Path(tempfile.mkdtemp(prefix="cnnhw-"))
    apart = {name: str(home / folder) for name, folder in _KEPT_APART.items()}
    return kept | apart | {"PYTHONUTF8": "1", "JUPYTER_PLATFORM_DIRS": "1", "VIRTUAL_ENV": str(places.venv)}


def run(step: str, command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Run one step of the set-up and pass on what it prints.

    step     what is being done, as in "installing the packages"
    command  the program and its arguments
    cwd      where it runs
    env      its variables; `environment()` when not given
    returns  everything it printed
    raises   Problem, found from the text, when it fails
    """
    code, text = stream([str(part) for part in command], cwd, environment() if env is None else env)
    if code != 0:
        raise diagnose(step, text)
    return text


def stream(command: list[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Run a program, print each line as it comes and a sign of life when none comes.

    returns  (exit code, everything it printed)
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_feed, args=(process.stdout, lines), daemon=True).start()
    text = "".join(_shown(lines))
    return process.wait(), text


def stream_quietly(command: list[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Run a short question, such as a version, and show nothing.

    returns  (exit code, what it printed on standard output)
    """
    done = subprocess.run(command, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, capture_output=True)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _feed(pipe, lines: "queue.Queue[str | None]") -> None:
    for line in pipe:
        lines.put(line)
    lines.put(None)


def _shown(lines: "queue.Queue[str | None]"):
    """Yield each line after printing it; the queue ends with None."""
    started = time.monotonic()
    while True:
        try:
            line = lines.get(timeout=QUIET)
        except queue.Empty:
            print(f"      still working, {time.monotonic() - started:.0f} s so far", flush=True)
            continue
        if line is None:
            return
        if not line.startswith(_DETAIL):
            print("      " + line.rstrip(), flush=True)
        yield line
