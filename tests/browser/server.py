"""Start JupyterLab the way `course.py lab` does, in a home and a copy of the notebooks of its own."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "browser-tests"
PATIENCE = 120.0  # seconds; a busy computer starts JupyterLab slowly


@dataclass(frozen=True)
class Server:
    """A running JupyterLab.

    url      its address on this computer
    folder   its root, a temporary copy of the course's notebooks
    audit    the file in which its processes note what they reach for outside this computer
    """

    url: str
    folder: Path
    audit: Path

    def link(self, notebook: str) -> str:
        """Return the address that opens a notebook, in an empty workspace of its own."""
        return f"{self.url}/lab/workspaces/tests/tree/{notebook}?token={TOKEN}&reset"

    def outside(self) -> list[str]:
        """Return what JupyterLab and its kernels reached for outside this computer."""
        return self.audit.read_text(encoding="utf-8").splitlines() if self.audit.exists() else []


@contextlib.contextmanager
def running_lab(home: Path) -> Iterator[Server]:
    """Run JupyterLab while the body runs.

    home     an empty folder: HOME of the server; its files never touch the reader's
    """
    folder, log = home / "course", home / "jupyterlab.log"
    for name in ("notebooks", "exercises", "solutions"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    port = free_port()
    server = Server(f"http://127.0.0.1:{port}", folder, home / "outside.log")
    more = [
        f"--port={port}",
        "--no-browser",
        "--ServerApp.port_retries=0",
        "--LabApp.expose_app_in_browser=True",
    ]
    command = [
        sys.executable,
        "-m",
        "cnnhw.course.lab",
        str(folder),
        *more,
        f"--IdentityProvider.token={TOKEN}",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=clean_environment(home), stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT)  # fmt: skip
        try:
            wait_until_it_answers(server, process, log)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


def clean_environment(home: Path) -> dict[str, str]:
    """Return the server's variables: its own home, and nothing of the reader's Jupyter settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "XDG_"))}
    homes = {"HOME": str(home), "USERPROFILE": str(home), "APPDATA": str(home / "AppData")}
    # The code beside these tests, wherever .venv's own copy is.
    path = os.pathsep.join([str(Path(__file__).parent / "audit"), str(ROOT)])
    audit = {"PYTHONPATH": path, "CNNHW_AUDIT": str(home / "outside.log")}
    return kept | homes | audit


def free_port() -> int:
    """Return a port on which nobody listens."""
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_until_it_answers(server: Server, process: subprocess.Popen, log: Path) -> None:
    """Return when JupyterLab serves pages; fail with its log when it ends before."""
    limit = time.monotonic() + PATIENCE
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < limit:
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        try:
            opener.open(f"{server.url}/api/status?token={TOKEN}", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(
        f"JupyterLab did not answer within {PATIENCE:.0f} s:\n" + log.read_text(encoding="utf-8")
    )
