"""A killed run's folder goes with the next run, and its workers with itself."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from cnnhw_grading import scratch
from cnnhw_grading.box.watch import alive

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no box on Windows")
HOLD = """
import time
from cnnhw_grading import scratch
with scratch.folder() as made:
    print(made, flush=True)
    time.sleep(60)
"""
POOL = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from cnnhw_grading import scratch
pool = ProcessPoolExecutor(2, initializer=scratch.end_with_parent, initargs=(os.getpid(),))
print(pool.submit(os.getpid).result(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def started(code: str) -> tuple[subprocess.Popen, str]:
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def test_a_killed_runs_folder_is_removed_and_a_running_ones_stays(place):
    killed, old = started(HOLD)
    running, used = started(HOLD)
    killed.kill()
    killed.wait()
    foreign = place / "cnnhw-grading-link"
    foreign.symlink_to(place)
    (place / "cnnhw-grading-new").mkdir()
    with scratch.folder() as mine:
        assert sorted(path.name for path in place.iterdir()) == sorted(
            [os.path.basename(used), mine.name, foreign.name, "cnnhw-grading-new"]
        )
        assert mine.stat().st_mode & 0o777 == 0o755 and not os.path.exists(old)
    assert not mine.exists()
    running.kill()
    running.wait()
    for process in (killed, running):
        process.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_workers_end_with_the_run(place):
    run, worker = started(POOL)
    assert alive(int(worker))
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    limit = time.monotonic() + 10
    while alive(int(worker)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not alive(int(worker))
    run.stdout.close()
