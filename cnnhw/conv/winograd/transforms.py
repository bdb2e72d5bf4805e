"""Cook-Toom: the three matrices of F(m, r) for any m, r and points, in exact rationals."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import count, islice
from math import lcm
from numbers import Integral

from cnnhw.errors import ShapeError

Matrix = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class Transforms:
    """The matrices of F(m, r): m ofmap words of a filter with r words from m + r - 1 multiplications.

    m, r    ofmap words of a tile, filter words
    AT      m rows of T = m + r - 1 numbers, the inverse transform
    G       T rows of r numbers, the filter's transform
    BT      T rows of T whole numbers, the ifmap tile's transform
    points  the T - 1 finite points; the last row of G and BT, and column of AT, belong to infinity
    source  Lavin and Gray, CVPR 2016, section 4: y = AT [(G g) * (BT d)]
    """

    m: int
    r: int
    AT: Matrix
    G: Matrix
    BT: Matrix
    points: tuple[Fraction, ...]

    @property
    def T(self) -> int:
        """Words of an ifmap tile, and multiplications of a tile: m + r - 1."""
        return self.m + self.r - 1


def default_points(number: int) -> tuple[Fraction, ...]:
    """Give the first points of 0, 1, -1, 2, -2, 1/2, -1/2, 3, -3, 1/3, -1/3, 4, ...

    number   how many
    returns  that many different Fractions: small numerators and denominators, each with its negative,
             since the powers of a point are what the matrices and the rounding errors are made of
    source   chosen for teaching; F(2, 3), F(4, 3) and F(6, 3) get the points in common use

    >>> [str(point) for point in default_points(7)]
    ['0', '1', '-1', '2', '-2', '1/2', '-1/2']
    """
    return tuple(islice(_every_point(), number))


def transforms(m: int, r: int, points=None) -> Transforms:
    """Build F(m, r) from m + r - 2 finite points and infinity.

    m        ofmap words that a tile makes, 1 or more
    r        words of the filter, 1 or more
    points   at least m + r - 2 different ints or Fractions, of which the first are used; default_points
             if None
    returns  Transforms. With N_j the product of (p_j - p_l) over all other points l, row j of G holds
             p_j^k / N_j, column j of AT holds p_j^i, and row j of BT the coefficients of the product of
             (x - p_l). For a fraction p = a/b, AT holds a^i * b^(m-1-i) and BT is multiplied until
             whole; G is divided by the same, so only G has fractions
    raises   ShapeError if m or r is not a whole number from 1, or a point is repeated, missing or not exact
    source   Winograd 1980; Lavin and Gray, CVPR 2016, print F(2, 3) and F(4, 3). A sign may move from a
             row of BT to its row of G or its column of AT: here the rows of the point 0 and of infinity
             begin, after their zeros, with a positive number, which gives both sets sign for sign

    >>> [[str(word) for word in row] for row in transforms(2, 3).G]
    [['1', '0', '0'], ['1/2', '1/2', '1/2'], ['1/2', '-1/2', '1/2'], ['0', '0', '1']]
    >>> [[int(word) for word in row] for row in transforms(2, 3).AT]
    [[1, 1, 1, 0], [0, 1, -1, -1]]
    """
    for name, value in (("m", m), ("r", r)):
        check_size(name, value)
    points = _enough(exact_points(points), m + r - 2)
    columns, G, BT = [], [], []
    for j, point in enumerate(points):
        column, g_row, b_row = _row_of_point(m, r, point, points[:j] + points[j + 1 :])
        columns.append(column), G.append(g_row), BT.append(b_row)
    columns.append([Fraction(i == m - 1) for i in range(m)])
    G.append([Fraction(k == r - 1) for k in range(r)])
    BT.append(_whole(_product(points)))
    # The sign of infinity's row moves to AT: its row of G stays 0 ... 0 1.
    if _first(BT[-1]) < 0:
        BT[-1], columns[-1] = _scaled(BT[-1], -1), _scaled(columns[-1], -1)
    # Multiplying infinity's row until whole is undone in G.
    G[-1] = _scaled(G[-1], 1 / abs(BT[-1][-1]))
    return Transforms(m, r, _frozen(zip(*columns, strict=True)), _frozen(G), _frozen(BT), points)


def check_size(name: str, value) -> None:
    """Refuse a tile or filter size that is not a whole number from 1.

    name    what to call it
    value   what was given
    raises  ShapeError

    >>> check_size("m", 2)
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        rule, change = f"{name} must be a whole number, 1 or more", f"give {name} as an int, as in {name}=2"
        raise ShapeError(rule, f"{name}={value!r}", change)


def exact_points(points) -> tuple[Fraction, ...] | None:
    """Turn the given points into exact ones.

    points   different ints or Fractions, or None for the default ones
    returns  Fractions, or None
    raises   ShapeError if one is not exact or is repeated

    >>> exact_points((0, -1))
    (Fraction(0, 1), Fraction(-1, 1))
    """
    if points is None:
        return None
    try:
        exact = tuple(_exact(point) for point in points)
    except TypeError as error:
        raise ShapeError(
            "the points must be whole numbers or Fractions",
            f"points={points!r}",
            "give them as in points=(0, 1, -1, Fraction(1, 2)); infinity is always the last one",
        ) from error
    repeated = [point for j, point in enumerate(exact) if point in exact[:j]]
    if repeated:
        raise ShapeError(
            "the points must all be different",
            f"{repeated[0]} twice in points=({', '.join(map(str, exact))})",
            f"replace one of them, as in points=({', '.join(map(str, default_points(len(exact))))})",
        )
    return exact


def _enough(points: tuple[Fraction, ...] | None, needed: int) -> tuple[Fraction, ...]:
    if points is None:
        return default_points(needed)
    if len(points) < needed:
        raise ShapeError(
            "F(m, r) needs m + r - 2 points, infinity not counted",
            f"{len(points)} points where {needed} are needed",
            f"give {needed - len(points)} more, or a smaller m",
        )
    return points[:needed]


def _exact(point) -> Fraction:
    if isinstance(point, bool) or not isinstance(point, int | Fraction):
        raise TypeError(f"{point!r} is not exact")
    return Fraction(point)


def _every_point():
    yield from (Fraction(0), Fraction(1), Fraction(-1))
    for size in count(2):
        for point in (Fraction(size), Fraction(1, size)):
            yield from (point, -point)


def _row_of_point(m: int, r: int, point: Fraction, others: tuple[Fraction, ...]):
    """Column of AT, row of G and row of BT that belong to one finite point."""
    a, b = point.as_integer_ratio()
    b_row = _product(others) + [Fraction(0)]
    scale = _denominator(b_row) * (-1 if point == 0 and _first(b_row) < 0 else 1)
    norm = scale * Fraction(b) ** (m - 1)
    for other in others:
        norm *= point - other
    column = [Fraction(a**i * b ** (m - 1 - i)) for i in range(m)]
    return column, [point**k / norm for k in range(r)], _scaled(b_row, scale)


def _product(roots) -> list[Fraction]:
    """Coefficients of the product of (x - root), lowest power first."""
    coefficients = [Fraction(1)]
    for root in roots:
        shifted, scaled = [Fraction(0), *coefficients], [*_scaled(coefficients, -root), Fraction(0)]
        coefficients = [a + b for a, b in zip(shifted, scaled, strict=True)]
    return coefficients


def _denominator(row) -> int:
    return lcm(*(word.denominator for word in row))


def _whole(row) -> list[Fraction]:
    return _scaled(row, _denominator(row))


def _scaled(row, scale) -> list[Fraction]:
    return [word * scale for word in row]


def _first(row) -> Fraction:
    return next(word for word in row if word)


def _frozen(rows) -> Matrix:
    return tuple(tuple(row) for row in rows)
