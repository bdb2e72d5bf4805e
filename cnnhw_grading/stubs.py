"""Turn a solution notebook into the exercise that students get, with nbgrader's own preprocessors."""

import nbformat
from nbgrader import preprocessors
from traitlets.config import Config

from cnnhw.errors import CourseError

BODY_STUB = '# YOUR CODE HERE\nraise NotImplementedError("not attempted yet")'
ANSWER_STUB = "# YOUR ANSWER HERE: replace None above"
_BEGIN = "BEGIN SOLUTION"


class ClearSolutions(preprocessors.ClearSolutions):
    """nbgrader's ClearSolutions with a stub for each place a solution can stand in.

    Inside a function the stub raises, so that check() can tell a stub from an answer. At the left margin a
    raise would stop the notebook; there the line above the region says `name = None`, and a
    comment is enough.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Choose the stub for this cell, then do what nbgrader does."""
        begins = [line for line in cell.source.split("\n") if _BEGIN in line]
        at_margin = {not line.startswith(" ") for line in begins}
        if len(at_margin) > 1:
            raise CourseError(
                "a cell holds solution regions of one kind",
                f"cell {cell.get('id')} with regions both in a function and at the left margin",
                "split the cell in two",
            )
        self.code_stub = {"python": ANSWER_STUB if at_margin == {True} else BODY_STUB}
        return super().preprocess_cell(cell, resources, cell_index)


# nbgrader's own order and steps, but for the stubs. Checksums come twice: hidden tests change a cell.
NBGRADER_STEPS = (
    preprocessors.IncludeHeaderFooter,
    preprocessors.InstantiateTests,
    preprocessors.LockCells,
    ClearSolutions,
    preprocessors.ClearOutput,
    preprocessors.CheckCellMetadata,
    preprocessors.ComputeChecksums,
    preprocessors.SaveCells,
    preprocessors.ClearHiddenTests,
    preprocessors.ClearMarkScheme,
    preprocessors.ComputeChecksums,
    preprocessors.CheckCellMetadata,
)
# These three need an instructor's own files or database.
_NEED_COURSE = (preprocessors.IncludeHeaderFooter, preprocessors.InstantiateTests, preprocessors.SaveCells)


def exercise_from(solution: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Give the exercise that a solution notebook turns into; the solution itself is changed too.

    solution  a notebook with nbgrader's metadata
    returns   the same notebook without solutions, hidden tests and outputs, its grade cells locked
    raises    CourseError for a cell that nbgrader would not accept
    """
    resources = {}
    for step in (step for step in NBGRADER_STEPS if step not in _NEED_COURSE):
        try:
            solution, resources = step(config=Config()).preprocess(solution, resources)
        except (RuntimeError, nbformat.ValidationError) as error:
            raise CourseError(
                f"nbgrader's {step.__name__} must accept the solution", str(error), "correct that cell"
            ) from error
    return solution
