"""What kind of mistake a wrong value is: turned in sign, off by one, out of order, a factor."""

import numpy as np


def kind_of(yours: object, expected: object) -> list[str]:
    """Name the kind of mistake in one line; no line where the values tell of none.

    >>> kind_of(np.array([1, 5]), np.array([2, 6])), kind_of((3, 4), (4, 3))
    (['each wrong value is 1 too small'], ['the right values in another order'])
    >>> kind_of(6, 3), kind_of(-3, 3), kind_of((1, 9), (4, 3))
    (['yours is 2 times what is expected'], ['the sign is turned'], [])
    """
    if isinstance(yours, tuple) and isinstance(expected, tuple) and len(yours) == len(expected):
        pairs = [(a, b) for a, b in zip(yours, expected, strict=True) if not np.array_equal(a, b)]
        if len(pairs) == 1 and len(yours) > 1:
            return kind_of(*pairs[0])
    try:
        # Before anything is copied: it may be a huge view.
        if np.shape(yours) != np.shape(expected) or np.iscomplexobj(yours):
            return []
        mine, right = (np.asarray(value, dtype=float).ravel() for value in (yours, expected))
    except (TypeError, ValueError):  # text, ragged lists, complex numbers, values of cnnhw
        return []
    return _named(mine, right) if mine.size and np.isfinite([mine, right]).all() else []


def _named(mine: np.ndarray, right: np.ndarray) -> list[str]:
    if mine.size > 1 and np.array_equal(np.sort(mine), np.sort(right)):
        return ["the right values in another order"]
    wrong = mine != right
    mine, right = mine[wrong], right[wrong]
    if not mine.size:
        return []
    if (mine == -right).all():
        return ["the sign is turned"]
    off = mine - right
    side = "large" if off[0] > 0 else "small"
    if np.ptp(off) == 0 and abs(off[0]) == 1:
        return [f"each wrong value is 1 too {side}" if wrong.size > 1 else f"1 too {side}"]
    factors = mine / right if right.all() else np.zeros(1)
    factor = float(factors[0])
    if factor and np.allclose(factors, factor, rtol=1e-12) and f"{factor:.6g}" == f"{factor:g}":
        return [f"yours is {factor:g} times what is expected"]
    if (off > 0).all() or (off < 0).all():
        return [f"every wrong value is too {side}" if wrong.size > 1 else f"too {side}"]
    return []
