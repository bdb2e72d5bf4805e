"""PyTorch for the tests: always the CPU build, never a CUDA package, and never in the way of a student.

requirements/torch.txt names the version `+cpu`, which only CPU builds carry, and everything is installed
without resolving (--no-deps): nothing of the CUDA build can come along. (On macOS there is no other build.)
"""

import os

from installer import pip_settings
from installer.places import Places
from installer.problems import Problem
from installer.running import environment, stream


def install(places: Places) -> bool:
    """Install requirements/torch.txt: from the folders pip looks in if it has any, else from PyTorch's index.

    returns  whether PyTorch is there now; when it is not, what that means has been printed
    raises   Problem when it is not and CI is set
    """
    there, _ = attempt(places)
    if there:
        return True
    problem = absent()
    if os.environ.get("CI"):
        raise problem
    print(problem, flush=True)
    return False


def attempt(places: Places) -> tuple[bool, str]:
    """Try every way to install requirements/torch.txt, until one succeeds.

    returns  whether PyTorch is there now, and what the last way printed
    """
    settings = pip_settings.pip_settings(places.program(places.uv_venv, "python"), places.root)
    env = environment(**pip_settings.certificate(settings))
    base = [
        places.uv,
        "pip",
        "install",
        "--python",
        places.python,
        "--no-deps",
        *pip_settings.index(settings),
    ]
    for way in ways(settings):
        command = [str(part) for part in (*base, *way, "-r", places.lock("torch"))]
        code, text = stream(command, places.root, env)
        if code == 0:
            return True, text
    return False, text


def ways(settings: dict[str, str]) -> list[list[str]]:
    """Return the options to try, in this order.

    settings  pip's settings

    >>> ways({"find-links": "/wheels"})
    [['--find-links', '/wheels'], ['--torch-backend', 'cpu']]
    >>> ways({})
    [['--torch-backend', 'cpu']]
    """
    folders = pip_settings.find_links(settings)
    return ([folders] if folders else []) + [["--torch-backend", "cpu"]]


def absent() -> Problem:
    """Return what the lack of PyTorch means: a note for a reader, an error on CI."""
    return Problem(
        "the tests that compare cnnhw with PyTorch need its CPU build",
        "no such build for this computer, or no way to reach it; every other test runs, those tests skip",
        "connect to the internet and run the tests again, or name the wheel's folder in PIP_FIND_LINKS",
    )
