"""`course.py mutants`: edit the library a little, thousands of times, and ask whether a test notices."""

import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Sequence

from installer import pip_settings
from installer.one_at_a_time import one_at_a_time
from installer.places import Places
from installer.problems import Problem
from installer.running import environment, run
from installer.set_up import set_up

ROOMS = (
    "shape",
    "machine",
    "nest",
    "counts",
    "energy",
    "dataflows",
    "mapper",
    "experiments",
    "conv",
    "emulator",
    "timing",
    "systolic",
    "roofline",
)
LEAST = 95  # percent that a room's tests must notice
NOTICED = {"killed", "timeout"}
_LINE = re.compile(r"^\s*cnnhw\.(\w+)\S*: ([a-z ]+)$", re.MULTILINE)


def run_mutants(places: Places, rooms: Sequence[str]) -> int:
    """Run mutmut over some rooms, all of them if none is named, and print each room's score.

    returns  0 if the tests notice at least 95 % of the mutants in each room
    raises   Problem for a room there is not, or on Windows
    """
    unknown = [room for room in rooms if room not in ROOMS]
    if unknown:
        raise Problem("mutants are made of one of these rooms", unknown[0], f"use {', '.join(ROOMS)}")
    if places.windows:
        raise Problem(
            "mutmut tries each mutant in a copy of its process", "Windows, which makes none", "use it in WSL"
        )
    set_up(places, "test")
    mutmut = str(_mutmut(places))
    # Each mutant starts pytest anew, sooner where it loads no plugins; the cases drawn are always the same.
    env = environment(CI="1", CNNHW_CACHE="off", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    code = subprocess.run(
        [mutmut, "run", *(f"cnnhw.{room}.*" for room in rooms)], cwd=places.root, env=env
    ).returncode
    listed = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=places.root, env=env, capture_output=True, encoding="utf-8"
    )
    found = scores(listed.stdout)
    reasons = _reasons(places)
    excused = Counter(
        name.split(".")[1]
        for name in survivors(listed.stdout)
        if argued(name, _shown(mutmut, name, places, env), reasons)
    )
    for room, (noticed, mutants) in found.items():
        left = mutants - excused[room]
        share = 100 * noticed / left if left else 100.0
        told = f"{noticed:>6} of {left:>5} mutants noticed: {share:5.1f} %"
        print(f"  {room:<10}{told}, {excused[room]} argued away")
    return code or int(any(100 * n < LEAST * (m - excused[room]) for room, (n, m) in found.items()))


def scores(text: str) -> dict[str, tuple[int, int]]:
    """Count by room what `mutmut results --all true` lists: mutants noticed, and mutants tried.

    >>> scores("  cnnhw.nest.cuts.x_f__mutmut_1: killed\\n  cnnhw.nest.loop.x_g__mutmut_2: survived\\n")
    {'nest': (1, 2)}
    """
    noticed, tried = Counter(), Counter()
    for room, verdict in _LINE.findall(text):
        tried[room] += verdict != "not checked"
        noticed[room] += verdict in NOTICED
    return {room: (noticed[room], mutants) for room, mutants in tried.items() if mutants}


def survivors(text: str) -> list[str]:
    """The names of mutants that no test noticed, of what `mutmut results --all true` lists.

    >>> survivors("  cnnhw.nest.cuts.x_f__mutmut_1: killed\\n  cnnhw.nest.loop.x_g__mutmut_2: survived\\n")
    ['cnnhw.nest.loop.x_g__mutmut_2']
    """
    return re.findall(r"^\s*(cnnhw\.\S+): survived$", text, re.MULTILINE)


def argued(name: str, diff: str, reasons: Sequence[dict]) -> bool:
    """Say whether a survivor is one that docs/mutants_argued.toml lets be.

    name     as mutmut calls it: cnnhw.nest.loop.x_g__mutmut_2
    diff     what `mutmut show` prints
    reasons  the entries of the file: the edit puts `now` in the place of one `was`, and does nothing else;
             `where`, if there, is in the name
    """
    lines = diff.splitlines()
    was = "\n".join(line[1:] for line in lines if line.startswith("-") and not line.startswith("---"))
    now = "\n".join(line[1:] for line in lines if line.startswith("+") and not line.startswith("+++"))
    return any(
        reason.get("where", "") in name
        and any(
            was[: at.start()] + reason["now"] + was[at.end() :] == now
            for at in re.finditer(re.escape(reason["was"]), was)
        )
        for reason in reasons
    )


def _reasons(places: Places) -> list[dict]:
    text = (places.root / "docs" / "mutants_argued.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["argued"]


def _shown(mutmut: str, name: str, places: Places, env: dict[str, str]) -> str:
    command = [mutmut, "show", name]
    return subprocess.run(command, cwd=places.root, env=env, capture_output=True, encoding="utf-8").stdout


def _mutmut(places: Places):
    """Put mutmut into an environment of its own that sees the packages of .venv; no student needs it."""
    home = places.tools / "mutants"
    program, stamp = places.program(home, "mutmut"), home / "lock.txt"
    lock = places.lock("mutants").read_text(encoding="utf-8")
    with one_at_a_time(places.tools / "set-up.lock"):
        if not (program.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == lock):
            source = pip_settings.index(
                pip_settings.pip_settings(places.program(places.uv_venv, "python"), places.root)
            )
            venv = [places.uv, "venv", "--clear", "--no-project", "--python", places.python, home]
            run("making mutmut's environment", venv, places.root)
            python = ["--python", places.program(home, "python"), "--require-hashes", *source]
            run("fetching mutmut", [places.uv, "pip", "sync", *python, places.lock("mutants")], places.root)
            seen = home / places.site_packages.relative_to(places.venv) / "course.pth"
            seen.write_text(f"{places.site_packages}\n", encoding="utf-8")
            stamp.write_text(lock, encoding="utf-8")
    return program
