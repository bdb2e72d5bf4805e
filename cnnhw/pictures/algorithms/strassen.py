"""Strassen's seven products of 2 x 2 blocks: what each adds up, and where its product goes."""

import numpy as np

from cnnhw.conv.strassen.schemes import A_BLOCKS, B_BLOCKS, C_BLOCKS, Scheme, Step, scheme_named
from cnnhw.errors import ShapeError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

_INK = {
    "A": palette.TENSOR[Tensor.FILTER],
    "B": palette.TENSOR[Tensor.IFMAP],
    "C": palette.TENSOR[Tensor.OFMAP],
}
_SIGN = {1: "+", -1: "\N{MINUS SIGN}"}
_PANEL, _ROW = 13.6, 4.9  # width and height of one product's place, in cells


def seven_products(a, b, variant: str = "strassen") -> Picture:
    """Draw the seven products of a scheme for two 2 x 2 matrices, and the sums that use them.

    a        (2, 2) whole numbers, drawn as filters: they stand for the blocks A11, A12, A21, A22
    b        (2, 2) whole numbers, drawn as ifmap words
    variant  "strassen" or "winograd"
    returns  Picture; a block that is added has a +, one that is subtracted a minus sign and a hatch
    raises   ShapeError if a or b is not 2 x 2 whole numbers, CourseError for another variant

    >>> seven_products([[1, 2], [3, 4]], [[5, 6], [7, 8]]).caption
    'M1 = (A11 + A22) (B11 + B22) = 5 * 13 = 65 goes into C11, C22. 7 products and 18 sums, where the \
definition has 8 and 4.'
    """
    scheme = scheme_named(variant)
    values = _values(scheme, _two_by_two("a", a), _two_by_two("b", b))

    def artist(board: Board) -> None:
        for place, product in enumerate(scheme.products):
            _draw_product(board, scheme, values, product, *_corner(place))
        _draw_results(board, scheme, values, *_corner(7))

    words = f"The seven products of the scheme {scheme.name}: {'; '.join(_lines(scheme, values))}"
    return draw_board(artist, 2 * _PANEL, 4 * _ROW + 0.2, words, _caption(scheme, values))


def _values(scheme: Scheme, a: np.ndarray, b: np.ndarray) -> dict[str, int]:
    """Every block, sum and product of the scheme as a number."""
    values = dict(zip(A_BLOCKS + B_BLOCKS, [int(word) for word in (*a.flat, *b.flat)], strict=True))
    for step in scheme.steps:
        first, second = values[step.first], values[step.second]
        values[step.name] = {"+": first + second, "-": first - second, "@": first * second}[step.sign]
    return values


def _draw_product(
    board: Board, scheme: Scheme, values: dict[str, int], product: Step, x: float, y: float
) -> None:
    left, right = scheme.expanded[product.first], scheme.expanded[product.second]
    board.write(x, y + 0.5, _formula(scheme, product), align="left", fontweight="bold")
    board.write(x, y + 1.4, _numbers(scheme, values, product), align="left", color=palette.MUTED)
    goes = {block: scheme.expanded[block].get(product.name, 0) for block in C_BLOCKS}
    for step, (names, signs) in enumerate(((A_BLOCKS, left), (B_BLOCKS, right), (C_BLOCKS, goes))):
        _draw_blocks(board, names, signs, x + 3.9 * step, y + 2.0)
    board.write(x + 2.95, y + 3.0, "\N{MULTIPLICATION SIGN}", size=13)
    board.write(x + 6.85, y + 3.0, "\N{RIGHTWARDS ARROW}", size=13)


def _draw_blocks(board: Board, names: tuple[str, ...], signs: dict[str, int], x: float, y: float) -> None:
    ink = _INK[names[0][0]]
    board.write(x + 2.1, y + 0.45, names[0][0], size=9, align="left", color=ink.line, fontweight="bold")
    for place, name in enumerate(names):
        sign = signs.get(name, 0)
        box = (x + place % 2, y + place // 2, 1.0, 1.0)
        if not sign:
            board.boxes([box], line=palette.GRID)
            continue
        board.boxes([box], fill=ink.fill, line=ink.line, hatch="///" if sign < 0 else "")
        if sign < 0:  # the sign stands on clean ground
            board.boxes([(box[0] + 0.22, box[1] + 0.22, 0.56, 0.56)], fill=ink.fill, line="none")
        board.write(box[0] + 0.5, box[1] + 0.5, _SIGN[sign], size=13, fontweight="bold")


def _draw_results(board: Board, scheme: Scheme, values: dict[str, int], x: float, y: float) -> None:
    board.write(x, y + 0.5, "C, put together from the products", align="left", fontweight="bold")
    for place, block in enumerate(C_BLOCKS):
        board.write(x, y + 1.4 + 0.9 * place, _result(scheme, values, block), align="left")


def _corner(place: int) -> tuple[float, float]:
    return _PANEL * (place % 2) + 0.2, _ROW * (place // 2)


def _sum(terms: dict, signs) -> str:
    """Write + and - between texts, none before the first, which every scheme adds."""
    first, *rest = zip(terms, signs, strict=True)
    return str(first[0]) + "".join(f" {_SIGN[sign]} {term}" for term, sign in rest)


def _factors(left: dict[str, int], right: dict[str, int]) -> str:
    factors = (_sum(side, side.values()) for side in (left, right))
    return " ".join(
        f"({factor})" if len(side) > 1 else factor
        for factor, side in zip(factors, (left, right), strict=True)
    )


def _numbers(scheme: Scheme, values: dict[str, int], product: Step) -> str:
    sides = []
    for operand in (product.first, product.second):
        terms = scheme.expanded[operand]
        text = _sum([_in_sum(values[name]) for name in terms], terms.values())
        sides.append(f"({text})" if len(terms) > 1 else text)
    return f"{' * '.join(sides)} = {_number(values[product.name])}"


def _result(scheme: Scheme, values: dict[str, int], block: str) -> str:
    terms = scheme.expanded[block]
    numbers = [_in_sum(values[name]) for name in terms]
    names, added = _sum(terms, terms.values()), _sum(numbers, terms.values())
    return f"{block} = {names} = {added} = {_number(values[block])}"


def _in_sum(value: int) -> str:
    return f"({_number(value)})" if value < 0 else str(value)


def _number(value: int) -> str:
    return str(value).replace("-", _SIGN[-1])


def _formula(scheme: Scheme, product: Step) -> str:
    return f"{product.name} = {_factors(scheme.expanded[product.first], scheme.expanded[product.second])}"


def _lines(scheme: Scheme, values: dict[str, int]) -> list[str]:
    products = [f"{_formula(scheme, step)} = {_numbers(scheme, values, step)}" for step in scheme.products]
    return [*products, *(_result(scheme, values, block) for block in C_BLOCKS)]


def _caption(scheme: Scheme, values: dict[str, int]) -> str:
    product = scheme.products[0]
    first, second, found = (_number(values[name]) for name in (product.first, product.second, product.name))
    goes = ", ".join(block for block in C_BLOCKS if product.name in scheme.expanded[block])
    return (
        f"{_formula(scheme, product)} = {first} * {second} = {found} goes into {goes}. "
        f"7 products and {sum(scheme.sums)} sums, where the definition has 8 and 4."
    )


def _two_by_two(name: str, words) -> np.ndarray:
    array = np.asarray(words)
    if array.shape != (2, 2) or array.dtype.kind not in "iu":
        raise ShapeError(
            f"{name} must be 2 x 2 whole numbers, one for each block",
            f"shape {array.shape} of {array.dtype}",
            "draw a small example, as in [[1, 2], [3, 4]]",
        )
    return array
