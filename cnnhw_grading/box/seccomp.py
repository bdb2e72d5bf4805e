"""The system calls that a box may not make, as a filter that bubblewrap or the box itself loads."""

import errno
import tempfile
from typing import BinaryIO

# Ways out of a box or into another process, and parts of the kernel with a long record of holes.
REFUSED = (
    "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "bpf", "perf_event_open",
    "io_uring_setup", "io_uring_enter", "io_uring_register", "keyctl", "add_key", "request_key",
    "userfaultfd", "mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "open_tree",
    "move_mount", "fsopen", "fsmount", "fsconfig", "fspick", "mount_setattr", "swapon", "swapoff",
    "reboot", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "acct",
    "quotactl", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname",
    "setdomainname", "iopl", "ioperm", "syslog", "name_to_handle_at", "open_by_handle_at",
    "lookup_dcookie", "personality", "vhangup", "nfsservctl", "memfd_secret", "mbind", "move_pages",
    "migrate_pages", "set_mempolicy", "socket", "memfd_create",
)  # fmt: skip
_OTHER_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET


def program() -> BinaryIO:
    """Give the filter as a compiled program in an open file, at its beginning.

    raises  ImportError where pyseccomp, or the libseccomp it needs, is not installed
    """
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in REFUSED:
        _refuse(pyseccomp, rules, errno.EPERM, name)
    for flag in (1 << bit for bit in range(32) if _OTHER_NAMESPACES >> bit & 1):
        _refuse(pyseccomp, rules, errno.EPERM, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    # clone3 hides its flags in memory, where no filter sees them; the C library falls back to clone.
    _refuse(pyseccomp, rules, errno.ENOSYS, "clone3")
    file = tempfile.TemporaryFile()  # noqa: SIM115  the box that inherits it closes it
    rules.export_bpf(file)
    file.flush()
    file.seek(0)
    return file


def _refuse(pyseccomp, rules, code: int, name: str, *arguments) -> None:
    try:
        pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
    except ValueError:  # a call that this kind of processor does not have
        return
    rules.add_rule(pyseccomp.ERRNO(code), name, *arguments)
