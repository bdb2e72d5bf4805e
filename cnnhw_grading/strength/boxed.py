"""The mutants of solutions once more, as submissions: what passes in a box must pass outside it too."""

import ast
import functools
from collections.abc import Iterator

from cnnhw.checks.cases import hidden_cases, visible_cases
from cnnhw.checks.domain import by_size
from cnnhw.checks.exercise import Exercise, Function
from cnnhw.checks.judge import judge
from cnnhw.course.files import SOLUTIONS, course_folder, read_notebook
from cnnhw_grading import scratch
from cnnhw_grading.box import Box, BoxEnded, Kind, Library, choose, prepare
from cnnhw_grading.judge import judge_remote
from cnnhw_grading.session import Result, Session, run_cell
from cnnhw_grading.strength.mutants import Trials, chosen_exercises, hushed
from cnnhw_grading.strength.sources import TICK, solution

_MOST_ROUNDS = 1_000_000  # of all loops together: an endless one ends soon, and its question with it
_COUNTING = f"""_rounds = [{_MOST_ROUNDS}]
def {TICK}():
    _rounds[0] -= 1
    if _rounds[0] < 0:
        raise RuntimeError("too many rounds")"""


def boxed(
    exercise: Exercise, kind: Kind, library: Library, step: int = 1
) -> Iterator[tuple[str, bool, Result]]:
    """Judge mutants of an exercise's solution in a box, and outside.

    kind, library  the box
    step           every how many-th mutant is tried
    returns        how each was made, whether it passes outside, what came of it in the box
    """
    source = solution(exercise)
    cells = [*_cells_before(exercise), ast.unparse(source.imports)]
    session = Session(kind, library, functools.partial(judge_remote, seed=0))
    passes = _passes_outside(exercise, source)
    names, box = sorted(_bound(source.tree)), None
    try:
        for place, (words, made) in enumerate(source.mutants()):
            if place % step or words.startswith("print("):  # which no answer needs
                continue
            text = "\n".join(
                [f"globals().pop({name!r}, None)" for name in names] + [ast.unparse(source.tree)]
            )
            if box is None:
                box = _furnished(kind, library, cells)
            try:
                result = session.ask(box, exercise, run_cell(box, text))
            except BoxEnded as ended:
                box, result = None, Result(ended.outcome, str(ended))
            with hushed():
                outside = passes(made)
            yield words, outside, result
    finally:
        if box is not None:
            box.end()


def _cells_before(exercise: Exercise) -> list[str]:
    """The cells before the solution, whose names a mutant may need."""
    found = []
    for cell in read_notebook(course_folder() / SOLUTIONS / f"{exercise.notebook}.ipynb").cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade_id") == exercise.name:
            break
        if cell.cell_type == "code" and not marks.get("grade"):
            found.append(cell.source)
    return found


def _bound(tree: ast.Module) -> set[str]:
    """The names that a solution binds at its margin: no mutant may find those of the one before."""
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assigned = [node for node in tree.body if isinstance(node, (ast.Assign, ast.For))]
    names = (name for node in assigned for name in ast.walk(node) if isinstance(name, ast.Name))
    return found | {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _furnished(kind: Kind, library: Library, cells: list[str]) -> Box:
    box = Box(kind, library)
    for cell in (*cells, _COUNTING):
        run_cell(box, cell)
    return box


def _passes_outside(exercise: Exercise, source):
    if not isinstance(exercise, Function):
        return lambda made: not isinstance(made, BaseException) and judge(exercise, made, hidden=True).right
    cases = Trials(exercise, by_size(visible_cases(exercise)) + by_size(hidden_cases(exercise)))
    return lambda made: not isinstance(made, BaseException) and not cases.differ(made, source)


def print_boxed(lessons: list[str]) -> int:
    """Print how many mutants of each exercise of these lessons are refused in a box, and which should be.

    returns  1 if something passes in a box that does not outside
    """
    kind, passed = choose(), 0
    with scratch.folder() as folder:
        library = prepare(folder / "library")
        for exercise in chosen_exercises(lessons):
            tried = list(boxed(exercise, kind, library))
            wrong = [words for words, outside, result in tried if result.outcome == "right" and not outside]
            refused = sum(result.outcome != "right" for _, _, result in tried)
            both = sum(result.outcome != "right" and not outside for _, outside, result in tried)
            passed += len(wrong)
            print(f"{exercise.notebook[:2]} {exercise.name:24}{refused:5} / {len(tried):4} refused,"
                  f" {refused - both} of them right outside", flush=True)  # fmt: skip
            for words in wrong:
                print(f"    passes: {words}")
    return 1 if passed else 0
