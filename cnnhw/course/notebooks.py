"""`cnnhw notebooks`: run the notebooks again and save them in normal form, or make pages of them."""

import argparse
from pathlib import Path

import nbformat

from cnnhw.course.files import (
    LESSONS,
    SOLUTIONS,
    course_folder,
    notebooks_in,
    read_notebook,
    write_notebook,
)
from cnnhw.course.lab import LOOKS, SETTINGS
from cnnhw.errors import CourseError

CELL_SECONDS = 120  # a lesson's slowest cell takes under 20 s; chosen for teaching
UNSTABLE = "nbval-ignore-output"  # tag of cells whose output is not kept, such as widgets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("names", nargs="*", help="only notebooks whose names start so, such as 03")
    parser.add_argument("--html", metavar="FOLDER", help="run nothing; save them as pages into this folder")


def run(options: argparse.Namespace) -> int:
    """Execute and save each notebook, or make its page; 0 means all ran to their ends."""
    folder = course_folder()
    paths = [p for place in (LESSONS, SOLUTIONS) for p in notebooks_in(folder / place, options.names)]
    if not paths:
        names = ", ".join(options.names) or "any name"
        got = f"none in {folder} for {names}"
        raise CourseError("there must be a notebook to run", got, "check the name")
    for path in paths:
        print(path.relative_to(folder).as_posix(), flush=True)
        if options.html:
            page = Path(options.html, path.parent.name, f"{path.stem}.html")
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(as_page(read_notebook(path)), encoding="utf-8")
        else:
            write_notebook(executed(read_notebook(path), path), path)
    return 0


def as_page(notebook: nbformat.NotebookNode) -> str:
    """Give a notebook as an HTML page, as it was saved; JupyterLab's own export makes the same.

    notebook  with its outputs
    returns   nbconvert's page with the course's style, in which links are underlined
    """
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(extra_template_basedirs=[str(SETTINGS)], template_name=LOOKS)
    return exporter.from_notebook_node(notebook)[0]


def executed(notebook: nbformat.NotebookNode, path: Path) -> nbformat.NotebookNode:
    """Run a notebook from a fresh kernel, in its folder.

    notebook  changed in place
    path      where it is saved
    returns   the notebook with execution counts 1 .. n and its outputs in normal form
    raises    CourseError naming the cell that failed, or that wrote a warning
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # it warns about its own sockets, which are local
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise _failed(notebook, path, f"{error.ename}: {error.evalue}") from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise _failed(notebook, path, str(error).splitlines()[0]) from error
    for cell in notebook.cells:
        if cell.cell_type == "code":
            _normalise(cell, path)
    return notebook


def _failed(notebook, path: Path, got: str) -> CourseError:
    # Cells run in order, so the last one with a count, or with an error, is the one that failed.
    ran = [c for c in notebook.cells if c.cell_type == "code" and (c.execution_count or c.outputs)]
    cell = ran[-1].id if ran else "before the first"
    return CourseError(f"every cell of {path.name} must run", f"cell {cell}: {got}", "correct that cell")


def _normalise(cell, path: Path) -> None:
    if UNSTABLE in cell.metadata.get("tags", []):
        cell.outputs = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            raise CourseError(
                "a saved notebook shows no warnings",
                f"{path.name}, cell {cell.id}: {output.text.strip().splitlines()[-1]}",
                "correct what it warns about",
            )
    cell.outputs = _merged(cell.outputs)


def _merged(outputs: list) -> list:
    """Join what was printed in several pieces: how print is cut up depends on the machine's speed."""
    merged = []
    for output in outputs:
        previous = merged[-1] if merged else None
        if previous and previous.output_type == output.output_type == "stream":
            previous.text += output.text
        else:
            merged.append(output)
    return merged
