"""`cnnhw exercises --mutants`: mutate every right answer; what differs from it must lose its points."""

import contextlib
import copy
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from cnnhw.checks.cases import arguments, hidden_cases, visible_cases
from cnnhw.checks.compare import difference
from cnnhw.checks.domain import by_size
from cnnhw.checks.exercise import Exercise, Function, Number, Open, Value
from cnnhw.checks.function import unchanged
from cnnhw.checks.judge import expected, judge
from cnnhw.checks.plain import Refused, plain
from cnnhw_grading.lessons import exercises
from cnnhw_grading.strength.open_mutants import trials
from cnnhw_grading.strength.sources import Source, least, of_function, solution
from cnnhw_grading.strength.survivors import SURVIVORS
from cnnhw_grading.strength.wrong_answers import values_only

_DENSE = 5  # points of the domain for each hidden drawn case; chosen so that corners come together
_DENSE_SEED = 104_729  # its data is not that of any case


@dataclass
class Tally:
    """What came of an exercise's mutants.

    killed       how many differ and lose their points
    equivalent   how many give what the reference gives, wherever they were tried
    survivors    the descriptions of those that differ and keep their points
    """

    exercise: Exercise
    killed: int = 0
    equivalent: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def left(self) -> list[str]:
        """The survivors that nobody has argued away."""
        return [words for words in self.survivors if (self.exercise.name, words) not in SURVIVORS]

    def add(self, words: str, differs: bool, passes: bool) -> None:
        """Count one mutant."""
        if not differs:
            self.equivalent += 1
        elif not passes:
            self.killed += 1
        elif words not in self.survivors:
            self.survivors.append(words)


def try_mutants(exercise: Exercise) -> Tally:
    """Try every mutant of an exercise's right answers."""
    tally = Tally(exercise)
    with hushed():
        if isinstance(exercise, Function):
            _try_function(exercise, tally)
        elif isinstance(exercise, (Number, Value)):
            _try_given(exercise, tally)
        elif exercise.definition is not None:
            for words, differs, passes in trials(exercise):
                tally.add(words, differs, passes)
    return tally


@contextlib.contextmanager
def hushed():
    """Mutants print, and warn, what nobody needs to read."""
    with np.errstate(all="ignore"), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _sources(exercise: Function) -> list[Source]:
    reference = of_function(exercise.reference, least(exercise))
    return [solution(exercise), *([reference] if reference else [])]


def _try_function(exercise: Function, tally: Tally) -> None:
    judged = Trials(exercise, by_size(visible_cases(exercise)) + by_size(hidden_cases(exercise)))
    dense = Trials(exercise, by_size(_dense(exercise)))
    for source in _sources(exercise):
        for words, function in source.mutants():
            if isinstance(function, BaseException) or judged.differ(function, source):
                tally.add(words, differs=True, passes=False)
            elif dense.differ(function, source):
                # The cases alone would let it pass; the whole of judge() has the last word.
                verdict = judge(values_only(exercise), function, hidden=True)
                tally.add(words, differs=True, passes=verdict.right)
            else:
                tally.add(words, differs=False, passes=True)


def _dense(exercise: Function) -> list[tuple]:
    sizes = [*exercise.cases, *exercise.hidden] * 2
    if exercise.domain:
        sizes += exercise.domain.sample(_DENSE * exercise.drawn[1], seed=3)
    return [arguments(exercise, each, _DENSE_SEED + place) for place, each in enumerate(sizes)]


class Trials:
    """Cases with what is expected on each, computed when first needed."""

    def __init__(self, exercise: Function, cases: list[tuple]):
        self.exercise, self.cases, self.expected = exercise, cases, []

    def differ(self, function, source: Source) -> bool:
        """Whether a function raises, does not end, or gives another value anywhere."""
        return any(self._differs(function, source, case, right) for case, right in self._pairs())

    def _pairs(self) -> Iterator[tuple]:
        for place, case in enumerate(self.cases):
            if place == len(self.expected):
                self.expected.append(plain(self.exercise.reference(*copy.deepcopy(case))))
            yield case, self.expected[place]

    def _differs(self, function, source: Source, case: tuple, right) -> bool:
        given = copy.deepcopy(case)
        source.steps.restart()
        try:
            value = plain(function(*given))
        except KeyboardInterrupt:
            raise
        except BaseException:  # exit() and the like are wrong answers too
            return True
        return bool(
            difference(value, right, self.exercise.tolerance) or unchanged(self.exercise, case, given)
        )


def _try_given(exercise: Number | Value, tally: Tally) -> None:
    right, tolerance = expected(exercise), exercise.tolerance or None
    for words, value in solution(exercise).mutants():
        try:
            differs = isinstance(value, BaseException) or bool(difference(plain(value), right, tolerance))
        except Refused:
            differs = True
        tally.add(words, differs, passes=judge(exercise, value, hidden=True).right)


def _is_of(exercise: Exercise, lessons: list[str]) -> bool:
    return exercise.name in lessons or exercise.notebook.startswith(tuple(lessons))


def chosen_exercises(lessons: list[str]) -> list[Exercise]:
    """The exercises of these lessons, or of these names; all when there are none."""
    return [each for each in exercises().values() if not lessons or _is_of(each, lessons)]


def print_mutants(lessons: list[str]) -> int:
    """Print killed / differing for every exercise of these lessons (all when there are none), and survivors.

    returns  1 if a survivor is not argued away
    """
    chosen = chosen_exercises(lessons)
    width = max(len(exercise.name) for exercise in chosen)
    left = 0
    for exercise in chosen:
        tally = try_mutants(exercise)
        left += len(tally.left)
        print(_line(tally, width), flush=True)
        for words in tally.left:
            print(f"    survives: {words}")
    return 1 if left else 0


def _line(tally: Tally, width: int) -> str:
    exercise, survivors = tally.exercise, len(tally.survivors)
    text = f"{exercise.notebook[:2]} {exercise.name:<{width}}  "
    text += f"{tally.killed:4} / {tally.killed + survivors:4} killed"
    text += f", {tally.equivalent:4} equivalent"
    if survivors > len(tally.left):
        text += f", {survivors - len(tally.left)} argued away"
    if isinstance(exercise, Function) and exercise.domain is None:
        text += ", no domain"
    if isinstance(exercise, Open) and exercise.definition is None:
        text += ", no definition"
    return text
