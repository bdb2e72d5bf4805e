"""A job in a fresh process, so that its memory can be told from everything else's."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def run(command: list[str], job: dict) -> tuple[dict, float | None]:
    """Start a process, give it a job, and look at its memory before it ends.

    command  of a process that takes a line of JSON, prints one, and ends when its input does: see serve
    job      what it is given
    returns  its answer, and the most memory it held, in MB, or None where the system does not tell
    raises   subprocess.CalledProcessError if it ends without an answer; its own words are on stderr
    """
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        peak = _peak_megabytes(process.pid)
    if not answer:
        raise subprocess.CalledProcessError(process.returncode, command)
    return json.loads(answer), peak


def serve(do: Callable[[dict], dict]) -> None:
    """Be such a process: take a job, do it, answer, and wait to be looked at."""
    job = json.loads(sys.stdin.readline())
    print(json.dumps(do(job)), flush=True)
    sys.stdin.read()


def _peak_megabytes(pid: int) -> float | None:
    """Linux keeps the most a process held since it started; getrusage counts its parent's memory too."""
    status = Path(f"/proc/{pid}/status")
    found = status.exists() and re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8"))
    return int(found[1]) * 1024 / 1e6 if found else None
