"""What formgrader shows of a submission: the sheet with a student's code in it, none of it run or drawn.

nbgrader keeps such files in autograded/, as what its own autograde leaves. Text and outputs of a submission
stay out: formgrader puts both into its page as they are, scripts and all.
"""

from pathlib import Path

import nbformat
from nbformat import v4

from cnnhw.course.files import write_notebook
from cnnhw_grading.feedback import MEANING
from cnnhw_grading.gradebook import cell_of
from cnnhw_grading.reader import Submission
from cnnhw_grading.store import Graded, Question

AUTOGRADED = "autograded"


def shown(exercise: nbformat.NotebookNode, submission: Submission, graded: Graded) -> nbformat.NotebookNode:
    """Put a submission's code and its results into the sheet that was handed out.

    exercise    the sheet, with nbgrader's metadata; it stays as it is
    submission  the code cells of the student
    graded      what came of it
    returns     the sheet's cells, each question's outcome below its answer; last the student's other cells
    """
    results = {cell_of(question.name): question for question in graded.questions}
    used, cells = set(), []
    for cell in exercise.cells:
        marks = cell.metadata.get("nbgrader", {})
        cell = nbformat.from_dict(cell)
        name = marks.get("grade_id", "")
        if marks.get("grade") and name in results:
            cell.source, cell.outputs = f"# {results[name].name}", [_outcome(results[name])]
        elif marks.get("solution"):
            place = submission.place_of(name, name)
            used.add(place)
            cell.source = "# no cell defines it" if place is None else submission.cells[place].source
            cell.outputs = []
        cells.append(cell)
    others = [c.source for i, c in enumerate(submission.cells) if i not in used and not c.graded]
    if others:
        cells += [v4.new_markdown_cell("## Other cells of this notebook"), *map(v4.new_code_cell, others)]
    return v4.new_notebook(cells=cells)


def write(notebook: nbformat.NotebookNode, graded: Graded, folder: Path) -> Path:
    """Write what `shown` gives to where formgrader looks for it; gives the file's path."""
    path = folder / AUTOGRADED / graded.key.student / graded.key.sheet / f"{graded.key.sheet}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_notebook(notebook, path)
    return path


def _outcome(question: Question) -> nbformat.NotebookNode:
    words = "\n".join([f"{question.outcome}: {MEANING.get(question.outcome, '')}", question.words])
    return v4.new_output("stream", name="stdout", text=words)
