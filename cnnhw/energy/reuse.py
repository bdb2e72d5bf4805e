"""How often one value moves at each level, from how often it is used there: the paper's two equations."""

from collections.abc import Mapping

from cnnhw.errors import CourseError

VALUES = ("input", "psum")


def value_accesses(value: str, a: int, b: int, c: int, d: int) -> dict[str, int]:
    """Count how often one value moves at each level.

    value       "input": a word of the ifmap or of a filter, only read; "psum": read and written
    a, b, c, d  how often it is used from DRAM; each time, how often from the GLB; each of these times, by how
                many PEs; and in each PE, how often from the RF. It takes part in a*b*c*d MACs
    returns     level -> words moved. Input: a, ab, abc, abcd. Psum: 2a - 1, 2a(b - 1), ab(c - 1), 2abc(d - 1)
    raises      CourseError if value is neither, or a number is no whole number of 1 or more
    source      ISCA 2016, equations 3 and 4

    >>> value_accesses("input", 1, 2, 3, 4)
    {'DRAM': 1, 'GLB': 2, 'NoC': 6, 'RF': 24}
    >>> value_accesses("psum", 2, 3, 3, 2)
    {'DRAM': 3, 'GLB': 8, 'NoC': 12, 'RF': 36}
    """
    _check(value, {"a": a, "b": b, "c": c, "d": d})
    if value == "input":
        return {"DRAM": a, "GLB": a * b, "NoC": a * b * c, "RF": a * b * c * d}
    return {
        "DRAM": 2 * a - 1, "GLB": 2 * a * (b - 1), "NoC": a * b * (c - 1), "RF": 2 * a * b * c * (d - 1)
    }  # fmt: skip


def _check(value: str, numbers: Mapping[str, int]) -> None:
    if value not in VALUES:
        raise CourseError(
            "a value is an input or a psum",
            f"{value!r}",
            'use "input" for a word of the ifmap or of a filter, "psum" for a word of the ofmap',
        )
    for name, number in numbers.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise CourseError(
                "a level uses a value a whole number of times, 1 or more",
                f"{name}={number!r}",
                "1 is a level that only passes the value on",
            )
