"""The kinds of box there are, and which one this machine can have."""

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw_grading.box.library import Library

TMP_BYTES = 32_000_000
_ROOT = "/box/lib"


@dataclass(frozen=True)
class Kind:
    """One way to keep a student's code in: its name, as it is written into every row, and how to start it."""

    name: str

    @property
    def filters(self) -> bool:
        """Whether system calls are filtered."""
        return self.name != "unsafe"

    def command(
        self, library: Library, home: str, reads: int, writes: int, filter_fd: int | None, user: int | None
    ) -> list[str]:
        """Give the command that starts a box.

        library        what the box may read
        home           the one folder that it may write to, where no bubblewrap makes it one
        reads, writes  the box's ends of the two pipes
        filter_fd      an open file with the system call filter, or None
        user           the number of the user that the box becomes; None to stay
        """
        python = [sys.executable, "-s", "-B", "-m", "cnnhw_grading.inside"]
        inside = [*python, "-" if user is None else str(user), str(reads), str(writes)]
        if self.name == "bubblewrap":
            settings = self.environment(library, home).items()
            named = [word for name, value in settings for word in ("--setenv", name, value)]
            return [*_bubblewrap(library, filter_fd, os.geteuid() == 0), *named, "--", *inside]
        return [*inside, str(filter_fd)] if self.filters else inside

    @property
    def becomes_nobody(self) -> bool:
        """Whether the box, started by root, becomes a user of its own."""
        return self.filters and os.geteuid() == 0

    def environment(self, library: Library, home: str) -> dict[str, str]:
        """Give all that a box finds in its environment; `home` is the one folder that it may write to."""
        boxed = self.name == "bubblewrap"
        home = "/tmp" if boxed else home
        kept = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
        return kept | {
            "PATH": os.defpath,
            "HOME": home,
            "LANG": "C.UTF-8",
            "PYTHONPATH": _ROOT if boxed else str(library.folder),
            "PYTHONUTF8": "1",
            "PYTHONHASHSEED": "0",
            "IPYTHONDIR": f"{home}/ipython",
            "MPLCONFIGDIR": f"{home}/matplotlib",
            "MPLBACKEND": "Agg",
            **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB")},
        }


def choose(unsafe: bool = False) -> Kind:
    """Choose the strongest box that this machine can have.

    unsafe   run without any box; every row of the results will say so
    raises   CourseError where there is none, with what to install or type
    """
    if unsafe:
        return Kind("unsafe")
    if sys.platform == "linux" and bubblewrap_works():
        return Kind("bubblewrap")
    if sys.platform == "linux" and os.geteuid() == 0 and landlock_works():
        return Kind("landlock")
    raise CourseError(
        "students' code is graded in a box",
        f"none can be made on this {sys.platform} machine: bubblewrap is not there, or may not make one",
        "install Debian's bubblewrap, or grade in a container: docker run --rm -it --cap-add SYS_ADMIN"
        ' --security-opt seccomp=unconfined -v "$PWD":/course -w /course debian:12 (podman likewise);'
        " --unsafe grades without a box",
    )


@functools.cache
def bubblewrap_works() -> bool:
    """Try a box that does nothing."""
    program = shutil.which("bwrap")
    if not program or not _has_filter():
        return False
    root = os.geteuid() == 0
    trial = [*_namespaces(root), *_system(), "--proc", "/proc", "--dev", "/dev", "/usr/bin/true"]
    return subprocess.run([program, *trial], capture_output=True, check=False, timeout=20).returncode == 0


@functools.cache
def landlock_works() -> bool:
    """Ask the kernel for its version of Landlock."""
    from cnnhw_grading.inside import landlock

    return landlock.version() > 0 and _has_filter()


def _has_filter() -> bool:
    from cnnhw_grading.box import seccomp

    try:
        seccomp.program().close()
    except (ImportError, OSError, RuntimeError):
        return False
    return True


def _bubblewrap(library: Library, filter_fd: int | None, root: bool) -> list[str]:
    words = [shutil.which("bwrap") or "bwrap", *_namespaces(root), *_system()]
    words += ["--proc", "/proc", "--dev", "/dev"]
    words += ["--size", str(TMP_BYTES), "--tmpfs", "/dev/shm", "--perms", "1777"]
    words += ["--size", str(TMP_BYTES), "--tmpfs", "/tmp"]
    words += _python()  # after /tmp, which would cover a course that stands in a temporary folder
    words += ["--perms", "0755", "--dir", "/box", "--ro-bind", str(library.folder), _ROOT]
    words += ["--perms", "1777", "--dir", "/tmp/matplotlib"]
    for font in library.fonts:
        words += ["--ro-bind", str(font), f"/tmp/matplotlib/{font.name}"]
    words += ["--remount-ro", "/", "--chdir", "/tmp"]
    return [*words, *([] if filter_fd is None else ["--seccomp", str(filter_fd)])]


def _namespaces(root: bool) -> list[str]:
    kept = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    kept += ["--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    if root:
        # Root can read the course wherever it stands; the box's first act is to become nobody for good.
        return [*kept, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*kept, "--unshare-user", "--disable-userns"]


def _system() -> list[str]:
    words = ["--ro-bind", "/usr", "/usr", "--perms", "0755", "--dir", "/etc"]
    for name in ("bin", "lib", "lib32", "lib64", "libx32", "sbin"):
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    for name in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime"):
        words += ["--ro-bind-try", name, name]
    return words


def _python() -> list[str]:
    """Bind the interpreter and its packages where they stand: they know their own paths."""
    words = []
    for folder in dict.fromkeys((sys.base_prefix, sys.prefix)):
        if not Path(folder).is_relative_to("/usr"):
            # Made by bubblewrap itself, the folders on the way would be root's alone.
            for parent in reversed(Path(folder).parents[:-1]):
                words += ["--perms", "0755", "--dir", str(parent)]
            words += ["--ro-bind", folder, folder]
    return words
