"""Mutants of open exercises: answers around a right one, and the predicates that judge them."""

from collections.abc import Callable, Iterator

from cnnhw.checks.exercise import Open
from cnnhw.checks.judge import as_wanted
from cnnhw.checks.plain import plain
from cnnhw_grading.strength.nearby import around
from cnnhw_grading.strength.sources import of_function, solution


def trials(exercise: Open) -> Iterator[tuple[str, bool, bool]]:
    """Every mutant of an open exercise that has a definition.

    returns  (description, whether it is wrong, whether it passes all the same) of each answer; of a mutated
             predicate, whether it decides an answer in another way, and whether nobody would notice
    """
    source = solution(exercise)
    right = source.original()
    near = _Pool(exercise, [right, *exercise.mistakes.values(), *around(right), *exercise.nearby()])
    wild = _Pool(exercise, [])
    for words, answer in source.mutants():
        if not isinstance(answer, BaseException) and answer is not None:
            wild.add(answer, words)
    for pool in (near, wild):
        yield from pool.disagreements()
    for place, (sentence, holds) in enumerate(exercise.properties):
        predicate = of_function(holds)
        if predicate is None:  # made by partial() and the like: only its decisions can be looked at
            continue
        for words, changed in predicate.mutants():
            steps = predicate.steps
            noticed = near.notice(place, changed, steps)
            yield f"{sentence}: {words}", noticed or wild.notice(place, changed, steps), not noticed


class _Pool:
    """Answers with what each property and the definition say of them."""

    def __init__(self, exercise: Open, answers: list):
        self.exercise, self.rows, self.seen = exercise, [], set()
        for answer in answers:
            self.add(answer, f"the answer {' '.join(repr(answer).split())[:150]}")

    def add(self, answer, words: str) -> None:
        try:
            answer = as_wanted(self.exercise, answer)
        except Exception:  # of another type: refused before any property is asked
            return
        if repr(answer) not in self.seen:
            self.seen.add(repr(answer))
            held = [_decides(holds, answer) for _, holds in self.exercise.properties]
            self.rows.append((answer, words, held, _decides(self.exercise.definition, answer)))

    def disagreements(self) -> Iterator[tuple[str, bool, bool]]:
        """For each answer: its words, whether it is wrong, and whether properties and definition disagree."""
        for _, words, held, defined in self.rows:
            passes = all(held)
            yield words, not defined or passes != defined, passes != defined

    def notice(self, place: int, changed: Callable | BaseException, steps: Callable) -> bool:
        """Whether some answer would pass, or no longer pass, if this property were the changed one."""
        for answer, _, held, _ in self.rows:
            if all(held[:place] + held[place + 1 :]):  # all else holds, so that this property decides
                steps.restart()
                if _decides(changed, answer) != held[place]:
                    return True
        return False


def _decides(holds, answer) -> bool:
    try:
        return plain(holds(answer)) is True
    except KeyboardInterrupt:
        raise
    except BaseException:  # a property that raises does not hold
        return False
