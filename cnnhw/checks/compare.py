"""Compare an answer with what is expected, and say in words where they differ first."""

import numpy as np

_LONGEST = 160  # characters of one value in a message; chosen for teaching


def difference(
    yours: object, expected: object, tolerance: float | None = None, reveal: bool = True
) -> list[str]:
    """List the lines that say how `yours` differs from `expected`; no lines when it does not.

    yours      a value from plain.plain
    expected   the right one: number, str, array, tuple of these, or one of cnnhw's values
    tolerance  None: exactly equal. Otherwise the largest |difference| that passes, relative to the largest
               expected magnitude
    reveal     whether the expected values may be shown
    returns    [] or lines like "yours     12"

    >>> difference((1, 2, 4), np.array([1, 2, 3]))
    ['first differing index [2] (1 of 3 words differ)', '  yours     4', '  expected  3']
    >>> difference(np.zeros((3, 2)), np.zeros((2, 4)))
    ['shape', '  yours     (3, 2)', '  expected  (2, 4)']
    """
    if isinstance(expected, tuple) and not _is_numeric(expected):
        return _parts(yours, expected, tolerance, reveal)
    if isinstance(expected, (bool, int, float, complex, np.bool_, np.number, np.ndarray, tuple)):
        return _numbers(yours, _as_array(expected), tolerance, reveal)
    same = type(yours) is type(expected) and yours == expected
    return [] if same else _pair(yours, expected, reveal)


def short(value: object) -> str:
    """Show a value in one short line: numbers themselves, arrays by shape and type.

    >>> short(np.zeros((2, 3))), short("x" * 500)[-4:]
    ('array (2, 3) of float64', ' ...')
    """
    if isinstance(value, np.ndarray):
        return f"array {value.shape} of {value.dtype}"
    if isinstance(value, tuple):
        value = list(value[:20])
    text = " ".join(repr(value).split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " ..."


def _is_numeric(values: tuple) -> bool:
    return all(type(v) in (int, float) or isinstance(v, tuple) and _is_numeric(v) for v in values)


def _parts(yours, expected, tolerance, reveal):
    if isinstance(yours, np.ndarray) and yours.ndim > 0:
        yours = tuple(yours)
    if type(yours) is not tuple or len(yours) != len(expected):
        count = len(yours) if type(yours) is tuple else short(yours)
        return [f"{len(expected)} values are expected", f"  yours     {count}"]
    for i, (mine, right) in enumerate(zip(yours, expected, strict=True)):
        lines = difference(mine, right, tolerance, reveal)
        if lines:
            return [f"in value {i} of 0 .. {len(expected) - 1}: {lines[0]}", *lines[1:]]
    return []


def _numbers(yours, expected, tolerance, reveal):
    array = _as_array(yours)
    if array is None:
        wanted = "one number" if expected.ndim == 0 else f"numbers of shape {expected.shape}"
        return [f"{wanted} expected", f"  yours     {short(yours)}"]
    if array.shape != expected.shape:
        return (
            []
            if array.size == expected.size == 0 == expected.ndim - 1
            else _shapes(array.shape, expected.shape)
        )
    if array.dtype.kind == "c" and expected.dtype.kind != "c":
        if array.imag.any():
            return ["dtype", f"  yours     {array.dtype}", "  expected  real numbers"]
        array = array.real
    wrong = _wrong(array, expected, tolerance)
    return _first(array, expected, wrong, reveal) if wrong.any() else []


def _as_array(value) -> np.ndarray | None:
    """Numbers as an array: of float64, int64, complex128, or of objects where an integer has over 64 bits."""
    if not isinstance(value, (bool, int, float, complex, np.generic, np.ndarray, tuple)):
        return None
    try:
        array = np.asarray(value)
    except ValueError:  # ragged lists are no array
        return None
    if array.dtype.kind == "O" and all(type(each) in (int, float, bool) for each in array.flat):
        return array
    if array.dtype.kind == "b":  # yes and no are 1 and 0: values decide, not types
        return array.astype(int)
    return array if array.dtype.kind in "iufc" else None


def _shapes(yours: tuple, expected: tuple) -> list[str]:
    lines = ["shape", f"  yours     {_shape(yours)}", f"  expected  {_shape(expected)}"]
    if sorted(yours) == sorted(expected):
        lines.append("  the same sizes in another order: are two axes swapped?")
    return lines


def _shape(shape: tuple) -> str:
    return str(shape) if shape else "one number"


def _wrong(array, expected, tolerance):
    same = np.asarray(array == expected) | (_nan(array) & _nan(expected))
    if tolerance is None:
        return ~same
    finite = np.abs(expected[np.isfinite(expected)]) if expected.dtype.kind in "fc" else np.abs(expected)
    limit = tolerance * finite.max(initial=0)
    # An infinite expected word is met by the same infinity alone; ~(<=) catches NaN too.
    near = np.asarray(np.abs(array - expected) <= limit)
    return ~(same | near)


def _nan(array):
    return np.isnan(array) if array.dtype.kind in "fc" else np.zeros(array.shape, dtype=bool)


def _first(array, expected, wrong, reveal):
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    where = "the number" if not index else f"first differing index {list(index)}"
    lines = [where + (f" ({wrong.sum()} of {wrong.size} words differ)" if index else "")]
    mine, right = (each[index] for each in (array, expected))
    lines += _pair(*(getattr(each, "tolist", lambda each=each: each)() for each in (mine, right)), reveal)[1:]
    not_numbers = int(_nan(array).sum())
    if not_numbers:
        lines.append(f"  {not_numbers} of yours are NaN, not a number")
    return lines


def _pair(yours, expected, reveal):
    lines = ["the value", f"  yours     {short(yours)}"]
    return [*lines, f"  expected  {short(expected)}"] if reveal else lines
