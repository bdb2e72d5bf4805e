"""Landlock, for a machine without bubblewrap: what this process may read and write."""

import ctypes
import os

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls, the same on every processor
_ASK_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_SET_SECCOMP, _MODE_FILTER, _INSTRUCTION_BYTES = 22, 2, 8
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_ALL_BITS = (13, 14, 15, 15, 16)  # rights over files that each version knows


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Give the version of Landlock that the kernel has; 0 where it has none."""
    return max(0, ctypes.CDLL(None, use_errno=True).syscall(_CREATE, None, 0, _ASK_VERSION))


def restrict(readable: tuple[str, ...], writable: tuple[str, ...]) -> None:
    """Take every other file from this process and all it starts, for good.

    readable  folders whose files may be read and run
    writable  folders in which files may be made and written too
    raises    OSError where the kernel refuses
    """
    libc = ctypes.CDLL(None, use_errno=True)
    known = version()
    every = (1 << _ALL_BITS[min(known, len(_ALL_BITS)) - 1]) - 1
    rules = _Ruleset(every, 3 if known >= 4 else 0)
    ruleset = _done(libc.syscall(_CREATE, ctypes.byref(rules), 16 if known >= 4 else 8, 0))
    for folders, rights in ((readable, _READ), (writable, every)):
        for folder in folders:
            _allow(libc, ruleset, folder, rights)
    _done(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _done(libc.syscall(_RESTRICT, ruleset, 0))
    os.close(ruleset)


def _allow(libc, ruleset: int, folder: str, rights: int) -> None:
    if not os.path.exists(folder):
        return
    at = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    of_files = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14)  # a file has no rights of folders
    rule = _Beneath(rights if os.path.isdir(folder) else rights & of_files, at)
    _done(libc.syscall(_ADD, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0))
    os.close(at)


def _done(code: int) -> int:
    if code < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return code


class _Program(ctypes.Structure):
    _fields_ = (("instructions", ctypes.c_ushort), ("code", ctypes.c_void_p))


def load_filter(fd: int) -> None:
    """Load a compiled filter of system calls into this process.

    fd      an open file that holds it
    raises  OSError where the kernel refuses
    """
    code = os.pread(fd, 1 << 20, 0)
    words = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // _INSTRUCTION_BYTES, ctypes.cast(words, ctypes.c_void_p))
    _done(ctypes.CDLL(None, use_errno=True).prctl(_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0))
    os.close(fd)
