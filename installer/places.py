"""Where everything is: the course's folder, its environment, its tools, on every system."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Places:
    """The paths under one copy of the course.

    root     the folder that holds course.py
    windows  whether programs are Scripts\\\\name.exe rather than bin/name

    >>> Places(Path("course"), windows=False).python.as_posix()
    'course/.venv/bin/python'
    >>> Places(Path("course"), windows=True).python.as_posix()
    'course/.venv/Scripts/python.exe'
    """

    root: Path = ROOT
    windows: bool = os.name == "nt"

    def program(self, environment: Path, name: str) -> Path:
        """Return the path of a program that an environment holds."""
        return (
            environment / ("Scripts" if self.windows else "bin") / (name + (".exe" if self.windows else ""))
        )

    @property
    def venv(self) -> Path:
        """The environment of the course."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.program(self.venv, "python")

    @property
    def site_packages(self) -> Path:
        """The folder of the environment's packages."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return (
            self.venv / "Lib" / "site-packages"
            if self.windows
            else self.venv / "lib" / version / "site-packages"
        )

    @property
    def stamp(self) -> Path:
        """The file that says what the environment was built from; it is written last."""
        return self.venv / "cnnhw-stamp.json"

    @property
    def tools(self) -> Path:
        """What only the set-up needs: uv, in an environment of its own."""
        return self.root / ".tools"

    @property
    def uv_venv(self) -> Path:
        """The environment that holds uv."""
        return self.tools / "uv"

    @property
    def uv(self) -> Path:
        """The installer."""
        return self.program(self.uv_venv, "uv")

    def lock(self, name: str) -> Path:
        """Return the path of a lock: lab, test, mutants, torch or tools."""
        return self.root / "requirements" / f"{name}.txt"

    @property
    def pyproject(self) -> Path:
        """The project's own description."""
        return self.root / "pyproject.toml"


def free_megabytes(folder: Path) -> int:
    """Return the room left on the disk that holds `folder`, in MB."""
    return shutil.disk_usage(folder).free // 10**6


def base_python() -> str:
    """Return the Python outside any environment: .venv may be rebuilt while its own Python runs this."""
    return getattr(sys, "_base_executable", None) or sys.executable
