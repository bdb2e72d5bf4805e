"""Results as tables: one of everything, and ones that Moodle and Canvas take in."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from cnnhw.checks.exercise import Number, Value
from cnnhw_grading.lessons import exercises
from cnnhw_grading.store import Graded

COLUMNS = (
    "student",
    "name",
    "sheet",
    "question",
    "points",
    "possible",
    "by hand",
    "copyable",
    "outcome",
    "seconds",
    "box",
    "graded",
)


def rows(results: Iterable[Graded], people: Mapping[str, Mapping[str, str]]) -> Iterable[dict[str, object]]:
    """Give a row for each question, and one for the sheet as a whole, whose question is ""."""
    for graded in results:
        key = graded.key
        same = {
            "student": key.student, "name": people.get(key.student, {}).get("name", ""), "sheet": key.sheet,
            "box": graded.box, "graded": graded.when,
        }  # fmt: skip
        possible = sum(question.possible for question in graded.questions)
        yield {
            **same, "question": "", "points": _number(graded.points), "possible": _number(possible),
            "by hand": _yes(any(question.by_hand for question in graded.questions)),
            "outcome": graded.outcome, "seconds": graded.seconds,
        }  # fmt: skip
        for q in graded.questions:
            yield {
                **same, "question": q.name, "points": _number(q.points), "possible": _number(q.possible),
                "by hand": _yes(q.by_hand), "copyable": _yes(_has_one_answer(q.name)),
                "outcome": q.outcome, "seconds": q.seconds,
            }  # fmt: skip


def write(results: Iterable[Graded], people: Mapping[str, Mapping[str, str]], path: Path) -> int:
    """Write every row to a CSV file; the number of rows."""
    listed = list(rows(results, people))
    write_table(path, COLUMNS, listed)
    return len(listed)


def write_moodle(results: Iterable[Graded], people: Mapping[str, Mapping[str, str]], path: Path) -> int:
    """Write one sheet's points as Moodle's grading worksheet takes them: by participant number."""
    listed = [
        {
            "Identifier": f"Participant {person['number']}",
            "Full name": person["name"],
            "Grade": _number(g.points),
        }
        for g in results
        if (person := people.get(g.key.student, {})).get("platform") == "moodle"
    ]
    write_table(path, ("Identifier", "Full name", "Grade"), listed)
    return len(listed)


def write_canvas(results: Iterable[Graded], people: Mapping[str, Mapping[str, str]], path: Path) -> int:
    """Write one sheet's points as Canvas's gradebook takes them: by its number of the student."""
    results = list(results)
    column = results[0].key.sheet if results else "sheet"
    fixed = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    listed = [
        {
            **dict.fromkeys(fixed, ""),
            "Student": person["name"],
            "ID": person["number"],
            column: _number(g.points),
        }
        for g in results
        if (person := people.get(g.key.student, {})).get("platform") == "canvas"
    ]
    write_table(path, (*fixed, column), listed)
    return len(listed)


def _has_one_answer(question: str) -> bool:
    """Whether every student's right answer is the same number or value."""
    return isinstance(exercises().get(question), (Number, Value))


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _number(value: float | None) -> str:
    """Points as people write them; nothing at all for what was not graded."""
    return "" if value is None else f"{value:g}"


def write_table(path: Path, columns: Iterable[str], listed: Iterable[Mapping[str, object]]) -> None:
    """Write rows as a CSV file that spreadsheet programs read as text and numbers, and never as formulas."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # The mark at the beginning tells spreadsheet programs that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, tuple(columns))
        writer.writeheader()
        writer.writerows({key: _harmless(value) for key, value in row.items()} for row in listed)


def _harmless(value: object) -> object:
    """A spreadsheet computes what begins like a formula; a name or file must not."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "-", "@", "|", "%")
        else value
    )
