"""The product of 2 x 2 blocks with seven block products, as programs that can be read, run and counted."""

from dataclasses import dataclass
from functools import cached_property

from cnnhw.errors import CourseError

A_BLOCKS = ("A11", "A12", "A21", "A22")
B_BLOCKS = ("B11", "B12", "B21", "B22")
C_BLOCKS = ("C11", "C12", "C21", "C22")

# Strassen, Numerische Mathematik 13, 1969: 5 sums of A blocks, 5 of B blocks, 8 of products.
_STRASSEN = """
S1 = A11 + A22    T1 = B11 + B22    M1 = S1 @ T1
S2 = A21 + A22                      M2 = S2 @ B11
                  T3 = B12 - B22    M3 = A11 @ T3
                  T4 = B21 - B11    M4 = A22 @ T4
S5 = A11 + A12                      M5 = S5 @ B22
S6 = A21 - A11    T6 = B11 + B12    M6 = S6 @ T6
S7 = A12 - A22    T7 = B21 + B22    M7 = S7 @ T7
U1 = M1 + M4      U2 = U1 - M5      C11 = U2 + M7
C12 = M3 + M5     C21 = M2 + M4
U3 = M1 - M2      U4 = U3 + M3      C22 = U4 + M6
"""

# Winograd's variant (Higham 2002, section 23.1): sums that use sums, 4 + 4 + 7.
_WINOGRAD = """
S1 = A21 + A22    T1 = B12 - B11    M5 = S1 @ T1
S2 = S1 - A11     T2 = B22 - T1     M6 = S2 @ T2
S3 = A11 - A21    T3 = B22 - B12    M7 = S3 @ T3
S4 = A12 - S2                       M3 = S4 @ B22
                  T4 = T2 - B21     M4 = A22 @ T4
M1 = A11 @ B11    M2 = A12 @ B21    C11 = M1 + M2
U2 = M1 + M6      U3 = U2 + M7      U4 = U2 + M5
C12 = U4 + M3     C21 = U3 - M4     C22 = U3 + M5
"""


@dataclass(frozen=True)
class Step:
    """One line of a scheme: name = first sign second, where the sign is + or - or @ for a block product."""

    name: str
    first: str
    sign: str
    second: str


@dataclass(frozen=True)
class Scheme:
    """A program for C = A @ B on 2 x 2 blocks.

    name   what a reader types as `variant`
    steps  in the order they are done
    """

    name: str
    steps: tuple[Step, ...]

    @property
    def products(self) -> tuple[Step, ...]:
        """The block products, in the order of their numbers."""
        return tuple(sorted((step for step in self.steps if step.sign == "@"), key=lambda step: step.name))

    @cached_property
    def sums(self) -> tuple[int, int, int]:
        """How many sums are of A's blocks, of B's blocks, and of products.

        >>> STRASSEN.sums, WINOGRAD.sums
        ((5, 5, 8), (4, 4, 7))
        """
        kinds = [kind(step) for step in self.steps if step.sign != "@"]
        return kinds.count("A"), kinds.count("B"), kinds.count("C")

    @cached_property
    def spent(self) -> dict[str, tuple[str, ...]]:
        """For each step, the blocks that no later step needs: their memory can be given back."""
        last = {name: step.name for step in self.steps for name in (step.first, step.second)}
        return {step.name: tuple(n for n, user in last.items() if user == step.name) for step in self.steps}

    @cached_property
    def expanded(self) -> dict[str, dict[str, int]]:
        """Every sum written out: name -> {block or product: +1 or -1}.

        >>> STRASSEN.expanded["S1"], STRASSEN.expanded["C12"]
        ({'A11': 1, 'A22': 1}, {'M3': 1, 'M5': 1})
        """
        terms = {name: {name: 1} for name in A_BLOCKS + B_BLOCKS}
        for step in self.steps:
            terms[step.name] = {step.name: 1} if step.sign == "@" else _added(terms, step)
        return terms


def kind(step: Step) -> str:
    """Tell whether a step's block has the size of A's blocks, of B's blocks, or of C's.

    step     of a scheme
    returns  "A", "B" or "C"
    """
    if step.sign == "@":
        return "C"
    return {"A": "A", "S": "A", "B": "B", "T": "B"}.get(step.first[0], "C")


def scheme_named(variant: str) -> Scheme:
    """Look up a scheme.

    variant  "strassen" or "winograd"
    returns  Scheme
    raises   CourseError for any other word
    """
    if variant not in SCHEMES:
        raise CourseError(
            f"variant is one of {', '.join(SCHEMES)}",
            repr(variant),
            'leave it out, or use variant="winograd"',
        )
    return SCHEMES[variant]


def _added(terms: dict[str, dict[str, int]], step: Step) -> dict[str, int]:
    sign = 1 if step.sign == "+" else -1
    total = dict(terms[step.first])
    for name, factor in terms[step.second].items():
        total[name] = total.get(name, 0) + sign * factor
    return {name: factor for name, factor in total.items() if factor}


def _scheme(name: str, program: str) -> Scheme:
    words = program.split()  # name = first sign second, five words for each step
    lines = [words[start : start + 5] for start in range(0, len(words), 5)]
    return Scheme(name, tuple(Step(line[0], *line[2:]) for line in lines))


STRASSEN, WINOGRAD = _scheme("strassen", _STRASSEN), _scheme("winograd", _WINOGRAD)
SCHEMES = {scheme.name: scheme for scheme in (STRASSEN, WINOGRAD)}
