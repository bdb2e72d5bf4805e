"""Let one set-up work in a folder at a time; the lock goes when its owner ends, even if killed."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from installer.problems import Problem

PATIENCE = 900.0  # seconds; a first set-up over a slow network can take this long


@contextlib.contextmanager
def one_at_a_time(lock: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock while the body runs; wait for another set-up to finish first.

    lock      a file; made when missing, left behind, always empty
    patience  how long to wait, seconds
    raises    Problem when the other set-up does not end in time
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+b") as file:
        _wait(file, patience)
        yield


def _wait(file: IO[bytes], patience: float) -> None:
    limit = time.monotonic() + patience
    said = False
    while not _try_lock(file):
        if not said:
            print("another set-up is at work in this folder; waiting for it", flush=True)
            said = True
        if time.monotonic() > limit:
            raise Problem(
                "one set-up works in a folder at a time",
                f"another one that has been at work for {patience:.0f} s",
                "end it (or restart the computer), then run the same command again",
            )
        time.sleep(0.5)


def _try_lock(file: IO[bytes]) -> bool:
    """Take the lock if it is free. Closing the file, or dying, gives it back."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
