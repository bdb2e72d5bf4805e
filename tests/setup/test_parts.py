"""Parts of the set-up: Windows paths, pip's settings, the ways to PyTorch, the runs of pytest."""

import subprocess
import sys
from pathlib import Path

import pytest

from installer import commands, pip_settings, places, pytorch, testing
from installer.places import Places
from installer.problems import Problem


def test_paths_on_windows():
    here = Places(Path("course"), windows=True)
    assert here.uv.as_posix() == "course/.tools/uv/Scripts/uv.exe"
    assert here.site_packages.as_posix() == "course/.venv/Lib/site-packages"


def test_this_computers_paths_are_the_ones_venv_makes(tmp_path):
    here = Places(tmp_path)
    subprocess.run([places.base_python(), "-m", "venv", "--without-pip", str(here.venv)], check=True)
    assert here.python.exists()
    assert here.site_packages.is_dir()


def test_pip_is_really_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_FIND_LINKS", "/some/wheels")
    monkeypatch.setenv("PIP_CERT", "/proxy.pem")
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode != 0:
        python = Path(places.base_python())
    else:
        python = Path(sys.executable)
    settings = pip_settings.pip_settings(python, tmp_path)
    assert pip_settings.find_links(settings) == ["--find-links", "/some/wheels"]
    assert pip_settings.certificate(settings) == {"SSL_CERT_FILE": "/proxy.pem"}


@pytest.fixture
def pytorch_calls(places, monkeypatch):
    """The commands that install PyTorch; each fails."""
    calls = []
    monkeypatch.setattr(pytorch, "stream", lambda command, cwd, env: (calls.append(command) or 1, ""))
    monkeypatch.setattr(pytorch.pip_settings, "pip_settings", lambda *_: {"find-links": "/wheels"})
    return calls


def test_pytorch_never_brings_anything_along(places, pytorch_calls, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    assert pytorch.install(places) is False
    assert len(pytorch_calls) == 2
    assert all("--no-deps" in call for call in pytorch_calls)
    assert "--find-links" in pytorch_calls[0]
    assert pytorch_calls[1][-4:-2] == ["--torch-backend", "cpu"]
    rule, got, change = capsys.readouterr().out.splitlines()
    assert rule == "the tests that compare cnnhw with PyTorch need its CPU build"
    assert "those tests skip" in got
    assert "PIP_FIND_LINKS" in change


def test_on_ci_the_lack_of_pytorch_is_an_error(places, pytorch_calls, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Problem, match="PyTorch"):
        pytorch.install(places)


@pytest.fixture
def folders(tmp_path):
    for name in ("tests/browser", "tests/conv", "cnnhw", "installer", "notebooks", "solutions"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_the_browser_tests_run_first_and_alone(folders):
    browser, rest = testing.commands(Path("python"), folders)
    workers = ["--no-loadscope-reorder", "-n"]
    assert browser == ["python", "-m", "pytest", "-rs", "tests/browser", "--dist", "loadgroup", *workers, "2"]
    assert "--ignore=tests/browser" in rest
    assert {
        "tests",
        "cnnhw",
        "notebooks",
        "solutions",
        "--doctest-modules",
        "--nbval",
        "--nbval-current-env",
    } <= {*rest}
    assert rest[rest.index("--dist") :] == ["--dist", "loadfile", *workers, "3"]


def test_arguments_go_to_every_run_and_a_path_is_run_alone(folders):
    assert all(
        run[-2:] == ["-k", "conv"] for run in testing.commands(Path("python"), folders, ["-k", "conv"])
    )
    (only,) = testing.commands(Path("python"), folders, ["tests/conv", "-x"])
    assert only[-2:] == ["tests/conv", "-x"]
    assert "tests/browser" not in only


def test_other_versions_compare_pictures_by_their_words(folders):
    strict = testing.commands(Path("python"), folders)[1]
    by_words = testing.commands(Path("python"), folders, strict=False)[1]
    assert {*by_words} - {*strict} == {"--nbval-sanitize-with", "tests/nbval_sanitize.cfg"}


@pytest.mark.parametrize(
    ("codes", "expected"), [([0, 0], 0), ([1, 0], 1), ([0, 2], 2), ([5, 0], 0), ([5, 5], 5)]
)
def test_one_failing_run_fails_all(folders, monkeypatch, codes, expected):
    left = iter(codes)
    monkeypatch.setattr(testing.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, next(left)))
    assert testing.run_tests(Places(folders)) == expected


def test_dependencies_is_ours_and_the_rest_is_pytests(places, monkeypatch):
    seen = {}
    monkeypatch.setattr(commands, "set_up", lambda places, *wanted: seen.update(wanted=wanted))
    monkeypatch.setattr(
        commands, "run_tests", lambda places, rest, strict: seen.update(rest=rest, strict=strict) or 0
    )
    assert commands.main(["test", "--dependencies", "oldest", "-k", "conv"], places) == 0
    assert seen == {"wanted": ("test", "oldest"), "rest": ["-k", "conv"], "strict": False}
