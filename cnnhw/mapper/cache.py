"""Answers of earlier searches, kept on disk by what was asked."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

VERSION = 1  # one more whenever a search may answer differently: a changed form, constraint or tie
VARIABLE = "CNNHW_CACHE"


def cache_folder() -> Path | None:
    """Give the folder of kept answers, or None for keeping none.

    returns  what the environment variable CNNHW_CACHE says: a folder, or "off"; without it the folder "cnnhw"
             where this system keeps caches
    """
    said = os.environ.get(VARIABLE)
    if said is not None:
        return None if said.lower() in ("", "0", "off") else Path(said)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("cnnhw", appauthor=False))


def remembered(question: dict, find: Callable[[], dict]) -> dict:
    """Give the kept answer to a question, or find it and keep it.

    question  everything that decides the answer, as JSON can hold it
    find      a function that gives the answer
    returns   the answer: a dict of whole numbers

    The file's name is the SHA-256 of the question, so a question that differs anywhere is another file. A
    file that cannot be read, or that answers another question, is as good as none: the answer is found anew.
    """
    folder = cache_folder()
    if folder is None:
        return find()
    asked = json.loads(json.dumps({"version": VERSION, **question}))
    name = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    path = folder / f"{name}.json"
    kept = _read(path, asked)
    if kept is None:
        kept = find()
        _write(path, {"question": asked, "answer": kept})
    return kept


def _read(path: Path, asked: dict) -> dict | None:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, not readable, cut off, or not JSON
        return None
    if (
        not isinstance(held, dict)
        or held.get("question") != asked
        or not isinstance(held.get("answer"), dict)
    ):
        return None
    answer = held["answer"]
    return answer if all(type(value) is int for value in answer.values()) else None


def _write(path: Path, held: dict) -> None:
    """Write beside the file and move it into place, so that nobody ever reads half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(held, file)
        os.replace(beside, path)
    except OSError:
        return  # a disk that is full or read-only costs only the time of the next search
