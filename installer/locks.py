"""Write the locks anew: one file per set-up, for every system and every Python that the course supports."""

import re
import subprocess
import tempfile
import tomllib
from pathlib import Path

from installer.places import Places
from installer.problems import diagnose
from installer.running import environment
from installer.set_up import get_uv

HEADER = "# Written by `python3 course.py lock`. docs/dependencies.md says what is here and why.\n"

# What only the CUDA build of PyTorch needs.
_CUDA = re.compile(r"(nvidia|cuda|triton)\b")
_PIN = re.compile(r"^[a-z0-9][\w.-]*==[^\\#\n]*", re.MULTILINE | re.IGNORECASE)


def write_locks(places: Places, upgrade: bool = False) -> None:
    """Resolve pyproject.toml into requirements/lab.txt, test.txt, mutants.txt, torch.txt and tools.txt.

    upgrade  take the newest versions; otherwise a pin stays when it still fits (PyTorch's stays in any case)
    raises   Problem when the packages cannot be looked up
    """
    get_uv(places)
    project = tomllib.loads(places.pyproject.read_text(encoding="utf-8"))
    build = "\n".join(project["build-system"]["requires"])
    newer = ["--upgrade"] if upgrade else []
    _lock(places, "tools", "uv", newer)
    # Both hold what builds cnnhw itself, so that installing it needs no network. test extends lab.
    _lock(places, "lab", build, [*newer, "pyproject.toml"])
    extras = ["--extra", "test", "--constraints", places.lock("lab").relative_to(places.root)]
    _lock(places, "test", build, [*newer, *extras, "pyproject.toml"])
    mutants = "\n".join(project["project"]["optional-dependencies"]["mutants"])
    _lock(places, "mutants", mutants, [*newer, "--constraints", places.lock("test").relative_to(places.root)])
    _lock_torch(places, newer)


def pins(text: str) -> list[str]:
    """Return the pinned requirements of a lock, without hashes.

    >>> pins("numpy==2.4.6 ; python_full_version < '3.12' \\\\\\n    --hash=sha256:00\\n    # via cnnhw\\n")
    ["numpy==2.4.6 ; python_full_version < '3.12'"]
    """
    return [pin.strip() for pin in _PIN.findall(text)]


def cpu_only(text: str) -> str:
    """Turn a resolution of PyTorch into the lock of its CPU build.

    text     what uv resolved, with the CUDA build that it takes for Linux
    returns  the same pins without CUDA's, and with the version that only the CPU build carries

    >>> print(cpu_only("nvidia-cufft==12.0 ; sys_platform == 'linux'\\ntorch==2.13.0\\n"), end="")
    torch==2.13.0 ; sys_platform == 'darwin'
    torch==2.13.0+cpu ; sys_platform != 'darwin'
    """
    kept = [pin for pin in pins(text) if not _CUDA.match(pin) and not pin.startswith("torch==")]
    torch = next(pin for pin in pins(text) if pin.startswith("torch==")).partition("+")[0]
    both = [f"{torch} ; sys_platform == 'darwin'", f"{torch}+cpu ; sys_platform != 'darwin'"]
    return "".join(f"{pin}\n" for pin in sorted([*kept, *both]))


def _lock(places: Places, name: str, more: str, options: list[str | Path]) -> None:
    """Write one lock; uv itself reads the pins that the file holds and keeps those that still fit."""
    output = places.lock(name)
    _compile(places, more, [*options, "--generate-hashes", "--output-file", output.relative_to(places.root)])
    text = output.read_text(encoding="utf-8")
    output.write_text(HEADER + text.removeprefix(HEADER), encoding="utf-8", newline="\n")
    print(f"  {output.relative_to(places.root)}: {len(pins(text))} packages", flush=True)


def _lock_torch(places: Places, options: list[str]) -> None:
    """PyTorch has a lock of its own, without hashes: the same version is built more than once.

    Its version stays until someone edits it: no newer one is wanted only because there is one.
    """
    lock = places.lock("torch")
    torch = re.search(r"torch==[\d.]+\d", lock.read_text(encoding="utf-8"))[0]
    with tempfile.TemporaryDirectory() as folder:
        limits, output = Path(folder, "limits.txt"), Path(folder, "torch.txt")
        limits.write_text("\n".join(pins(places.lock("test").read_text(encoding="utf-8"))), encoding="utf-8")
        output.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
        _compile(places, torch, [*options, "--constraints", limits, "--output-file", output])
        text = output.read_text(encoding="utf-8")
    lock.write_text(HEADER + cpu_only(text), encoding="utf-8", newline="\n")
    print(f"  {lock.relative_to(places.root)}: {len(pins(cpu_only(text)))} packages", flush=True)


def _compile(places: Places, more: str, options: list[str | Path]) -> None:
    """Run uv's resolver with `more` as one of its inputs; the pins of its output file stay where they fit."""
    command = [
        places.uv,
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version",
        "3.11",
        "--no-header",
    ]
    done = subprocess.run(
        [str(part) for part in [*command, *options, "-"]],
        cwd=places.root,
        env=environment(),
        input=more,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise diagnose("resolving the dependencies", done.stderr)
