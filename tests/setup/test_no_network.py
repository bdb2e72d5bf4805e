"""Without a network, the real uv and pip give up and say so; nothing here leaves the computer."""

import contextlib
import os
import socket
import subprocess
import venv

import pytest

from installer import commands, set_up
from installer.places import ROOT, Places


@pytest.fixture
def dead_proxy(monkeypatch):
    """Every request goes to a port of this computer where nobody listens."""
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{free.getsockname()[1]}"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_pip_cannot_fetch_uv(places, dead_proxy, monkeypatch, capsys):
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    assert commands.main(["lab"], places) == 1
    said = capsys.readouterr()
    assert "  1. the installer" in said.out
    rule, got, change = said.err.splitlines()
    assert rule == "the first set-up downloads packages and needs the network"
    assert got.startswith("  got while fetching uv: ")
    assert change.startswith("  connect to the internet")
    assert not places.stamp.exists()


def test_uv_cannot_fetch_the_packages(places, dead_proxy, monkeypatch, capsys, tmp_path):
    own = Places(ROOT)
    if not own.uv.exists():
        pytest.skip("uv is not in .tools: the tests were not started with course.py")
    venv.create(places.uv_venv, with_pip=False)
    monkeypatch.setattr(Places, "uv", own.uv)
    monkeypatch.setattr(set_up.pip_settings, "pip_settings", lambda python, cwd: {})
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    assert commands.main(["lab"], places) == 1
    assert "needs the network\n  got while installing the packages: " in capsys.readouterr().err


def test_an_interrupted_program_is_not_an_error_of_ours(places, monkeypatch, capsys):
    def stopped(places, setup):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "set_up", stopped)
    assert commands.main(["lab"], places) == 130
    assert "the same command takes up the work" in capsys.readouterr().err


def test_an_unknown_command(places, capsys):
    assert commands.main(["jupyter"], places) == 1
    assert "got jupyter" in capsys.readouterr().err


def test_help_names_every_command(capsys):
    assert commands.main([]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in ("lab", "test", "add", "lock", *commands.PASSED_ON))


def test_progress_is_printed_as_it_comes(python, tmp_path, monkeypatch):
    """A program that is silent for a while gets a sign of life."""
    code = (
        "import sys; from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[1]); from installer import running\n"
        "running.QUIET = 0.2\n"
        "work = 'import time; print(1, flush=True); time.sleep(1); print(2)'\n"
        "running.run('working', [sys.executable, '-c', work], Path('.'))"
    )
    said = subprocess.run([python, "-c", code, str(ROOT)], cwd=tmp_path, capture_output=True, text=True)
    lines = [line.strip() for line in said.stdout.splitlines()]
    assert (lines[0], lines[-1]) == ("1", "2")
    assert any(line.startswith("still working, ") for line in lines)
