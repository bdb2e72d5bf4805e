"""What a box uses, read from /proc: its processes, their processor time, the memory they hold together."""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Usage:
    """Processes, seconds of user and system time (those of ended children too), bytes of memory."""

    processes: int
    user: float
    system: float
    memory: int

    @property
    def seconds(self) -> float:
        """Seconds of processor time."""
        return self.user + self.system


def descendants(pid: int) -> list[int]:
    """List a process and all that came from it."""
    found, waiting = [], [pid]
    while waiting:
        at = waiting.pop()
        found.append(at)
        try:
            waiting += map(int, Path(f"/proc/{at}/task/{at}/children").read_text(encoding="ascii").split())
        except (OSError, ValueError):
            continue
    return found


def of_user(user: int, ended: bool = False) -> list[int]:
    """List a user's processes.

    ended  whether to list those too that have ended, and wait for their parent to hear of it
    """
    found = []
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == user and (ended or alive(int(name))):
                found.append(int(name))
    return found


def usage(pid: int, memory: bool = True) -> Usage:
    """Add up what a process and its descendants use.

    memory  whether to add up memory too, which takes a millisecond for each process
    """
    pids = descendants(pid)
    held = sum(map(_proportional, pids)) if memory else 0
    times = [_times(pid) for pid in pids]
    return Usage(len(pids), sum(user for user, _ in times), sum(system for _, system in times), held)


def _times(pid: int) -> tuple[float, float]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0
    user, system, of_children, system_of_children = map(int, fields[11:15])
    return (user + of_children) / _TICK, (system + system_of_children) / _TICK


def _proportional(pid: int) -> int:
    """Bytes of memory, those shared with other processes in proportion."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def gone(pids: list[int], seconds: float = 5.0) -> bool:
    """Wait until processes have ended; say whether they did."""
    limit = time.monotonic() + seconds
    while any(map(alive, pids)) and time.monotonic() < limit:
        time.sleep(0.002)
    return not any(map(alive, pids))


def alive(pid: int) -> bool:
    """Say whether a process is there and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
