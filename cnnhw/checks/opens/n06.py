"""What the open exercises of notebook 06_winograd_and_fft want: the rule itself, no answer."""

from fractions import Fraction

import numpy as np

from cnnhw.checks.exercise import Open


def matrix(rows) -> np.ndarray:
    """Give a matrix of exact numbers from lists, arrays, Fractions or floats.

    rows     nested lists of numbers
    returns  object array of Fractions
    """
    array = np.array(rows, dtype=object)
    return np.vectorize(Fraction, otypes=[object])(array)


def sizes(answer) -> list[tuple[int, ...]]:
    """The shapes of the matrices in an answer."""
    return [matrix(part).shape for part in answer]


def correlates(answer, flipped: bool = False) -> bool:
    """Whether AT [(G g) * (BT d)] is the correlation of 4 words d and 2 weights g, whatever they are.

    Both sides are linear in d and in g, so that it is enough to try one word and one weight of 1, the
    others 0: eight cases. They are exact; a float such as 1/3 may be off by its rounding.
    """
    AT, G, BT = map(matrix, answer)
    for word in range(4):
        for weight in range(2):
            y = AT @ (G[:, weight] * BT[:, word])
            place = word - (1 - weight if flipped else weight)
            expected = [int(i == place) for i in range(3)]
            if any(abs(mine - right) > Fraction(1, 10**9) for mine, right in zip(y, expected, strict=True)):
                return False
    return True


def other_numbers(answer) -> int:
    """Numbers of the three matrices by which a multiplication, or a shift, is needed."""
    return sum(abs(number) not in (0, 1) for part in answer for number in matrix(part).flat)


NOTEBOOK = "06_winograd_and_fft"


OPENS = (
    Open(
        name="own_f32",
        notebook=NOTEBOOK,
        points=4,
        rule="(AT, G, BT) with AT [(G g) * (BT d)] = [d0*g0 + d1*g1, d1*g0 + d2*g1, d2*g0 + d3*g1]",
        wants=tuple,
        properties=(
            ("it has three matrices", lambda answer: len(answer) == 3),
            ("AT is 3 x 4, G is 4 x 2, BT is 4 x 4", lambda a: sizes(a) == [(3, 4), (4, 2), (4, 4)]),
            ("it is the correlation, for every d and g", correlates),
        ),
        score=other_numbers,
        unit="numbers other than 0, 1 and -1",
        best=(4, "a search over all sets of small points and all ways to scale the rows"),
    ),
)
