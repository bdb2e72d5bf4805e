"""The verdict on an answer, and the words it is told in."""

from dataclasses import dataclass

from cnnhw.checks.exercise import Exercise
from cnnhw.checks.guard import Outcome


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, whether there is one at all, and the feedback.

    said       the feedback
    reminders  what comes below it when the answer is wrong again and again: the rule, then the formula
    """

    right: bool
    attempted: bool
    said: str
    reminders: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All there is to say."""
        return self.after(len(self.reminders) + 1)

    def after(self, failures: int) -> str:
        """The feedback on the first, second, ... wrong answer: each time it tells one thing more."""
        return "\n  ".join([self.said, *self.reminders[: max(0, failures - 1)]])


def missing(exercise: Exercise) -> Verdict:
    """Nothing but the stub is there."""
    return Verdict(False, False, f"{exercise.name}: not attempted yet")


def right(exercise: Exercise, praise: str) -> Verdict:
    """All is right; `praise` says on how much."""
    return Verdict(True, True, f"{exercise.name}: {praise}")


def wrong(exercise: Exercise, *lines: str) -> Verdict:
    """Something is wrong: `lines` say what; the rule and the formula wait for the next time."""
    text = "\n  ".join([f"{exercise.name}: not right yet", *lines])
    formula = (f"formula: {exercise.formula}",) if exercise.formula else ()
    return Verdict(False, True, text, (f"rule: {exercise.rule}", *formula))


def printed(outcome: Outcome) -> list[str]:
    """The first lines that the student's code printed: they may be there to find the mistake."""
    lines = outcome.printed.splitlines()
    shown = [f"  {line[:100]}" for line in lines[:5]]
    return ["your code printed", *shown, *(["  ..."] if len(lines) > 5 else [])] if lines else []


def hints(labels: list[str]) -> list[str]:
    """The hints for an answer that equals known mistakes, likeliest first."""
    first = [f"hint: this is what you get when {label}" for label in labels[:1]]
    return first + [f"  or when {label}" for label in labels[1:]]
