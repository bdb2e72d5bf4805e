"""A transform as straight-line code: what is written in the matrix is done, and counted, word by word."""

import numpy as np

from cnnhw.conv.winograd.transforms import Matrix


def transformed(matrix: Matrix, words: np.ndarray, axis: int) -> np.ndarray:
    """Multiply a matrix into one axis of an array, skipping its zeros and multiplying by no 1 or -1.

    matrix   rows of Fractions
    words    any array whose `axis` is as long as a row
    returns  the same array with as many words on that axis as the matrix has rows

    >>> transformed(((1, 0, -1), (0, 2, 1)), np.array([10, 3, 4], object), axis=0)   # 10 - 4; 2*3 + 4
    array([6, 10], dtype=object)
    """
    lines = np.moveaxis(words, axis, 0)
    results = [_line(row, lines) for row in matrix]
    return np.moveaxis(np.stack(results, dtype=words.dtype), 0, axis)


def line_operations(matrix: Matrix) -> tuple[int, int]:
    """Count what `transformed` does to one vector: its multiplications and its additions.

    matrix   rows of Fractions
    returns  entries that are not 0, 1 or -1; and for each row its entries that are not 0, less one

    >>> line_operations(((1, 0, -1), (0, 2, 1)))
    (1, 2)
    """
    entries = [[entry for entry in row if entry] for row in matrix]
    multiplications = sum(abs(entry) != 1 for row in entries for entry in row)
    return multiplications, sum(len(row) - 1 for row in entries)


def _line(row, lines: np.ndarray) -> np.ndarray:
    """One row: the first word starts the sum, each other is added or, after -1, subtracted."""
    total = None
    for entry, words in zip(row, lines, strict=True):
        if entry == 0:
            continue
        # A whole entry goes in as an int: an array of floats or ints then keeps its type.
        term = words if abs(entry) == 1 else words * (int(entry) if entry == int(entry) else entry)
        if total is None:
            total = -term if entry == -1 else term
        else:
            total = total - term if entry == -1 else total + term
    return total
