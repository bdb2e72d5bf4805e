"""Optional packages that a reader adds to the set-up: what reads an ONNX file, and PyTorch."""

from installer import pip_settings, pytorch
from installer.places import Places
from installer.problems import diagnose
from installer.running import environment, run

# MB that each takes with the files it unpacks on the way, measured on Linux and rounded up.
ROOM = {"onnx": 100, "torch": 900}


def install(places: Places, name: str) -> None:
    """Install one extra, at its locked version, beside what .venv holds.

    name     onnx or torch
    raises   Problem when it cannot be had; what .venv held before is still there
    """
    if name == "torch":
        there, text = pytorch.attempt(places)
        if not there:
            raise diagnose("adding torch", text)
        return
    settings = pip_settings.pip_settings(places.program(places.uv_venv, "python"), places.root)
    env = environment(**pip_settings.certificate(settings))
    # As constraints the pins of the test lock, hashes too, bring only the packages that this one asks for.
    command = [places.uv, "pip", "install", "--python", places.python, "--constraints", places.lock("test")]
    run(f"adding {name}", [*command, *pip_settings.index(settings), name], places.root, env)
