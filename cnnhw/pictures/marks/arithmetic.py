"""Sums of products in words, as captions and labels show them."""

from collections.abc import Sequence


def sum_of_products(ifmap: Sequence[float], weights: Sequence[float], bias: float = 0) -> str:
    """Write out bias + sum of weights[c] * ifmap[c] with its result; a bias of 0 is left out.

    ifmap    (C,) words
    weights  (C,) words
    bias     word the sum starts from
    returns  the sum and its result, each product in the order weight * ifmap word

    >>> sum_of_products((1, 3), (2, -1), bias=4)
    '4 + 2*1 + (-1)*3 = 3'
    """
    products = [f"{_signed(w)}*{_signed(i)}" for w, i in zip(weights, ifmap, strict=True)]
    total = bias + sum(w * i for w, i in zip(weights, ifmap, strict=True))
    return " + ".join([_signed(bias)] * bool(bias) + products) + f" = {short(total)}"


def short(value: float) -> str:
    """Write a number with at most two decimals, none where they are zeros, never a minus zero.

    >>> short(2.50), short(-0.001), short(7)
    ('2.5', '0', '7')
    """
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def listed(values: Sequence[float]) -> str:
    """Write numbers with commas between them.

    >>> listed((1, 2.5))
    '1, 2.5'
    """
    return ", ".join(short(value) for value in values)


def _signed(value: float) -> str:
    return f"({short(value)})" if value < 0 else short(value)
