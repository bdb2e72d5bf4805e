"""Where mutants come from: the solution cells, and the source of references and predicates."""

import ast
import builtins
import contextlib
import functools
import inspect
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cnnhw.checks.exercise import Exercise, Function
from cnnhw.course.files import SOLUTIONS, course_folder, read_notebook
from cnnhw_grading.strength.mutation import mark, mutants

_MOST_STEPS = 100_000  # rounds of loops in one call: far above what any case here needs
TICK = "__tick__"
_LAMBDA = "the_lambda"


class Endless(RuntimeError):
    """A mutant's loops have gone round too often."""


class Steps:
    """Counts the rounds of loops; a call that goes on too long ends at the same place on every machine."""

    def __init__(self):
        self.left = _MOST_STEPS

    def restart(self) -> None:
        """Give the next call its full number of rounds."""
        self.left = _MOST_STEPS

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Endless("too many rounds")

    def range(self, *bounds) -> range:
        """A range that is no longer than the rounds left, since a comprehension does not count its own."""
        made = range(*bounds)
        if len(made) > _MOST_STEPS:
            raise Endless("too long a range")
        return made


@dataclass
class Source:
    """Code that can be mutated: a tree, the names it runs among, and the name it defines."""

    tree: ast.Module
    namespace: Mapping[str, object]
    name: str
    least: Mapping[str, object] = field(default_factory=dict)
    steps: Steps = field(default_factory=Steps)
    imports: ast.Module = field(init=False)

    def __post_init__(self):
        # Imports run once, and what the library computes for one mutant serves the others.
        imports = [node for node in self.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        names = dict(self.namespace)
        self.imports = ast.Module(imports, [])
        exec(compile(self.imports, f"<{self.name}>", "exec"), names)
        self.namespace = {name: remembered(value) for name, value in names.items()}
        self.tree.body = [node for node in self.tree.body if node not in imports]
        self.tree = mark(self.tree, TICK, self.least)

    def original(self) -> object:
        """What the code defines, unchanged."""
        return self._made()

    def mutants(self) -> Iterator[tuple[str, object]]:
        """Each mutant: how it was made, and what it defines; an exception where it defines nothing."""
        for words in mutants(self.tree):
            try:
                made = self._made()
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # a mutant may do anything, exit() included
                made = error
            yield words, made

    def _made(self) -> object:
        self.steps.restart()
        names = {**self.namespace, TICK: self.steps, "range": self.steps.range}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(self.tree, f"<{self.name}>", "exec"), names)
        return names[self.name]


def remembered(value: object) -> object:
    """A function of the library that keeps its results for arguments that can be keys; all else as it is."""
    if not inspect.isfunction(value) or not value.__module__.startswith("cnnhw."):
        return value
    quick = functools.lru_cache(maxsize=1000)(value)

    @functools.wraps(value)
    def call(*arguments, **options):
        try:
            hash((arguments, tuple(options.values())))
        except TypeError:
            return value(*arguments, **options)
        return quick(*arguments, **options)

    return call


@functools.cache
def _solved(path: Path) -> dict[str, tuple[str, dict]]:
    """Each solution cell of a notebook by its name: its code, and the names that stand before it."""
    names, found = {"__name__": "__main__"}, {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in read_notebook(path).cells:
            marks = cell.metadata.get("nbgrader", {})
            if cell.cell_type != "code" or marks.get("grade"):
                continue
            if marks.get("solution"):
                found[marks["grade_id"]] = cell.source, dict(names)
            exec(compile(cell.source, str(path), "exec"), names)
    return found


def solution(exercise: Exercise) -> Source:
    """The solution cell of an exercise."""
    path = course_folder() / SOLUTIONS / f"{exercise.notebook}.ipynb"
    code, names = _solved(path)[exercise.name]
    return Source(ast.parse(code), names, exercise.name, least(exercise))


def least(exercise: Exercise) -> dict[str, object]:
    """The least value of each argument of a function that is a size of its domain."""
    if not isinstance(exercise, Function) or exercise.domain is None:
        return {}
    return {n: exercise.domain.sizes[n][0] for n in exercise.parameters if n in exercise.domain.sizes}


def of_function(function: Callable, least: Mapping[str, object] | None = None) -> Source | None:
    """The source of a function and of the helpers in its own module that it calls; None if there is none."""
    if not inspect.isfunction(function):
        return None
    module = inspect.getmodule(function)
    nodes = _module_tree(module)
    own = _definition(nodes, function)
    if own is None:
        return None
    own = own if isinstance(own, ast.FunctionDef) else ast.Assign([ast.Name(_LAMBDA, ast.Store())], own)
    name = getattr(own, "name", _LAMBDA)
    helpers = {n: _definition(nodes, f) for n, f in _helpers(function, vars(module)).items() if n != name}
    definitions = [node for node in helpers.values() if node is not None]
    text = "\n".join(ast.unparse(ast.fix_missing_locations(each)) for each in [*definitions, own])
    closed = inspect.getclosurevars(function).nonlocals
    return Source(ast.parse(text), {**vars(module), **closed}, name, least or {})


def _helpers(function: Callable, names: Mapping[str, object]) -> dict[str, Callable]:
    """The functions of the same module that a function calls, themselves or through others."""
    found, waiting = {}, [function.__code__]
    while waiting:
        for name in _names(waiting.pop()) - set(found):
            helper = names.get(name)
            if inspect.isfunction(helper) and helper.__module__ == function.__module__:
                found[name] = helper
                waiting.append(helper.__code__)
    return found


@functools.cache
def _module_tree(module) -> list[ast.AST]:
    tree = ast.parse(inspect.getsource(module))
    return [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Lambda))]


def _definition(nodes: list[ast.AST], function: Callable) -> ast.AST | None:
    code = function.__code__
    kind = ast.Lambda if code.co_name == "<lambda>" else ast.FunctionDef
    first = [n for n in nodes if isinstance(n, kind) and _first_line(n) == code.co_firstlineno]
    if len(first) > 1:  # several lambdas in a line: the one with the same instructions
        first = [node for node in first if _same_code(node, code)]
    return first[0] if first else None


def _first_line(node: ast.AST) -> int:
    decorators = getattr(node, "decorator_list", [])
    return decorators[0].lineno if decorators else node.lineno


def _same_code(node: ast.AST, code) -> bool:
    made = compile(ast.Expression(node), "", "eval").co_consts[0]
    return (made.co_code, made.co_consts, made.co_names) == (code.co_code, code.co_consts, code.co_names)


def _names(code) -> set[str]:
    inner = [const for const in code.co_consts if inspect.iscode(const)]
    return set(code.co_names).union(*map(_names, inner)) - set(vars(builtins))
