"""Start of the box's program: python -m cnnhw_grading.inside USER READS WRITES [FILTER]."""

import os
import sys

from cnnhw_grading.inside import landlock, limits
from cnnhw_grading.inside.serve import serve

_READABLE = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/urandom", "/dev/zero")


def main(user: str, reads: str, writes: str, filter_fd: str = "") -> None:
    """Drop what must be dropped, then answer the grader.

    user       the number of the user to become; "-" to stay
    reads      the pipe that frames come from
    writes     the pipe that frames go to
    filter_fd  an open system call filter, where no bubblewrap has put this process into a box: then Landlock
               does it here
    """
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    if filter_fd:
        home = os.environ["HOME"]
        landlock.restrict((*_READABLE, sys.prefix, sys.base_prefix, os.environ["PYTHONPATH"]), (home,))
    limits.become_nobody(None if user == "-" else int(user), keep_reading=bool(filter_fd))
    if filter_fd:
        landlock.load_filter(int(filter_fd))
    limits.limit_process()
    serve(int(reads), int(writes))
    os._exit(0)  # threads and exit handlers of a student's code do not hold the box up


if __name__ == "__main__":
    main(*sys.argv[1:])
