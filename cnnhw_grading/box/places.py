"""A place for every box that root starts: a user without a name, whom no other box becomes."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw_grading import scratch
from cnnhw_grading.box import watch

# The kernel counts a user's processes, not a box's. These numbers lie between those that systemd keeps for
# homes and those that it keeps for services.
FIRST_USER, PLACES = 60_578, 600


@contextlib.contextmanager
def taken() -> Iterator[int]:
    """Give the number of a user that no other box has, on this machine, until the block is left.

    raises  CourseError if all are taken, or the folder of locks is somebody else's
    """
    folder = Path(tempfile.gettempdir()) / "cnnhw-boxes"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise CourseError("boxes at work are counted in a folder", f"{folder} is not yours", "delete it")
    for place in range(PLACES):
        with (folder / str(place)).open("wb") as lock:
            # A fork bomb's processes that nobody has taken notice of yet count for its user's limit.
            if scratch.locked(lock) and not watch.of_user(FIRST_USER + place, ended=True):
                yield FIRST_USER + place
                return
    raise CourseError("each box has a user of its own", f"all {PLACES} are taken", "grade fewer at once")
