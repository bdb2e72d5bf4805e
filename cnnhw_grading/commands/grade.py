"""`cnnhw grade`: grade a sheet's submissions, each in a box of its own."""

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from cnnhw.errors import CourseError
from cnnhw_grading import gradebook
from cnnhw_grading.box import choose
from cnnhw_grading.collect import SUBMITTED, read_people, submissions
from cnnhw_grading.commands.shared import RESULTS, add_class_arguments, chosen_sheets, class_folder
from cnnhw_grading.grade import Work, grade_class
from cnnhw_grading.sheet import Sheet
from cnnhw_grading.store import Graded, Store, back_up

SEED = 20_260_901  # of hidden inputs, unless another is given; any number does


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_class_arguments(parser)
    parser.add_argument(
        "--seed", type=_seed, default=SEED, help="draws the hidden inputs; it is written down"
    )
    parser.add_argument("--again", action="store_true", help="grade anew what is graded already")
    parser.add_argument("--unsafe", action="store_true", help="without a box: for submissions that you trust")
    parser.add_argument("--no-gradebook", action="store_true", help="leave nbgrader's gradebook as it is")


def _seed(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError("a whole number, 0 or more")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Grade what is not graded yet; 1 when something could not be."""
    folder, chosen = class_folder(options), chosen_sheets(options)
    works = _works(folder, chosen, options.sheet is not None)
    if not works:
        raise CourseError(
            "there must be submissions", f"none in {folder / SUBMITTED}", "run cnnhw collect first"
        )
    kind = choose(options.unsafe)
    for name in (RESULTS, gradebook.FILE):
        back_up(folder / name)
    with Store(folder / RESULTS) as store:
        new = grade_class(works, store, kind, options.seed, again=options.again)
        outcomes = Counter(
            question.outcome
            for graded in tqdm(new, total=len(works), desc="grading", unit=" submissions", disable=None)
            for question in graded.questions
        )
        latest = [g for sheet in chosen for g in store.latest(sheet.name)]
    if not options.no_gradebook:
        _write_gradebook(folder, chosen, latest)
    return _summary(works, latest, outcomes, f"box: {kind.name}, seed {options.seed}")


def _works(folder: Path, chosen: Iterable[Sheet], named: bool) -> list[Work]:
    """Every submission there is; of a sheet that was named, those too that are not there."""
    return [
        Work(student, sheet.name, path)
        for sheet in chosen
        for student, path in submissions(folder, sheet.name)
        if path is not None or named
    ]


def _write_gradebook(folder: Path, chosen: Iterable[Sheet], latest: list[Graded]) -> None:
    people = read_people(folder)
    for sheet in chosen:
        ours = [graded for graded in latest if graded.key.sheet == sheet.name]
        if ours:
            gradebook.write(ours, sheet, folder / gradebook.FILE, people)


def _summary(works: list[Work], latest: list[Graded], outcomes: Counter, how: str) -> int:
    for outcome, number in outcomes.most_common():
        print(f"{number:6}  {outcome}")
    blank = [g for g in latest if g.points is None and g.outcome != "not submitted"]
    for graded in blank:
        print(f"left   {graded.key.student}, {graded.key.sheet}: {graded.outcome}")
    absent = sum(work.path is None for work in works)
    print(f"{len(works) - absent} submissions, {absent} not there; {how}; {len(blank)} left without points")
    return 1 if blank else 0
