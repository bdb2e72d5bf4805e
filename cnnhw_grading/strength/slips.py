"""What each kind of node in a syntax tree may be changed to: the table of slips."""

import ast
from collections.abc import Iterator

_NEIGHBOURS = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Mult, ast.Div),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
_RENAMED = {
    "min": "max", "max": "min", "ceil": "floor", "floor": "ceil", "any": "all", "all": "any",
    "argmax": "argmin", "argmin": "argmax", "maximum": "minimum", "minimum": "maximum", "zeros": "ones",
    "sum": "max", "round": "int", "prod": "sum",
}  # fmt: skip
_DROPPED = ("abs", "ceil", "floor", "round", "int", "float", "sorted", "reversed", "set", "relu", "reversed")


def words_of(statement: ast.AST) -> str:
    """One line for a statement; of a compound one only its head."""
    text = ast.unparse(statement).splitlines()
    body = getattr(statement, "body", None)
    return text[0] if isinstance(body, list) or len(text) == 1 else " ".join(line.strip() for line in text)


def moved(node: ast.expr) -> Iterator[ast.AST]:
    """An index or a bound moved by one; a constant has its own rule."""
    if _is_constant(node):
        return
    for op in (ast.Add(), ast.Sub()):
        yield ast.BinOp(node, op, ast.Constant(1))


def _is_constant(node) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def is_call(node: ast.AST, name: str) -> bool:
    """Whether a node calls a function of this name."""
    return isinstance(node, ast.Call) and _called(node.func) == name


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def sliced(node: ast.expr, lower: int | None = None, upper: int | None = None) -> ast.AST:
    """What is gone through, without its first or its last."""
    given = ast.Slice(*(None if bound is None else ast.Constant(bound) for bound in (lower, upper)))
    return ast.Subscript(ast.Call(ast.Name("list", ast.Load()), [node], []), given, ast.Load())


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    for op in _NEIGHBOURS.get(type(node.op), ()):
        yield ast.BinOp(node.left, op(), node.right)
    yield from (node.left, node.right)  # a term or factor dropped
    if isinstance(node.op, _ORDERED):
        yield ast.BinOp(node.right, node.op, node.left)
    if isinstance(node.op, ast.FloorDiv):  # rounded up
        minus = ast.UnaryOp(ast.USub(), node.left)
        yield ast.UnaryOp(ast.USub(), ast.BinOp(minus, ast.FloorDiv(), node.right))


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for place, op in enumerate(node.ops):
        for other in _NEIGHBOURS.get(type(op), ()):
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)
    if len(node.ops) > 1:  # one side of a chain dropped
        yield ast.Compare(node.left, node.ops[:1], node.comparators[:1])
        yield ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for place in range(len(node.values)):
        rest = node.values[:place] + node.values[place + 1 :]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        near = [node.value + 1, node.value - 1, 0]
        yield from (ast.Constant(value) for value in dict.fromkeys(near) if value != node.value)


def _call(node: ast.Call) -> Iterator[ast.AST]:
    name, args = _called(node.func), node.args
    if name in _RENAMED:
        yield ast.Call(_renamed(node.func, _RENAMED[name]), args, node.keywords)
    if name in _DROPPED and len(args) == 1:
        yield args[0]
    if name in ("min", "max", "maximum", "minimum", "divmod", "gcd", "lcm") and len(args) > 1:
        yield from args
    if name in ("range", "arange"):
        yield from _ranges(node)
    for place in range(len(args) - 1):
        if name not in ("min", "max", "maximum", "minimum"):
            swapped = [*args[:place], args[place + 1], args[place], *args[place + 2 :]]
            yield ast.Call(node.func, swapped, node.keywords)
    for place in range(len(node.keywords)):
        yield ast.Call(node.func, args, node.keywords[:place] + node.keywords[place + 1 :])


def _renamed(function: ast.expr, name: str) -> ast.expr:
    if isinstance(function, ast.Attribute):
        return ast.Attribute(function.value, name, ast.Load())
    return ast.Name(name, ast.Load())


def _ranges(node: ast.Call) -> Iterator[ast.AST]:
    args = node.args
    for place in range(min(len(args), 2)):
        for bound in moved(args[place]):
            yield ast.Call(node.func, [*args[:place], bound, *args[place + 1 :]], [])
    if len(args) == 1:
        yield ast.Call(node.func, [ast.Constant(1), args[0]], [])
    if len(args) == 3:
        yield ast.Call(node.func, args[:2], [])


def _attribute(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr == "T":
        yield node.value


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    lower, upper, step = node.lower, node.upper, node.step
    yield from (ast.Slice(each, upper, step) for each in (moved(lower) if lower else [ast.Constant(1)]))
    yield from (ast.Slice(lower, each, step) for each in (moved(upper) if upper else [ast.Constant(-1)]))
    if step:
        yield ast.Slice(lower, upper, None)


def _several(node: ast.Tuple | ast.List) -> Iterator[ast.AST]:
    if isinstance(node.ctx, ast.Load):
        for place in range(len(node.elts) - 1):
            first, second = node.elts[place : place + 2]
            yield type(node)([*node.elts[:place], second, first, *node.elts[place + 2 :]], ast.Load())


def _choice(node: ast.IfExp) -> Iterator[ast.AST]:
    yield from (node.body, node.orelse)


def _branch(node: ast.If) -> Iterator[ast.AST]:
    if node.orelse:
        yield _named(ast.If(node.test, node.orelse, node.body), "the branches swapped")


def _loop(node: ast.For | ast.While) -> Iterator[ast.AST]:
    once = [*node.body, ast.Break()]
    if isinstance(node, ast.For):
        new = ast.For(node.target, node.iter, once, node.orelse)
    else:
        new = ast.While(node.test, once, node.orelse)
    yield _named(new, f"{words_of(node)} one round")


def _augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    for op in _NEIGHBOURS.get(type(node.op), ()):
        yield ast.AugAssign(node.target, op(), node.value)
    target = ast.parse(ast.unparse(node.target), mode="eval").body
    yield ast.Assign([node.target], node.value)
    yield ast.AugAssign(node.target, node.op, target)


def _returned(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not isinstance(node.value, ast.Tuple):
        for op in (ast.Add(), ast.Sub()):
            yield ast.Return(ast.BinOp(node.value, op, ast.Constant(1)))


def _function(node: ast.FunctionDef) -> Iterator[ast.AST]:
    """At the first line two arguments swapped, one taken for another, or for its least value."""
    names = [argument.arg for argument in node.args.args]
    least = getattr(node, "least", {})
    for place, name in enumerate(names):
        for other in names[place + 1 :]:
            yield _begins(node, f"{name}, {other} = {other}, {name}")
        if len(names) > 1:
            yield _begins(node, f"{name} = {names[(place + 1) % len(names)]}")
        if name in least:
            yield _begins(node, f"{name} = {least[name]!r}")


def _begins(node: ast.FunctionDef, line: str) -> ast.FunctionDef:
    parts = {field: getattr(node, field) for field in node._fields}
    return _named(ast.FunctionDef(**{**parts, "body": ast.parse(line).body + node.body}), line)


def _named(node: ast.AST, words: str) -> ast.AST:
    node.words = words
    return node


RULES = {
    "BinOp": _binary, "UnaryOp": _unary, "Compare": _compare, "BoolOp": _boolean, "Constant": _constant,
    "Call": _call, "Attribute": _attribute, "Slice": _slice, "Tuple": _several, "List": _several,
    "IfExp": _choice, "If": _branch, "For": _loop, "While": _loop, "AugAssign": _augmented,
    "Return": _returned, "FunctionDef": _function,
}  # fmt: skip
