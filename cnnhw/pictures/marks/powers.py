"""An axis of powers of ten, labelled in plain text."""

from math import log10

from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator

_RAISED = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")


def power_of_ten_axis(axes: Axes) -> None:
    """Make the y axis logarithmic, with a tick at each power of ten.

    axes  changed in place. matplotlib would typeset the labels as formulas: half the time of a drawing,
          and no text that can be searched
    """
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(base=10, numticks=12))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _place: power_of_ten(value))


def power_of_ten(value: float) -> str:
    """Write a power of ten with its exponent raised.

    >>> power_of_ten(1000), power_of_ten(1e-5)
    ('10\u00b3', '10\u207b\u2075')
    """
    exponent = str(round(log10(value)))
    return "10" + exponent.translate(_RAISED)
