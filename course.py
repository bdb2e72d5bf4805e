"""Set the course up and run it: `python3 course.py lab`, `python3 course.py test`.

This file keeps to syntax that every Python since 2.7 can read, so that an old one gets an answer instead of
a SyntaxError. The work is in installer/, which may use everything Python 3.11 has.
"""

import os
import sys

OLDEST = (3, 11)


def too_old(version):
    """Return the three lines for a Python older than OLDEST, or None when `version` is new enough."""
    if tuple(version[:2]) >= OLDEST:
        return None
    wanted = ".".join(str(part) for part in OLDEST)
    here = ".".join(str(part) for part in version[:3])
    return "\n".join(
        [
            "the course needs Python " + wanted + " or newer",
            "  got Python " + here + " at " + sys.executable,
            "  install a newer Python (python.org has one for every system) and use it: python"
            + wanted
            + " course.py lab",
        ]
    )


if __name__ == "__main__":
    MESSAGE = too_old(sys.version_info)
    if MESSAGE:
        sys.stderr.write(MESSAGE + "\n")
        sys.exit(1)
    # Python leaves this folder out when PYTHONSAFEPATH is set, or for -P and -I.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from installer.commands import main

    sys.exit(main(sys.argv[1:]))
