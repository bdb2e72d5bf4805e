"""The commands of course.py."""

import argparse
import os
import signal
import subprocess
import sys

from installer.locks import write_locks
from installer.mutants import run_mutants
from installer.places import Places
from installer.problems import Problem, from_os_error
from installer.running import course_environment
from installer.set_up import add, set_up
from installer.stamp import EXTRAS
from installer.testing import run_tests

HELP = """python3 course.py COMMAND

  lab         set up what is missing and open JupyterLab at the first notebook
  test        set up what is missing and run every test
  add         add an optional package: onnx reads ONNX files, torch reads PyTorch modules
  summary     print the networks of the course beside their published numbers
  notebooks   check or run the notebooks

for instructors:

  release     write the course for students, without right answers: release FOLDER --zip
  collect     sort downloaded submissions by student and sheet
  grade       grade a sheet's submissions, each in a box
  copies      list answers of two students that are alike, for you to look at
  marks       give marks and comments by hand, in nbgrader's formgrader
  feedback    write a page for each student
  export      write the grades as CSV, for Moodle and Canvas too
  exercises   write exercises/ anew from solutions/

for who changes the library:

  mutants     edit the library thousands of times and see whether a test notices; a room's name for one room
  lock        write the locks in requirements/ anew; --upgrade takes the newest versions

What follows a command is passed on: `lab --no-browser --port 8899`, `test -k conv`, `test tests/setup`."""

# Commands of cnnhw itself, and the set-up each needs. Only instructors need nbgrader.
INSTRUCTORS = ("release", "collect", "grade", "copies", "marks", "feedback", "export", "exercises")
PASSED_ON = {"summary": "lab"} | dict.fromkeys(("notebooks", *INSTRUCTORS), "teach")


def main(args: list[str], places: Places | None = None) -> int:
    """Run one command.

    args     the words after course.py
    places   the course's folder; this one when not given
    returns  the exit code
    """
    places = places or Places()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    try:
        return _command(args[:1], args[1:], places)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        print(from_os_error(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the same command takes up the work where it is", file=sys.stderr)
        return 130


def _command(name: list[str], rest: list[str], places: Places) -> int:
    match name:
        case ["lab"]:
            set_up(places, "lab")
            return _become(places, "cnnhw.course.lab", str(places.root), *rest)
        case ["test"]:
            return _test(rest, places)
        case ["add"]:
            return _add(rest, places)
        case ["mutants"]:
            return run_mutants(places, rest)
        case ["lock"]:
            write_locks(places, upgrade="--upgrade" in rest)
            return 0
        case [command] if command in INSTRUCTORS and not (places.root / "cnnhw_grading").is_dir():
            raise Problem(
                f"{command} is an instructor's command",
                "this course came without right answers and grading",
                "instructors: work in the folder that `release` was run in",
            )
        case [command] if command in PASSED_ON:
            set_up(places, PASSED_ON[command])
            return _become(places, "cnnhw.course.cli", command, *rest)
        case [] | ["-h"] | ["--help"] | ["help"]:
            print(HELP)
            return 0
        case _:
            raise Problem("course.py knows a few commands", name[0], "python3 course.py help    lists them")


def _test(args: list[str], places: Places) -> int:
    parser = argparse.ArgumentParser(prog="course.py test", add_help=False)
    parser.add_argument("--dependencies", choices=["locked", "newest", "oldest"], default="locked")
    ours, rest = parser.parse_known_args(args)
    set_up(places, "test", ours.dependencies)
    return run_tests(places, rest, strict=ours.dependencies == "locked")


def _add(names: list[str], places: Places) -> int:
    if len(names) != 1 or names[0] not in EXTRAS:
        raise Problem(
            "course.py adds one of its optional packages",
            " ".join(names) or "no name",
            "write " + " or ".join(f"python3 course.py add {name}" for name in EXTRAS),
        )
    add(places, names[0])
    return 0


def _become(places: Places, module: str, *words: str) -> int:
    """Hand over to a module of the environment, which gets Control-C and the end of the terminal itself."""
    command, env = [str(places.python), "-m", module, *words], course_environment(places)
    sys.stdout.flush()
    if os.name != "nt":
        os.chdir(places.root)
        os.execve(command[0], command, env)
    with subprocess.Popen(command, cwd=places.root, env=env) as program:
        # Control-C reaches both; JupyterLab asks what to do, and this process only waits.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return program.wait()
