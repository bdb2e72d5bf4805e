"""Make .venv hold what a command needs: nothing to do, an addition, or a rebuild from the locks."""

import contextlib
import errno
import importlib.util
import os
import shutil
import sys
import time
from pathlib import Path

from installer import extras, pip_settings, problems, pytorch, stamp
from installer.one_at_a_time import one_at_a_time
from installer.places import Places, base_python, free_megabytes
from installer.running import environment, run, stream_quietly

# MB that a set-up takes with the files it unpacks on the way, measured on Linux and rounded up.
ROOM = {"lab": 700, "teach": 1200, "test": 2000}
RESOLUTIONS = {"newest": "highest", "oldest": "lowest-direct"}


def set_up(places: Places, setup: str, dependencies: str = "locked") -> None:
    """Make .venv ready for a command; quick when it already is.

    places        the course's folder
    setup         lab, teach or test
    dependencies  locked, or the newest or oldest versions that pyproject.toml admits
    raises        Problem that says what to do
    """
    try:
        # A finished set-up needs nothing written, so a class can share one in a read-only folder.
        if ready(places, setup, dependencies):
            return
        places.tools.mkdir(exist_ok=True)
        with one_at_a_time(places.tools / "set-up.lock"):
            if not ready(places, setup, dependencies):
                _build(places, setup, dependencies)
    except OSError as error:
        raise problems.from_os_error(error) from error


def add(places: Places, name: str) -> None:
    """Add an optional package to .venv and remember it, so that a repair brings it back.

    places   the course's folder
    name     one of stamp.EXTRAS
    raises   Problem that says what to do; what .venv held before stays usable
    """
    set_up(places, "lab")
    try:
        with one_at_a_time(places.tools / "set-up.lock"):
            found = stamp.read(places)
            if name in stamp.added(found):
                print(f"{name} is there already", flush=True)
                return
            _check_room(places, extras.ROOM[name])
            get_uv(places)
            extras.install(places, name)
            stamp.write(places, found["setup"], found["dependencies"], [*stamp.added(found), name])
            print(f"{name} is there; restart the kernel of an open notebook to use it", flush=True)
    except OSError as error:
        raise problems.from_os_error(error) from error


def ready(places: Places, setup: str, dependencies: str = "locked") -> bool:
    """Tell whether .venv holds what is wanted, every file of it."""
    found = stamp.read(places)
    wanted = stamp.identity(places, dependencies)
    return stamp.holds(found, setup) and stamp.same(found, wanted) and not stamp.missing(places)


def _build(places: Places, setup: str, dependencies: str) -> None:
    started = time.monotonic()
    found = stamp.read(places)
    added = stamp.added(found)
    _check_room(places, ROOM[setup] + sum(extras.ROOM[name] for name in added))
    print(f"setting up the course in {places.root} (a few minutes the first time)", flush=True)
    kept = stamp.same(found, stamp.identity(places, dependencies)) and not stamp.missing(places)
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        stamp.begin(places, added)
    _say(1, "the installer")
    get_uv(places)
    _say(2, "the environment .venv" + (", kept" if kept else ""))
    if not kept:
        _make_venv(places)
        stamp.begin(places, added)
    _say(3, "the packages")
    _install(places, setup, dependencies)
    for name in added:
        extras.install(places, name)
    done = setup
    if "torch" in stamp.SETUPS[setup]:
        _say(4, "PyTorch, the CPU build")
        # Without PyTorch the environment is complete for teaching only, so the next call tries again.
        done = setup if pytorch.install(places) else "teach"
    stamp.write(places, done, dependencies, added)
    print(f"the set-up is complete after {time.monotonic() - started:.0f} s", flush=True)


def _say(number: int, what: str) -> None:
    print(f"  {number}. {what}", flush=True)


def _check_room(places: Places, needed: int) -> None:
    free = free_megabytes(places.root)
    if free < needed:
        raise problems.disk_full(f"{free} MB free where {needed} MB are needed, in {places.root}")


def get_uv(places: Places) -> None:
    """Make sure that the uv which requirements/tools.txt names is there and runs.

    raises   Problem when Python lacks venv, or uv cannot be fetched
    """
    if _uv_runs(places):
        return
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        raise problems.no_venv_module(f"{sys.version_info.major}.{sys.version_info.minor}")
    _make_empty(places.uv_venv)
    run("making the tools' environment", [base_python(), "-m", "venv", places.uv_venv], places.root)
    pip = [
        places.program(places.uv_venv, "python"),
        "-m",
        "pip",
        "install",
        "--no-cache-dir",
        "--retries",
        "2",
    ]
    run("fetching uv", [*pip, "--require-hashes", "-r", places.lock("tools")], places.root)


def _uv_runs(places: Places) -> bool:
    if not places.uv.exists():
        return False
    try:
        code, text = stream_quietly([str(places.uv), "--version"], places.root, environment())
    except OSError:
        return False
    version = text.split()[1] if len(text.split()) > 1 else ""
    return code == 0 and f"uv=={version} " in places.lock("tools").read_text(encoding="utf-8") + " "


def _make_venv(places: Places) -> None:
    _make_empty(places.venv)
    command = [places.uv, "venv", "--no-project", "--python", base_python(), "--prompt", "cnnhw", places.venv]
    run("making .venv", command, places.root)


def _make_empty(folder: Path) -> None:
    """Remove what an earlier set-up left; a file that stands there is the reader's and is not touched."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
    if folder.exists():
        shutil.rmtree(folder)


def _install(places: Places, setup: str, dependencies: str) -> None:
    settings = pip_settings.pip_settings(places.program(places.uv_venv, "python"), places.root)
    env = environment(**pip_settings.certificate(settings)) | _reader_certificate()
    source = pip_settings.index(settings)
    if dependencies == "locked":
        lock = places.lock(stamp.SETUPS[setup][0])
        command = [places.uv, "pip", "sync", "--python", places.python, "--require-hashes", *source, lock]
        run("installing the packages", command, places.root, env)
    else:
        command = [places.uv, "pip", "install", "--python", places.python, "--upgrade", *source]
        wanted = ["--resolution", RESOLUTIONS[dependencies], "-e", ".[test]", "hatchling"]
        run(f"installing the {dependencies} packages", [*command, *wanted], places.root, env)
    editable = [places.uv, "pip", "install", "--python", places.python, "--offline", "--no-deps"]
    run("installing cnnhw", [*editable, "--no-build-isolation", "-e", "."], places.root, env)
    _name_the_folder_in_ascii(places)


def _name_the_folder_in_ascii(places: Places) -> None:
    """Say by a relative path where cnnhw is: before 3.13, Python reads a .pth as the locale is encoded.

    A folder's name that the locale cannot spell would end every Python of .venv before it begins.
    """
    for path in places.site_packages.glob("_cnnhw*.pth"):
        path.write_text(os.path.relpath(places.root, places.site_packages) + "\n", encoding="ascii")
        (record,) = places.site_packages.glob("cnnhw-*.dist-info/RECORD")
        lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
        lines = [f"{path.name},,\n" if line.startswith(f"{path.name},") else line for line in lines]
        record.write_text("".join(lines), encoding="utf-8", newline="\n")


def _reader_certificate() -> dict[str, str]:
    """What the reader set by hand wins over what pip's files say."""
    return {name: os.environ[name] for name in ("SSL_CERT_FILE",) if name in os.environ}
