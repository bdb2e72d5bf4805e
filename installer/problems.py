"""Everything that can go wrong while setting up, said in three lines: the rule, what happened, what to do."""

import errno
import os
import re

AGAIN = "run the same command again; it repairs what is there"


class Problem(Exception):
    """Say which rule was broken, by what, and what to do about it.

    >>> print(Problem("the disk must have room", "12 MB free", "empty the bin"))
    the disk must have room
      got 12 MB free
      empty the bin
    """

    def __init__(self, rule: str, got: str, change: str):
        super().__init__(rule, got, change)
        self.rule, self.got, self.change = rule, got, change

    def __str__(self) -> str:
        return f"{self.rule}\n  got {self.got}\n  {self.change}"


def disk_full(got: str) -> Problem:
    """Return the problem of a disk without room; `got` is what was seen."""
    return Problem(
        "the course needs room on the disk for its packages",
        got,
        f"free some space (emptying the bin counts), then {AGAIN}",
    )


def not_writable(got: str) -> Problem:
    """Return the problem of a folder that does not let us write; `got` is what was seen."""
    return Problem(
        "course.py must be able to write in the course's folder and in your home folder",
        got,
        "copy the course to a folder of your own (close JupyterLab first, if it runs), then run it there",
    )


def no_network(got: str) -> Problem:
    """Return the problem of packages that cannot be reached; `got` is what was seen."""
    return Problem(
        "the first set-up downloads packages and needs the network",
        got,
        "connect to the internet (behind a proxy, set HTTPS_PROXY), then run the same command again",
    )


def bad_certificate(got: str) -> Problem:
    """Return the problem of a proxy whose certificate is not trusted; `got` is what was seen."""
    return Problem(
        "the network's certificate must be known to this computer",
        got,
        "set SSL_CERT_FILE to the path of your network's certificate file, then run the same command again",
    )


def no_venv_module(version: str) -> Problem:
    """Return the problem of a Python that came without the modules that make environments."""
    return Problem(
        "the course needs Python's own venv and ensurepip modules",
        f"Python {version} without them, as Debian and Ubuntu ship it",
        f"install them with: sudo apt install python{version}-venv    then {AGAIN}",
    )


def bad_name(got: str) -> Problem:
    """Return the problem of a folder whose name no environment can have; `got` is what was seen."""
    return Problem(
        f"the name of the course's folder, and of those around it, must have no {os.pathsep!r} in it",
        got,
        f"rename the folder, then {AGAIN}",
    )


# What uv, pip and the three operating systems say. Rust adds "os error <number>" in every language.
_SIGNS = (
    (bad_name, r"contains the PATH separator"),
    (disk_full, r"no space left|os error (28|112|122)\b|errno (28|122)\b|disk quota|not enough space"),
    (
        not_writable,
        r"read-only file system|permission denied|access is denied|os error (5|13|30)\b|errno (13|30)\b",
    ),
    (bad_certificate, r"certificate|unknownissuer"),
    (
        no_network,
        r"dns error|name resolution|connection|connect error|tunnel|proxy|timed? ?out|network|unreachable"
        r"|failed to fetch|error sending request|could not find a version",
    ),
)


def diagnose(step: str, output: str) -> Problem:
    """Find the problem behind a failed step from what it printed.

    step     what was being done, as in "installing the packages"
    output   everything the step printed
    returns  the Problem whose sign appears first in the list of signs; one that quotes the end when none does
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for problem, sign in _SIGNS:
        for line in reversed(lines):
            if re.search(sign, line, re.IGNORECASE):
                return problem(f"while {step}: {_short(line)}")
    last = _short(lines[-1]) if lines else "no output"
    return Problem(
        f"{step} must succeed",
        last,
        f"{AGAIN}; if it stops here again, delete .venv and .tools and report the lines above",
    )


def from_os_error(error: OSError) -> Problem:
    """Turn an error of the operating system into the problem behind it.

    error    as raised by open(), mkdir() and the like
    returns  Problem; a file that stands where a folder must be is one too
    """
    got = f"{error.strerror}: {error.filename}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(got)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return not_writable(got)
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return Problem(
            "course.py must be able to make its folders", got, "move that file away, then " + AGAIN
        )
    return Problem("course.py must be able to use the course's folder", got, AGAIN)


def _short(line: str, limit: int = 200) -> str:
    return line if len(line) <= limit else line[: limit - 3] + "..."
