"""The check of a number that stands under a division line, or is a rate."""

import math
import numbers

from cnnhw.errors import CourseError


def positive(rule: str, name: str, value: float) -> float:
    """Give a number back if it is above 0.

    rule    what must hold, as a sentence
    name    of the argument
    value   its value
    raises  CourseError if it is no finite number above 0
    """
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value <= 0:
        raise CourseError(rule, f"{name}={value!r}", f"give {name} as a number above 0")
    return value
