"""One page for each student and sheet: what each question earned and why; all of it escaped."""

import base64
import html
from collections.abc import Iterable
from pathlib import Path

from cnnhw.checks.judge import picture
from cnnhw.checks.wire import WireError, read
from cnnhw.errors import CourseError
from cnnhw_grading.lessons import find
from cnnhw_grading.store import Graded, Question

FOLDER = "feedback"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.1rem; margin-bottom: .2rem; }}
section {{ border-top: 1px solid #767676; padding: .6rem 0; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; background: #f3f3f3; padding: .6rem; }}
.outcome {{ font-weight: 600; }} figure {{ margin: 0; }} img {{ max-width: 100%; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{summary}</p>
{sections}
</main>
</body>
</html>
"""
# What an outcome means, for the person who gets it.
MEANING = {
    "right": "right on every input that was tried",
    "wrong": "not right yet",
    "not attempted": "nothing was handed in for this question",
    "missing": "no cell of your notebook defines it",
    "raised": "your code raised an error",
    "wrong type": "your answer is not of a kind that can be compared",
    "changed its arguments": "your code changed what it was given; work on a copy",
    "CPU": "your code computed longer than it may",
    "wall": "your code did not answer in time",
    "memory": "your code took more memory than there is",
    "output": "your code printed too much",
    "killed": "your code, or a limit, ended the program that ran it",
    "crashed": "the program that ran your code crashed",
    "broke the protocol": "your code wrote where only the grader's own program writes",
    "unreadable": "the file could not be read",
    "too large": "the file is too large",
    "a link": "the file is a link to another one, and was not opened",
    "wrong notebook": "the notebook answers another sheet",
    "not submitted": "no file was handed in",
    "not graded": "this was not graded; your instructor knows",
}


def page(graded: Graded) -> str:
    """Give the page of one submission as HTML that loads nothing and runs nothing."""
    title = html.escape(f"{graded.key.sheet}: {graded.key.student}")
    return _PAGE.format(
        title=title, summary=_summary(graded), sections="\n".join(map(_section, graded.questions))
    )


def write(results: Iterable[Graded], folder: Path) -> list[Path]:
    """Write a page for each result below feedback/.

    results  such as Store.latest() gives
    folder   the class's folder
    returns  the files
    """
    written = []
    for graded in results:
        path = folder / FOLDER / graded.key.student / f"{graded.key.sheet}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(graded), encoding="utf-8")
        written.append(path)
    return written


def _summary(graded: Graded) -> str:
    possible = sum(question.possible for question in graded.questions)
    points = "not graded" if graded.points is None else f"{graded.points:g} of {possible:g} points"
    if graded.outcome != "graded":
        points = f"{MEANING[graded.outcome]}. {points}"
    return html.escape(f"{points}. Graded {graded.when}.")


def _section(question: Question) -> str:
    points = "not graded" if question.points is None else f"{question.points:g} of {question.possible:g}"
    words = f"<pre>{html.escape(question.words)}</pre>" if question.words else ""
    words += _picture(question)
    points += ", given by hand" if question.by_hand else ""
    words += f"<p>Your instructor: {html.escape(question.comment)}</p>" if question.comment else ""
    return (
        f"<section><h2>{html.escape(question.name)} ({points})</h2>"
        f'<p><span class="outcome">{html.escape(question.outcome)}</span>: '
        f"{html.escape(MEANING.get(question.outcome, question.outcome))}</p>{words}</section>"
    )


def _picture(question: Question) -> str:
    """The student's own answer, drawn; as an image, in which nothing runs."""
    if not question.answer:
        return ""
    try:
        # A sheet that was changed since may know the question no more, or not as it was.
        drawn = picture(find(question.name), read(question.answer)["value"])
    except (CourseError, WireError):
        return ""
    if drawn is None:
        return ""
    data = base64.b64encode(drawn.svg.encode()).decode("ascii")
    return (
        f'<figure><img src="data:image/svg+xml;base64,{data}" alt="{html.escape(drawn.words, quote=True)}">'
        f"<figcaption>{html.escape(drawn.caption)}</figcaption></figure>"
    )
