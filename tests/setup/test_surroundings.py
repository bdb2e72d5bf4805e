"""Whatever the folder is called and whatever variables are set: the course works, or says why not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installer import commands, running, set_up, testing
from installer.places import ROOT, Places, base_python
from installer.problems import diagnose

NAMES = ["café 鸭", "-a dash", "it's 100%", "a # and $x", "long" * 20] + ['"quoted"'] * (os.name != "nt")
# No variable may reach the course's programs, except those that say where a certificate or a proxy is.
HARMFUL = {
    "PYTHONPATH": "imports another cnnhw or numpy",
    "PYTHONHOME": "hides the packages of .venv",
    "PYTHONSAFEPATH": "hides the course's folder",
    "PYTHONSTARTUP": "runs in every kernel",
    "PYTHONOPTIMIZE": "takes the asserts out of lessons and tests",
    "PYTHONWARNINGS": "makes an error of any package's warning",
    "PYTHONNOUSERSITE": "has no say in an environment",
    "VIRTUAL_ENV": "has IPython import from there",
    "CONDA_PREFIX": "has Jupyter look for kernels there",
    "JUPYTER_PATH": "offers other kernels under the same name",
    "JUPYTER_CONFIG_PATH": "brings settings that fail",
    "JUPYTER_PORT": "is read before what the reader typed",
    "JUPYTERLAB_DIR": "is where JupyterLab's own page would be looked for",
    "MPLBACKEND": "stops the import of matplotlib where there is no such backend",
    "MATPLOTLIBRC": "draws the pictures in another way",
    "__PYVENV_LAUNCHER__": "hides the environment on macOS",
}


@pytest.fixture
def harmful(monkeypatch):
    for name in (*HARMFUL, *running._KEPT_APART):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("SSL_CERT_FILE", "/proxy.pem")
    monkeypatch.setenv("JUPYTER_TOKEN", "mine")


def test_what_misleads_reaches_no_program_of_the_set_up(harmful):
    env = running.environment()
    assert "/elsewhere" not in env.values()
    assert env["SSL_CERT_FILE"] == "/proxy.pem"
    assert env["UV_PYTHON_DOWNLOADS"] == "never"


def test_what_misleads_reaches_no_program_of_the_course(harmful, places):
    places.tools.mkdir()
    env = running.course_environment(places)
    assert "/elsewhere" not in env.values()
    assert (env["SSL_CERT_FILE"], env["JUPYTER_TOKEN"]) == ("/proxy.pem", "mine")
    assert env["VIRTUAL_ENV"] == str(places.venv)
    assert all(Path(env[name]).is_relative_to(places.tools) for name in running._KEPT_APART)


def test_in_a_folder_that_cannot_be_written_jupyter_gets_one_that_can(places, monkeypatch):
    monkeypatch.setattr(running.os, "access", lambda path, mode: path != places.tools)
    homes = {Path(running.course_environment(places)[name]).parents[-3] for name in running._KEPT_APART}
    assert not any(home.is_relative_to(places.root) for home in homes)


def test_the_tests_and_the_commands_run_in_that_environment(harmful, places, monkeypatch):
    seen = []
    monkeypatch.setattr(
        testing.subprocess,
        "run",
        lambda command, cwd, env: seen.append(env) or subprocess.CompletedProcess(command, 0),
    )
    testing.run_tests(places)

    def become(command, *rest, env=None, **how):
        seen.append(env or rest[-1])
        raise SystemExit

    monkeypatch.setattr(commands, "set_up", lambda places, setup: None)
    monkeypatch.setattr(commands.os, "chdir", lambda folder: None)
    monkeypatch.setattr(commands.os, "execve", become, raising=False)
    monkeypatch.setattr(commands.subprocess, "Popen", become)
    for command in ("lab", "summary"):
        with pytest.raises(SystemExit):
            commands.main([command], places)
    assert len(seen) > 2 and all("/elsewhere" not in env.values() for env in seen)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {}], ids=str)
def test_an_environment_finds_cnnhw_in_a_folder_of_any_name(tmp_path, name, locale):
    here = Places(tmp_path / name)
    (here.root / "cnnhw").mkdir(parents=True)
    (here.root / "cnnhw" / "__init__.py").write_text("", encoding="utf-8")
    subprocess.run([base_python(), "-m", "venv", "--without-pip", str(here.venv)], check=True)
    record = here.site_packages / "cnnhw-0.1.0.dist-info" / "RECORD"
    record.parent.mkdir()
    # As uv leaves it, with the folder's name in UTF-8.
    (here.site_packages / "_cnnhw.pth").write_text(str(here.root), encoding="utf-8")
    record.write_text(
        "_cnnhw.pth,sha256=abc,99\ncnnhw-0.1.0.dist-info/RECORD,,\n", encoding="utf-8", newline="\n"
    )
    set_up._name_the_folder_in_ascii(here)
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LC_", "LANG"))}
    code = "import cnnhw, os, sys; os.write(1, os.fsencode(cnnhw.__file__))"
    done = subprocess.run([here.python, "-c", code], cwd=tmp_path, env=env | locale, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert Path(os.fsdecode(done.stdout)).samefile(here.root / "cnnhw" / "__init__.py")
    assert set_up.stamp.missing(here) == []


@pytest.mark.parametrize("flag", ["-P", "-I"])
def test_course_py_finds_its_own_code_where_python_leaves_its_folder_out(flag, tmp_path):
    done = subprocess.run(
        [sys.executable, flag, str(ROOT / "course.py"), "help"], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_a_name_that_no_environment_can_have():
    said = "Error: Refusing to create a venv in /a:b/.venv because it contains the PATH separator :."
    rule, got, change = str(diagnose("making .venv", said)).splitlines()
    assert (
        rule == f"the name of the course's folder, and of those around it, must have no {os.pathsep!r} in it"
    )
    assert "Refusing to create a venv in /a:b/.venv" in got
    assert change.startswith("  rename the folder")
