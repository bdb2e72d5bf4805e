"""A program that the course is compared with, and that lives in an environment of its own."""

import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """Such a program.

    name       of the program; in options it is written small, without hyphens
    packages   what pip installs, with the version whose numbers are in docs/benchmarks.md
    ask        Python that prints its version, and fails where it cannot run
    benchmark  the module that compares with it
    """

    name: str
    packages: str
    ask: str
    benchmark: str

    def how_to_get_it(self, python: str | None) -> str:
        """Say how to get it.

        python  where it was looked for, if anywhere
        """
        option = self.name.lower().replace("-", "")
        folder, looked = f"{option}-env", f"{python} cannot run it. " if python else ""
        return (
            f"This compares with {self.name}. {looked}It needs an environment of its own:\n\n"
            f"    python -m venv {folder}\n"
            f"    {folder}/bin/python -m pip install {self.packages}\n"
            f"    python -m benchmarks.{self.benchmark} --{option} {folder}/bin/python\n\n"
            f"({folder}\\Scripts\\python on Windows), or measure the course alone with --without-{option}."
        )

    def version(self, python: str) -> str | None:
        """Give its version in an environment, or None if it cannot run there.

        python  the environment's Python
        """
        command = [python, "-I", "-W", "ignore", "-c", self.ask]
        try:
            answer = subprocess.run(command, capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return answer.stdout.strip()
