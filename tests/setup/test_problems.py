"""Whatever stops a set-up, the reader gets three lines that say what to do."""

import errno

import pytest

from installer import problems

# What the programs really print, one example for each way to fail.
SAID = {
    problems.disk_full: [
        "Failed to extract archive: No space left on device (os error 28)",
        "failed to create file: Disk quota exceeded (os error 122)",
        "Es steht nicht genug Speicherplatz auf dem Datentraeger zur Verfuegung. (os error 112)",
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    ],
    problems.not_writable: [
        "failed to create directory `/srv/course/.venv`: Read-only file system (os error 30)",
        "failed to remove file `lab.exe`: Access is denied. (os error 5)",
        "Error: [Errno 13] Permission denied: '/srv/course/.tools'",
    ],
    problems.no_network: [
        "cause: dns error: failed to lookup address information",
        "cause: tunnel error: failed to create underlying connection",
        "Failed to download `numpy`: operation timed out",
        "Failed to establish a new connection: Temporary failure in name resolution",
        "ERROR: Could not find a version that satisfies the requirement uv\nERROR: No matching distribution",
    ],
    problems.bad_certificate: [
        "error sending request\ncause: invalid peer certificate: UnknownIssuer",
        "Max retries exceeded: SSLError(CERTIFICATE_VERIFY_FAILED)",
    ],
}


@pytest.mark.parametrize(
    ("problem", "output"), [(problem, output) for problem, outputs in SAID.items() for output in outputs]
)
def test_diagnosis(problem, output):
    found = problems.diagnose("installing the packages", "Resolved 107 packages\n" + output + "\n\n")
    assert (found.rule, found.change) == (problem("").rule, problem("").change)
    assert found.got.startswith("while installing the packages: ")


def test_an_unknown_failure_quotes_the_end():
    found = problems.diagnose("making .venv", "first\nsomething new\n")
    assert str(found).splitlines()[:2] == ["making .venv must succeed", "  got something new"]
    assert "run the same command again" in found.change


def test_a_program_that_says_nothing():
    assert "got no output" in str(problems.diagnose("making .venv", ""))


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        (errno.ENOSPC, "the course needs room on the disk for its packages"),
        (errno.EROFS, "course.py must be able to write in the course's folder"),
        (errno.EACCES, "course.py must be able to write in the course's folder"),
        (errno.EEXIST, "course.py must be able to make its folders"),
        (errno.EIO, "course.py must be able to use the course's folder"),
    ],
)
def test_errors_of_the_operating_system(number, rule):
    found = problems.from_os_error(OSError(number, "what the system says", "/a/path"))
    assert found.rule.startswith(rule)
    assert found.got == "what the system says: /a/path"
    assert len(str(found).splitlines()) == 3
