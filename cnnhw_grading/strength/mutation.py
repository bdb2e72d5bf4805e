"""Small changes to a syntax tree, one at a time: the slips that a student's code, or ours, could hold."""

import ast
from collections.abc import Iterator, Mapping

from cnnhw_grading.strength.slips import RULES, is_call, moved, sliced, words_of


def mutants(tree: ast.AST) -> Iterator[str]:
    """Change `tree` in place in one spot after another, and say how; each change is undone before the next.

    tree     what may change, prepared by mark(); nodes it marked `kept` do not
    returns  an iterator of descriptions "old line -> new line"; compile the tree before taking the next
    """
    for statement, holder, name, index in list(_places(tree, None)):
        old = getattr(holder, name) if index is None else getattr(holder, name)[index]
        before = words_of(statement)
        for new in list(_changes(old, holder, name)):
            _put(holder, name, index, ast.fix_missing_locations(ast.copy_location(new, old)))
            after = getattr(new, "words", "") or words_of(new if old is statement else statement)
            yield f"{before} -> {after}"
            _put(holder, name, index, old)


def mark(tree: ast.AST, tick: str, least: Mapping[str, object]) -> ast.AST:
    """Prepare a tree: each loop and function calls `tick`, so that an endless one can be stopped.

    least  the least value of each argument, for functions that take it
    """
    call = ast.parse(f"{tick}()").body[0]
    call.kept = True
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.While, ast.FunctionDef)):
            if isinstance(node, ast.FunctionDef):
                node.least = least
                if ast.get_docstring(node) is not None:
                    node.body[0].kept = True
            node.body.insert(0, call)
        elif isinstance(node, ast.Subscript):
            places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            for place in places:
                place.is_index = not isinstance(place, ast.Slice)
    return tree


def _put(holder, name, index, node) -> None:
    if index is None:
        setattr(holder, name, node)
    else:
        getattr(holder, name)[index] = node


def _places(node: ast.AST, statement) -> Iterator[tuple]:
    """Every child of `node`, at any depth, as (its statement, its parent, the field, the place in a list)."""
    for name, field in ast.iter_fields(node):
        if name in ("decorator_list", "annotation", "returns"):
            continue
        for index, child in enumerate(field) if isinstance(field, list) else [(None, field)]:
            if isinstance(child, ast.AST) and not getattr(child, "kept", False):
                mine = child if isinstance(child, ast.stmt) else statement
                yield mine or child, node, name, index
                yield from _places(child, mine)


def _changes(node: ast.AST, holder: ast.AST, name: str) -> Iterator[ast.AST]:
    kind = type(node).__name__
    if kind in RULES:
        yield from RULES[kind](node)
    if name == "test" or (isinstance(holder, ast.comprehension) and name == "ifs"):
        yield from (ast.Constant(True), ast.Constant(False), ast.UnaryOp(ast.Not(), node))
    if isinstance(holder, ast.Return) and name == "value":
        yield from map(ast.Constant, (0, 1, -1, None))
    if isinstance(holder, (ast.For, ast.comprehension)) and name == "iter" and not is_call(node, "range"):
        yield from (sliced(node, lower=1), sliced(node, upper=-1))
    if getattr(node, "is_index", False):
        yield from moved(node)
    if isinstance(node, ast.stmt) and not isinstance(node, (ast.FunctionDef, ast.Pass)):
        yield ast.Pass()
