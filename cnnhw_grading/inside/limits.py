"""What a process of the box may use at most, set before any of a student's code runs."""

import contextlib
import ctypes
import os
import resource
import signal

CALL_SECONDS = 5  # processor time of one call
QUESTION_SECONDS = 60  # of one question
SUBMISSION_SECONDS = 120  # of a whole notebook
MEMORY_BYTES = 2_000_000_000  # address space of one process
PROCESSES = 16
FILE_BYTES = 1_000_000
OPEN_FILES = 256
_KEEP_CAPABILITIES = 8  # of prctl
_CAPABILITY_VERSION = 0x20080522
_READ_SEARCH = 1 << 2  # CAP_DAC_READ_SEARCH


def become_nobody(user: int | None, keep_reading: bool = False) -> None:
    """Give up root, where the box was started by it: limits on processes mean nothing for root.

    user          the number of the user to become; None to stay
    keep_reading  go on reading files that stand in a folder of root's, such as Python's own, as far as
                  Landlock lets this process
    """
    if user is None:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    os.setgroups([])
    os.setresgid(user, user, user)
    if keep_reading:
        libc.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
    os.setresuid(user, user, user)
    if keep_reading:
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        libc.capset(header, (ctypes.c_uint32 * 6)(_READ_SEARCH, _READ_SEARCH, 0, 0, 0, 0))


def limit_process() -> None:
    """Set the limits that a student's code cannot lift again."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_NPROC, PROCESSES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, SUBMISSION_SECONDS),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def limit_question() -> None:
    """Set the processor time of one question, for this process and those it starts."""
    _limit_cpu(QUESTION_SECONDS, hard=True)


def limit_call() -> None:
    """Set the processor time of one call; the signal for too much ends this process."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    with contextlib.suppress(ValueError):  # code that lowered its own hard limit runs into that one
        _limit_cpu(CALL_SECONDS, hard=False)


def filling(memory: float, user: float, system: float) -> bool:
    """Say whether time went into taking memory, by bytes held and seconds of user and system time.

    Where pages come slowly, as in a fresh virtual machine, a call's time ends long before the memory does.
    """
    return memory > MEMORY_BYTES / 2 or (memory > MEMORY_BYTES / 8 and system > user)


def _limit_cpu(seconds: int, hard: bool) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    at = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, top = resource.getrlimit(resource.RLIMIT_CPU)
    at = at if top == resource.RLIM_INFINITY else min(at, top)
    resource.setrlimit(resource.RLIMIT_CPU, (at, at if hard else top))
