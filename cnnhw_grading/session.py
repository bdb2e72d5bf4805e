"""Run one submission in boxes: its cells in order, each question asked right after the cell that answers it.

What ends a box costs the question at hand, never another: a new box runs the cells again without the one that
ended it, and goes on with the questions that are left.
"""

import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from cnnhw.checks.exercise import Exercise
from cnnhw.checks.function import COUNTED
from cnnhw.errors import CourseError
from cnnhw_grading.box import Box, BoxEnded, Kind, Library
from cnnhw_grading.inside import limits
from cnnhw_grading.reader import Submission

_MOST_BOXES = 12  # for one submission: each of its questions may end one, and a few cells between them
_CELL_SECONDS = limits.QUESTION_SECONDS


@dataclass(frozen=True)
class Result:
    """What came of one question: the outcome's name, the words of feedback, processor seconds.

    answer  a value that the student's page shows as a picture, as a frame; b"" where there is none
    """

    outcome: str
    words: str = ""
    seconds: float = 0.0
    answer: bytes = b""


@dataclass
class Remote:
    """A student's answer that lives in a box: called from here, computed there.

    refused  the last refusal: ("raised", words), ("changed its arguments", ""), ...
    """

    box: Box
    kind: str
    refused: tuple[str, str] | None = None

    def call(self, arguments: tuple) -> object:
        """Call the student's function; the value it returns.

        raises  Refusal if it gave none, BoxEnded
        """
        answer = self._exchange({"do": "call", "arguments": tuple(arguments)})
        if answer.get("changed"):
            self._refuse("changed its arguments", str(answer["changed"]))
        return answer.get("value")

    def value(self) -> object:
        """Fetch the student's value; raises as `call` does."""
        return self._exchange({"do": "value"}).get("value")

    def count(self, arguments: tuple) -> tuple[object, dict[str, int]]:
        """Call the student's function with words that count; its value and the tally; raises as `call` does.

        The tally is kept by code inside the box: a student who sets out to falsify it can.
        """
        answer = self._exchange({"do": "count", "arguments": tuple(arguments)})
        tally = answer.get("tally")
        if type(tally) is not dict or [type(tally.get(unit)) for unit in COUNTED] != [int] * len(COUNTED):
            raise _broken(self.box, "a tally that is none")
        return answer.get("value"), tally

    def _exchange(self, order: dict) -> dict:
        try:
            answer = self.box.exchange(order)
        except CourseError as error:
            self._refuse("wrong type", str(error))
        match answer:
            case {"did": "refuse", "outcome": str(outcome), "words": str(words)} if outcome in REFUSALS:
                self._refuse(outcome, words)
        return _due(self.box, answer, order["do"])

    def _refuse(self, outcome: str, words: str):
        self.refused = (outcome, words)
        raise Refusal(outcome, words)


REFUSALS = ("raised", "wrong", "wrong type", "memory", "not attempted")


class Refusal(Exception):
    """A call that gave no value: the outcome's name and the words."""

    @property
    def outcome(self) -> str:
        """The outcome's name."""
        return self.args[0]


class QuestionEnded(Exception):
    """The child that answered for a question is no more, its box goes on."""


def _ended_by(number: int, filling: bool) -> tuple[str, str]:
    if number == signal.SIGXCPU and filling:
        return "memory", f"a call took memory for more than {limits.CALL_SECONDS} s of processor time"
    if number == signal.SIGXCPU:
        return "CPU", f"a call took more than {limits.CALL_SECONDS} s of processor time"
    if number in (signal.SIGKILL, signal.SIGTERM):
        return "killed", "the code, or a limit, killed its process"
    return "crashed", f"the process ended by signal {number}" if number else "the process ended by itself"


def _broken(box: Box, words: str) -> BoxEnded:
    box.end()
    return BoxEnded("broke the protocol", words)


@dataclass
class _Progress:
    """Which questions are done, which are left, and who is to blame if the box ends now."""

    places: dict[str, int | None]
    left: dict[str, Exercise]
    done: dict[str, Result]
    skipped: set[int] = field(default_factory=set)
    working: tuple[int | None, tuple[str, ...]] = (None, ())
    before: list[Exercise] = field(default_factory=list)
    alone: bool = False
    forgiven: set[tuple] = field(default_factory=set)

    def forgives(self) -> bool:
        """Say whether a box was killed here for the first time: perhaps from outside, for want of memory."""
        first = self.working not in self.forgiven
        self.forgiven.add(self.working)
        return first

    def asked_at(self, place: int) -> list[Exercise]:
        """The questions to ask after the cell at this place; in a box for one question, one."""
        asked = [exercise for name, exercise in self.left.items() if self.places[name] == place]
        return asked[: 0 if self.before else 1] if self.alone else asked

    def record(self, name: str, result: Result) -> None:
        """Write down what came of a question."""
        self.done[name] = result
        self.left.pop(name, None)

    def blame(self, ended: BoxEnded) -> None:
        """The box is gone: whoever was at work has ended it.

        A frame that nobody waited for may also come from a question asked before in this box. Then each of
        them is asked again, in a box of its own, where there is no doubt.
        """
        if ended.outcome == "broke the protocol" and self.before:
            for exercise in self.before:
                if self.alone:
                    self.record(exercise.name, Result(ended.outcome, str(ended)))
                else:
                    self.left[exercise.name] = exercise
                    del self.done[exercise.name]
            self.alone = True
            return
        place, names = self.working
        if place is not None:
            self.skipped.add(place)
        for name in names:
            self.record(name, Result(ended.outcome, str(ended)))
            if ended.outcome == "broke the protocol":  # perhaps by its cell, whose own answer came too late
                self.skipped.add(self.places[name])


@dataclass
class Session:
    """The grading of one submission with one library.

    kind, library  the box
    judge          judge(exercise, remote) -> Result, from answers it gets by remote.call or remote.value
    clock          factor on limits by the clock
    """

    kind: Kind
    library: Library
    judge: Callable[[Exercise, Remote], Result]
    clock: float = 1.0
    seconds: float = field(default=0.0, init=False)

    def run(self, submission: Submission, exercises: Iterable[Exercise]) -> dict[str, Result]:
        """Grade the questions of a submission.

        returns  a question's name -> Result
        """
        exercises = tuple(exercises)
        places = {e.name: submission.place_of(e.name, e.name) for e in exercises}
        left = {e.name: e for e in exercises if places[e.name] is not None}
        missing = Result("missing", "no cell defines it")
        progress = _Progress(places, left, {name: missing for name, at in places.items() if at is None})
        for _ in range(_MOST_BOXES):
            if not progress.left or self.seconds > limits.SUBMISSION_SECONDS:
                break
            self._one_box(submission, progress)
        return progress.done | dict.fromkeys(progress.left, self._out_of_boxes())

    def _out_of_boxes(self) -> Result:
        if self.seconds > limits.SUBMISSION_SECONDS:
            return Result(
                "CPU", f"the submission took more than {limits.SUBMISSION_SECONDS} s of processor time"
            )
        return Result("not graded", f"{_MOST_BOXES} boxes ended before it was asked")

    def _one_box(self, submission: Submission, progress: _Progress) -> None:
        """Go as far as one box lets us."""
        progress.before = []
        with Box(self.kind, self.library, self.clock) as box:
            try:
                self._go_through(box, submission, progress)
            except BoxEnded as ended:
                if ended.outcome != "killed" or not progress.forgives():
                    progress.blame(ended)
            finally:
                self.seconds += box.seconds()

    def _go_through(self, box: Box, submission: Submission, progress: _Progress) -> None:
        late = []  # what lacked a name when it was asked, and where: asked again when all cells have run
        for place, cell in enumerate(submission.cells):
            if place in progress.skipped or cell.graded:
                continue
            if not progress.left and not late:
                break
            asked = progress.asked_at(place)
            progress.working = (place, tuple(exercise.name for exercise in asked))
            error = run_cell(box, cell.source)
            for exercise in asked:
                progress.working = (None, (exercise.name,))
                result = self.ask(box, exercise, error)
                progress.record(exercise.name, result)
                progress.before.append(exercise)
                if result.outcome == "raised" and "NameError" in result.words:
                    late.append((place, exercise))
            if progress.alone and progress.before and not late:
                return
        progress.working = (None, ())
        for place, exercise in late:
            error = run_cell(box, submission.cells[place].source)
            again = self.ask(box, exercise, error)
            if again.outcome == "right":
                progress.record(exercise.name, again)

    def ask(self, box: Box, exercise: Exercise, error: str | None, again: bool = True) -> Result:
        """Ask one question; `error` is what its cell raised. Killed, perhaps from outside, ask once more."""
        started, there = box.seconds(), box.processes()
        order = {"do": "ask", "name": exercise.name, "without": _without(exercise)}
        try:
            answer = _due(box, box.exchange(order), "ask")
            result = self._by_kind(box, exercise, answer.get("kind"), error)
            _due(box, box.exchange({"do": "leave"}), "left")
        except QuestionEnded as ended:
            result = Result(*ended.args)
        box.clear(there)
        if again and result.outcome == "killed":
            return self.ask(box, exercise, error, again=False)
        return replace(result, seconds=max(0.0, box.seconds() - started))

    def _by_kind(self, box: Box, exercise: Exercise, kind: object, error: str | None) -> Result:
        match kind:
            case "nothing" if error:
                return Result("raised", error)
            case "nothing":
                return Result("missing", "after its cell had run, the name was not there")
            case "none":
                return Result("not attempted", "it is None")
            case "function" | "value":
                return self.judge(exercise, Remote(box, kind))
        raise _broken(box, "an answer of no kind")


def run_cell(box: Box, source: str) -> str | None:
    """Run a cell; what it raised, in words."""
    answer = _due(box, box.exchange({"do": "run", "source": source}, _CELL_SECONDS), "run")
    return str(answer["error"]) if answer.get("error") is not None else None


def _without(exercise: Exercise) -> list[str]:
    """Names whose calls are refused inside; what is the course's own was taken out of the library before."""
    return [name for name in getattr(exercise, "without", ()) if name.partition(".")[0] != "cnnhw"]


def _due(box: Box, answer: dict, did: str) -> dict:
    """Let the answer pass that was due; anything else ends the box."""
    if answer.get("did") == did:
        return answer
    if answer.get("did") == "left" and did != "run" and type(answer.get("signal")) is int:
        raise QuestionEnded(*_ended_by(answer["signal"], answer.get("filling") is True))
    raise _broken(box, "another frame than the one that was due")
