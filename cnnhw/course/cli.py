"""The `cnnhw` command: one subcommand for each thing the course can do outside a notebook.

A subcommand is a module of this folder, or of cnnhw_grading/commands, with add_arguments(parser) and
run(arguments) -> exit code. It is imported only when it is the one that was asked for.
"""

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence

from cnnhw.errors import CourseError

COMMANDS = {
    "dataflows": "compare six dataflows as ISCA 2016 did, or show each formula beside its nest",
    "notebooks": "run notebooks/ and solutions/ again and save them, or save them as HTML pages",
    "network": "print the layers of your own network, and what each dataflow needs for them",
    "summary": "print slides 16 and 18 beside computed numbers",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    arguments  the words after `cnnhw`; those of the process unless given
    returns    exit code: 0 done, 1 an error that was explained, 2 a command line that cannot be read
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = _parser(words).parse_args(words)
    _print_anything()
    try:
        code = _module(chosen.command).run(chosen)
        sys.stdout.flush()
    except CourseError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of the pipe, such as head, has seen enough; Python must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _commands() -> dict[str, str]:
    """Every subcommand and what it does: this room's, and the instructor's where they are installed."""
    found = importlib.util.find_spec("cnnhw_grading")
    return COMMANDS | (importlib.import_module("cnnhw_grading.commands").COMMANDS if found else {})


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cnnhw", description="Run parts of the course outside a notebook.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, what in _commands().items():
        command = commands.add_parser(name, help=what, description=what)
        if name in words:
            _module(name).add_arguments(command)
    return parser


def _module(name: str):
    room = "cnnhw.course" if name in COMMANDS else "cnnhw_grading.commands"
    return importlib.import_module(f"{room}.{name}")


def _print_anything() -> None:
    """A terminal that cannot show a letter shows a question mark; it does not stop the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
