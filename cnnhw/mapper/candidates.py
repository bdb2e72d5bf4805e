"""Which parameters a search has to try: all of them, less those that another is sure to beat.

Each function yields grids of parameters: arrays that broadcast against each other, so that one NumPy
expression tries all their combinations. Left out is only what cannot be the answer:

- m, the filters in the buffer, appears in no energy but through ceil(M/m), which falls as m grows, and in no
  PE count. So for each choice of the others the largest m that fits the buffer is at least as good.
- p, where it is the last to be chosen, is the same: every term falls or stays as p grows, and the active PEs
  grow or stay. So the largest p that fits.
- n, the images in the buffer, appears only through ceil(N/n) and takes room. Of all n with the same ceil(N/n)
  the smallest leaves most room. This holds where n does not count PEs, in RS and NLR.
- t of RS is tried only from the largest on that leaves p as it is; _sets says why.
- f of WS moves fewer ifmap words the larger it is, or the smaller where the stride is larger than the
  filter, and takes room; so either the largest that fits, or 1.

A grid may hold combinations that do not fit; the search masks them. tests/mapper compares the outcome with
trying every integer, on small layers.
"""

from collections.abc import Iterator

import numpy as np

from cnnhw.dataflows import NLR, OS_A, OS_B, OS_C, RS, WS, Dataflow, Room
from cnnhw.dataflows.sizes import Sizes, chunks

Grid = dict[str, np.ndarray]


def candidates(dataflow: Dataflow, z: Sizes, room: Room) -> Iterator[Grid]:
    """Give grids of parameters among which the best of all integers is.

    dataflow  one of the six, or a Dataflow of your own, which gives its own
    z         sizes of the layer
    room      of the machine
    yields    name -> array; all arrays of a grid broadcast against each other

    >>> from cnnhw import LayerShape
    >>> from cnnhw.dataflows import OS_C
    >>> layer = Sizes.of(LayerShape(N=2, M=8, C=1, H=3, R=3))
    >>> grid = next(candidates(OS_C, layer, Room(glb_words=54, rf_words=1, pes=6)))
    >>> grid["n"], grid["m"], grid["p"]                # n + m = 54/9 windows and filters fit
    (array([1, 2]), array([5, 4]), array([5, 3]))
    """
    own = _OF.get(type(dataflow))
    return own(z, room) if own else dataflow.candidates(z, room)


def _row_stationary(z: Sizes, room: Room) -> Iterator[Grid]:
    for e in range(1, min(z.E, room.pes // z.R) + 1):
        sets = room.pes // (z.R * e)
        q, r = _pairs(_up_to(min(z.C, room.rf_words)), z.C, sets)
        n, q, r = (values.ravel() for values in np.broadcast_arrays(_fewest(z.N)[:, None], q, r))
        m = (room.glb_words - n * q * r * z.strip_rows(e) * z.W) // (n * e * z.F)
        p = (room.rf_words - q * z.S) // (q * z.S + 1)
        possible = (m > 0) & (p > 0)
        n, q, r, m, p = (values[possible] for values in (n, q, r, m, p))
        m, p = np.minimum(m, z.M), np.minimum(p, z.M)
        t, index = _sets(m, p, np.minimum(sets // r, m))
        n, q, r, m, p = (values[index] for values in (n, q, r, m, p))
        yield {"m": m, "n": n, "e": np.array(e), "p": np.minimum(p, m // t), "q": q, "r": r, "t": t}


def _sets(m: np.ndarray, p: np.ndarray, most: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the t to try for each m and p, the largest p of the register file; and which of them each is for.

    Up to t = m // p that p stays, and larger t is better: so the largest of these. Beyond it p must shrink,
    so each t up to `most` is tried.
    """
    first = np.clip(m // p, 1, most)
    often = most - first + 1
    index = np.repeat(np.arange(len(m)), often)
    return np.arange(len(index)) - np.repeat(np.cumsum(often) - often, often) + first[index], index


def _weight_stationary(z: Sizes, room: Room) -> Iterator[Grid]:
    there = room.pes // (z.R * z.S)
    r, t = _pairs(_up_to(min(there, z.C)), there, z.M)
    room_left = room.glb_words - z.N * t * z.E * z.F
    a_column = r * t * z.U * (z.R - 1)  # words that wait for each further column; none if R = 1
    widest = np.where(a_column > 0, room_left // np.maximum(a_column, 1) + 1, z.F)
    yield {"r": r, "t": t, "f": np.stack([_between(widest, z.F), np.ones_like(r)])}


def _one_channel_many_pixels(z: Sizes, room: Room) -> Iterator[Grid]:
    e, f = _pairs(_up_to(min(z.E, room.pes)), room.pes, z.F)
    n = _axis(_up_to(min(z.N, room.pes)), 2, 0)
    tile = n * z.C * z.strip_rows(e) * z.strip_columns(f)
    yield {"m": _between((room.glb_words - tile) // (z.C * z.R * z.S), z.M), "n": n, "e": e, "f": f}


def _many_channels_many_pixels(z: Sizes, room: Room) -> Iterator[Grid]:
    n, f = _pairs(_up_to(min(z.N, room.pes)), room.pes, z.F)
    tile = n * z.C * z.R * z.strip_columns(f)
    m = _between((room.glb_words - tile) // (z.C * z.R * z.S), z.M)
    yield {"m": m, "n": n, "p": np.minimum(room.pes // (n * f), m), "f": f}


def _many_channels_one_pixel(z: Sizes, room: Room) -> Iterator[Grid]:
    n = _up_to(min(z.N, room.pes))
    m = _between(room.glb_words // (z.C * z.R * z.S) - n, z.M)
    yield {"m": m, "n": n, "p": np.minimum(room.pes // n, m)}


def _no_local_reuse(z: Sizes, room: Room) -> Iterator[Grid]:
    n, q = _axis(_fewest(z.N), 3, 0), _axis(_up_to(min(z.C, room.pes)), 3, 1)
    f = _axis(_up_to(z.F), 3, 2)
    for e in range(1, z.E + 1):
        tile = n * q * z.strip_rows(e) * z.strip_columns(f)
        m = _between((room.glb_words - tile) // (q * z.R * z.S + n * e * f), z.M)
        yield {"n": n, "m": m, "p": np.minimum(room.pes // q, m), "q": q, "e": np.array(e), "f": f}


_OF = {
    type(RS): _row_stationary,
    type(WS): _weight_stationary,
    type(OS_A): _one_channel_many_pixels,
    type(OS_B): _many_channels_many_pixels,
    type(OS_C): _many_channels_one_pixel,
    type(NLR): _no_local_reuse,
}


def _up_to(most: int) -> np.ndarray:
    return np.arange(1, most + 1)


def _fewest(size: int) -> np.ndarray:
    """The smallest step for each number of chunks that `size` can be cut into."""
    steps = _up_to(size)
    return steps[np.diff(chunks(size, steps), prepend=size + 1) < 0]


def _pairs(first: np.ndarray, product: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of one of `first` and a number up to `most`, whose product is at most `product`."""
    there = np.minimum(product // first, most)
    second = np.arange(there.sum()) - np.repeat(np.cumsum(there) - there, there) + 1
    return np.repeat(first, there), second


def _between(values, most: int) -> np.ndarray:
    """Values below 1 become 1, which the constraints then refuse; values past `most` become `most`."""
    return np.clip(values, 1, most)


def _axis(values: np.ndarray, dimensions: int, axis: int) -> np.ndarray:
    return values.reshape([-1 if a == axis else 1 for a in range(dimensions)])
