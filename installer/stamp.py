"""Is .venv what the locks ask for, and is every file of it there?

The stamp is written when a set-up has ended and removed before one begins, so a set-up that was killed leaves
none. It names everything that .venv was built from; whatever differs later (lock, Python, folder) shows.
"""

import csv
import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from installer.places import Places, base_python

EXTRAS = ("onnx", "torch")  # optional packages that a reader can add to any set-up

# What a set-up installs. Each holds everything that the ones before it hold.
SETUPS = {"lab": ("lab",), "teach": ("test",), "test": ("test", "torch")}


def identity(places: Places, dependencies: str = "locked") -> dict[str, str]:
    """Say what a set-up depends on: the locks, the project, this Python, this computer, this folder.

    dependencies  locked, newest or oldest
    returns       name -> value; equal exactly when .venv can be kept
    """
    sources = [places.pyproject, *sorted((places.root / "requirements").glob("*.txt"))]
    # Line ends may differ after a checkout on Windows; the meaning does not.
    text = b"\0".join(source.read_bytes().replace(b"\r\n", b"\n") for source in sources)
    return {
        "dependencies": dependencies,
        "sources": hashlib.sha256(text).hexdigest(),
        "python": sys.version,
        "executable": _spelt(base_python()),
        "platform": sysconfig.get_platform(),
        "folder": _spelt(places.root),
    }


def _spelt(path: str | Path) -> str:
    """A path spelt the same in every locale."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def write(places: Places, setup: str, dependencies: str = "locked", added: Sequence[str] = ()) -> None:
    """Say that .venv is complete, and which extras the reader added to it."""
    _write(places, {"setup": setup, "added": sorted(added), **identity(places, dependencies)})


def begin(places: Places, added: Sequence[str]) -> None:
    """Say that .venv is not complete: of the stamp only the extras that the reader added stay."""
    if added:
        _write(places, {"added": sorted(added)})
    else:
        places.stamp.unlink(missing_ok=True)


def _write(places: Places, content: dict) -> None:
    """The file appears whole or not at all."""
    half = places.stamp.with_suffix(".half")
    half.write_text(json.dumps(content, indent=1), encoding="utf-8")
    half.replace(places.stamp)


def read(places: Places) -> dict:
    """Return the stamp, or an empty dict when there is none that can be read."""
    try:
        return json.loads(places.stamp.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}


def added(stamp: dict) -> list[str]:
    """Name the extras that the reader added.

    >>> added({"setup": "lab", "added": ["onnx"]}), added({"setup": "lab"})
    (['onnx'], [])
    """
    return [name for name in EXTRAS if name in stamp.get("added", [])]


def holds(stamp: dict, setup: str) -> bool:
    """Tell whether a stamped environment has what `setup` wants.

    >>> holds({"setup": "test"}, "lab"), holds({"setup": "lab"}, "test"), holds({}, "lab")
    (True, False, False)
    """
    order = list(SETUPS)
    return stamp.get("setup") in order and order.index(stamp["setup"]) >= order.index(setup)


def same(stamp: dict, wanted: dict[str, str]) -> bool:
    """Tell whether a stamp was written for what is wanted now."""
    return all(stamp.get(name) == value for name, value in wanted.items())


def missing(places: Places) -> list[str]:
    """Name the packages of .venv that lack a file, or have one of the wrong size.

    returns  names, sorted; [".venv"] when there is no Python in it at all
    """
    if not (places.python.exists() and (places.venv / "pyvenv.cfg").exists()):
        return [".venv"]
    records = list(places.site_packages.glob("*.dist-info/RECORD"))
    bare = {folder for folder in places.site_packages.glob("*.dist-info") if not (folder / "RECORD").exists()}
    broken = {record.parent for record in records if not all(_whole(places.site_packages, record))}
    return sorted(folder.name.removesuffix(".dist-info") for folder in bare | broken)


def _whole(site_packages: Path, record: Path) -> Iterator[bool]:
    """For each file a package says it installed: is it there, as large as it was?"""
    with record.open(encoding="utf-8", newline="") as file:
        for path, _, size in csv.reader(file):
            try:
                found = (site_packages / path).stat().st_size
            except OSError:
                yield False
                return
            yield not size or found == int(size)
