"""The shape of every error a reader can cause: the rule, the values, what to change."""

import cmath
import numbers
import operator


class CourseError(ValueError):
    """Say in three lines which rule was broken, by which values, and what to change.

    rule    what must hold, as a sentence
    got     the values that broke it
    change  what the reader can do

    >>> print(CourseError("a filter must fit", "R=5 but H + 2P = 3", "use R <= 3"))
    a filter must fit
      got R=5 but H + 2P = 3
      use R <= 3
    """

    def __init__(self, rule: str, got: str, change: str):
        super().__init__(rule, got, change)
        self.rule, self.got, self.change = rule, got, change

    def __str__(self) -> str:
        return f"{self.rule}\n  got {self.got}\n  {self.change}"


class ShapeError(CourseError):
    """A layer, or the arrays given for one, that cannot exist."""


def whole_number(value, least: int | None = 1) -> int | None:
    """Give a whole number that a reader typed as an int, or None if it is none; the caller says the error.

    value    anything; NumPy's whole numbers count, True and 2.0 do not
    least    the smallest that is meant, or None where any will do

    >>> whole_number(3), whole_number(0), whole_number(0, least=0), whole_number(2.0), whole_number(True)
    (3, None, 0, None, None)
    """
    if isinstance(value, bool):
        return None
    try:
        number = operator.index(value)
    except TypeError:
        return None
    return number if least is None or number >= least else None


def is_finite(number) -> bool:
    """Whether a number is neither infinite nor nan.

    number  of any kind; what is no float and cannot become one only has to equal itself, which nan does not

    >>> is_finite(1 / 3), is_finite(10**400), is_finite(float("inf")), is_finite(complex(0, float("nan")))
    (True, True, False, False)
    """
    try:
        return cmath.isfinite(number)
    except OverflowError:  # a whole or exact number beyond the floats
        return True
    except TypeError:
        return bool(number == number)
    except ValueError:  # a Decimal that signals
        return False


def positive(rule: str, name: str, value: float, change: str | None = None) -> float:
    """Give a number back if it is above 0: it stands under a division line, or is a rate.

    rule    what must hold, as a sentence
    name    of the argument
    value   its value
    change  what the reader can do; by default, give such a number
    raises  CourseError if it is no finite number above 0
    """
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not real or not is_finite(value) or value <= 0:
        raise CourseError(rule, f"{name}={value!r}", change or f"give {name} as a number above 0")
    return value
