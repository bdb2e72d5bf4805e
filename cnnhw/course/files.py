"""Where the course's notebooks are, and how one is read and written: the same bytes on every machine."""

import copy
from pathlib import Path

import nbformat

from cnnhw.errors import CourseError

LESSONS, SOLUTIONS, EXERCISES = "notebooks", "solutions", "exercises"

# What a cell's metadata may hold; the rest (timings, scrolling, debugger state) differs from run to run.
_KEPT = ("deletable", "editable", "nbgrader", "tags")
_NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def course_folder(start: Path | None = None) -> Path:
    """Find the folder of the course: the nearest one upwards with notebooks/, and solutions/ or exercises/.

    start   where to begin; the current folder when left out
    raises  CourseError if there is none
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / LESSONS).is_dir() and any((folder / name).is_dir() for name in (SOLUTIONS, EXERCISES)):
            return folder
    raise CourseError(
        f"this command works inside the course's folder, which holds {LESSONS}/ and {EXERCISES}/",
        f"the folder {start}",
        "change to the folder that has course.py, then repeat the command",
    )


def notebooks_in(folder: Path, names: list[str] | None = None) -> list[Path]:
    """List the notebooks of a folder, all or those whose names start with one of `names`."""
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    return [path for path in paths if not names or path.stem.startswith(tuple(names))]


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read a notebook, whatever platform wrote it.

    raises  CourseError if it is not one
    """
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (ValueError, nbformat.ValidationError) as error:
        raise CourseError(
            f"{path.name} must be a Jupyter notebook", str(error).splitlines()[0], "restore the file"
        ) from error


def notebook_text(notebook: nbformat.NotebookNode) -> str:
    """The text of a notebook's file: keys sorted, metadata that carries no meaning left out."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata = nbformat.from_dict(_NOTEBOOK_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in _KEPT})
        cell.source = "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n"))
    nbformat.validate(notebook)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def write_notebook(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook's text with Unix line ends everywhere."""
    path.write_text(notebook_text(notebook), encoding="utf-8", newline="\n")
