"""What a level or an array may be called."""

from cnnhw.errors import CourseError

TAKEN = ("ROWS", "COLS", "MAC")


def checked_name(name) -> None:
    """Refuse what cannot name a level or an array.

    raises  CourseError if it is no text, empty, or means something else in a nest
    """
    if not isinstance(name, str) or not name or name in TAKEN:
        raise CourseError(
            "a level or an array has a name of its own",
            f"{name!r}",
            f'use text such as "L2" or "tiles"; {", ".join(TAKEN)} mean something else in a nest',
        )
