"""A fast Fourier transform to read: radix 4, 2, 3 and 5, its every operation in sight and counted."""

import math
from collections.abc import Callable

import numpy as np

from cnnhw.conv.fft.tiles import smooth
from cnnhw.conv.operations import Operations
from cnnhw.errors import CourseError

Complex = tuple[np.ndarray, np.ndarray]  # real and imaginary parts, apart


def fft_words(words: Complex, number: Callable = float) -> Complex:
    """Transform along the first axis by splitting into p shorter transforms, again and again.

    words    (real, imaginary), each (n, ...); n has no prime factor but 2, 3 and 5
    number   turns a constant of the transform into the kind of number to calculate with
    returns  (real, imaginary) of X[k] = sum over h of words[h] * exp(-2 pi i h k / n), not scaled
    raises   CourseError if n has another prime factor
    source   Cooley and Tukey, Math. Comp. 19, 1965

    >>> real, imaginary = fft_words((np.array([1.0, 2, 3, 4]), np.zeros(4)))
    >>> real, imaginary                              # k = 1: 1 - 2i - 3 + 4i = -2 + 2i
    (array([10., -2., -2., -2.]), array([ 0.,  2.,  0., -2.]))
    """
    n = len(words[0])
    if n == 1:
        return words
    p = _radix(n)
    parts = [fft_words((words[0][j::p], words[1][j::p]), number) for j in range(p)]
    turned = [parts[0]] + [_turn(parts[j], j, n, number) for j in range(1, p)]
    joined = _BUTTERFLIES[p](turned, number)
    return tuple(np.concatenate([part[side] for part in joined]) for side in (0, 1))


def fft_words_operations(n: int) -> Operations:
    """Count what fft_words does with one column of n complex words.

    n        points, no prime factor but 2, 3 and 5
    returns  Operations: n = p*m points are p transforms of m, (p - 1)*(m - 1) complex multiplications by
             a constant (4 and 2 each), and m butterflies of p points

    The record for powers of two is 4*n*log2(n) - 6*n + 8 in all (Yavne 1968, split radix).

    >>> fft_words_operations(16), 4 * 16 * 4 - 6 * 16 + 8
    (Operations(multiplications=36, additions=146, workspace_words=32), 168)
    """
    multiplications, additions = _fft_counts(n)
    return Operations(multiplications=multiplications, additions=additions, workspace_words=2 * n)


def _radix(n: int) -> int:
    for p in (4, 2, 3, 5):
        if n and n % p == 0:
            return p
    raise CourseError(
        "fft_words splits sizes whose only prime factors are 2, 3 and 5",
        f"{n} points",
        f"fill up with zeros to {smooth(max(n, 1))}",
    )


def _fft_counts(n: int) -> tuple[int, int]:
    if n == 1:
        return 0, 0
    p = _radix(n)
    m, h = n // p, p // 2
    multiplications, additions = (p * count for count in _fft_counts(m))
    turns = (p - 1) * (m - 1)
    flies = {2: (0, 4), 4: (0, 16)}.get(p, (4 * h * h, 4 * h * (h + 2)))
    return multiplications + 4 * turns + m * flies[0], additions + 2 * turns + m * flies[1]


def _turn(words: Complex, j: int, n: int, number: Callable) -> Complex:
    """Multiply word k by exp(-2 pi i j k / n); word 0 stays, for its factor is 1."""
    real, imaginary = [words[0][0]], [words[1][0]]
    for k in range(1, len(words[0])):
        cosine, sine = (number(part) for part in _unit(-j * k, n))
        real.append(words[0][k] * cosine - words[1][k] * sine)
        imaginary.append(words[0][k] * sine + words[1][k] * cosine)
    return np.stack(real), np.stack(imaginary)


def _unit(q: int, n: int) -> tuple[float, float]:
    """Cosine and sine of 2 pi q / n, from an angle of at most pi / 4, where a rounded angle does no harm."""
    quarter, rest = divmod(4 * q, n)
    folded = min(rest, n - rest)  # cos and sin of a right angle's rest are sin and cos of what remains
    angle = math.pi / 2 * folded / n
    pair = math.cos(angle), math.sin(angle)
    cosine, sine = pair if folded == rest else pair[::-1]
    return ((cosine, sine), (-sine, cosine), (-cosine, -sine), (sine, -cosine))[quarter % 4]


def _plus(a: Complex, b: Complex) -> Complex:
    return a[0] + b[0], a[1] + b[1]


def _minus(a: Complex, b: Complex) -> Complex:
    return a[0] - b[0], a[1] - b[1]


def _back_a_quarter(a: Complex) -> Complex:
    """Multiply by -i, which costs nothing: (a + bi) * -i = b - ai."""
    return a[1], -a[0]


def _two(x: list[Complex], number: Callable) -> list[Complex]:
    return [_plus(x[0], x[1]), _minus(x[0], x[1])]


def _four(x: list[Complex], number: Callable) -> list[Complex]:
    even, odd = _plus(x[0], x[2]), _plus(x[1], x[3])
    across, back = _minus(x[0], x[2]), _back_a_quarter(_minus(x[1], x[3]))
    return [_plus(even, odd), _plus(across, back), _minus(even, odd), _minus(across, back)]


def _odd(x: list[Complex], number: Callable) -> list[Complex]:
    """Three or five points: frequencies q and p - q share their cosine and their sine sums."""
    p, half = len(x), range(1, len(x) // 2 + 1)
    sums, differences = [_plus(x[j], x[-j]) for j in half], [_minus(x[j], x[-j]) for j in half]
    out = [_sum([x[0], *sums])] + [None] * (p - 1)
    for q in half:
        units = [_unit(q * j, p) for j in half]
        cosines = [_scaled(a, number(cosine)) for a, (cosine, _) in zip(sums, units, strict=True)]
        sines = [_scaled(a, number(sine)) for a, (_, sine) in zip(differences, units, strict=True)]
        even, odd = _sum([x[0], *cosines]), _back_a_quarter(_sum(sines))
        out[q], out[p - q] = _plus(even, odd), _minus(even, odd)
    return out


_BUTTERFLIES = {2: _two, 3: _odd, 4: _four, 5: _odd}


def _scaled(a: Complex, constant) -> Complex:
    return a[0] * constant, a[1] * constant


def _sum(terms: list[Complex]) -> Complex:
    total = terms[0]
    for term in terms[1:]:
        total = _plus(total, term)
    return total
