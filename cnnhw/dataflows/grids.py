"""Grids of parameters for a search: arrays that broadcast against each other, one axis for each choice.

What a dataflow's `candidates` leaves out is only what cannot be the answer:

- m, the filters in the buffer, appears in no energy but through ceil(M/m), which falls as m grows, and in no
  PE count. So for each choice of the others the largest m that fits the buffer is at least as good.
- p, where it is the last to be chosen, is the same: every term falls or stays as p grows, and the active PEs
  grow or stay. So the largest p that fits.
- n, the images in the buffer, appears only through ceil(N/n) and takes room. Of all n with the same ceil(N/n)
  the smallest leaves most room. This holds where n does not count PEs, in RS and NLR.

A grid may hold combinations that do not fit; the search masks them. tests/mapper compares the outcome with
trying every integer, on small layers.
"""

import numpy as np

from cnnhw.dataflows.sizes import chunks

Grid = dict[str, np.ndarray]


def up_to(most: int) -> np.ndarray:
    """Give 1, 2, ... most."""
    return np.arange(1, most + 1)


def fewest(size: int) -> np.ndarray:
    """Give the smallest step for each number of chunks that `size` can be cut into.

    >>> fewest(7).tolist()               # 7, 4, 3, 2 and 1 chunks
    [1, 2, 3, 4, 7]
    """
    steps = up_to(size)
    return steps[np.diff(chunks(size, steps), prepend=size + 1) < 0]


def pairs(first: np.ndarray, product: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Give all pairs of one of `first` and a number up to `most`, whose product is at most `product`.

    >>> [values.tolist() for values in pairs(up_to(3), 4, 3)]
    [[1, 1, 1, 2, 2, 3], [1, 2, 3, 1, 2, 1]]
    """
    there = np.minimum(product // first, most)
    second = np.arange(there.sum()) - np.repeat(np.cumsum(there) - there, there) + 1
    return np.repeat(first, there), second


def between(values, most: int) -> np.ndarray:
    """Make values below 1 to 1, which the constraints then refuse; and values past `most` to `most`."""
    return np.clip(values, 1, most)


def axis(values: np.ndarray, dimensions: int, number: int) -> np.ndarray:
    """Lay values along one axis of so many.

    >>> axis(up_to(3), 2, 0).shape
    (3, 1)
    """
    return values.reshape([-1 if a == number else 1 for a in range(dimensions)])
