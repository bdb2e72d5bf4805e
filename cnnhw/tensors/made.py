"""Tensors that are made: zero padding, and seeded integers for tests and worked examples."""

import numpy as np

from cnnhw.errors import ShapeError
from cnnhw.shape import LayerShape, sides
from cnnhw.tensors.seeded import generator

# No zero, so that no product vanishes and hides a mistake. Chosen for teaching.
_WORDS = np.array([word for word in range(-9, 10) if word != 0])
_IFMAP, _FILTERS = 0, 1  # streams: one seed gives unrelated ifmaps and filters


def pad(ifmap: np.ndarray, P: int | tuple) -> np.ndarray:
    """Put P rows and columns of zeros around every channel of an ifmap.

    ifmap    (N, C, H, W), or any array whose last two axes are rows and columns
    P        words of padding: on each of the four sides, or ((above, below), (left, right))
    returns  (N, C, H + 2P, W + 2P), same dtype, a new array
    raises   ShapeError if P is not a whole number >= 0, or there are no rows and columns to pad
    source   Sze et al., Proc. IEEE 2017, section II-B

    >>> pad(np.array([[1, 2]]), P=1)
    array([[0, 0, 0, 0],
           [0, 1, 2, 0],
           [0, 0, 0, 0]])
    """
    ifmap = np.asarray(ifmap)
    if ifmap.ndim < 2:
        raise ShapeError(
            "padding needs rows and columns",
            f"an array of shape {ifmap.shape}",
            "give an ifmap (N, C, H, W), or a single channel (H, W)",
        )
    ((top, bottom), (left, right)), (*planes, H, W) = sides(P), ifmap.shape
    # Not np.pad: into an object array it puts 64-bit zeros, which wrap or refuse where Python's do not.
    padded = np.zeros((*planes, top + H + bottom, left + W + right), ifmap.dtype)
    padded[..., top : top + H, left : left + W] = ifmap
    return padded


def random_ifmap(shape: LayerShape, seed: int = 0) -> np.ndarray:
    """Draw an ifmap of small whole numbers for a layer.

    shape    the layer; its N, C, H, W are used
    seed     0 or more; the same seed gives the same words on every machine and NumPy version
    returns  (N, C, H, W) int64 of -9 .. 9 without 0; up to 18 words in a row are all different,
             so that a small map equals none of its mirror images or its transpose
    raises   CourseError if the seed is not a whole number >= 0
    source   chosen for teaching

    >>> random_ifmap(LayerShape(M=1, C=1, H=2, W=3, R=1), seed=0)
    array([[[[ 2, -6,  4],
             [-3, -9, -7]]]])
    """
    return _draw((shape.N, shape.C, shape.H, shape.W), seed, _IFMAP)


def random_filters(shape: LayerShape, seed: int = 0) -> np.ndarray:
    """Draw the filters of a layer as small whole numbers.

    shape    the layer; its M, C, G, R, S are used
    seed     as in random_ifmap; the same seed gives filters unrelated to the ifmap's words
    returns  (M, C/G, R, S) int64 of -9 .. 9 without 0; up to 18 words in a row are all different
    raises   CourseError if the seed is not a whole number >= 0
    source   chosen for teaching

    >>> random_filters(LayerShape(M=2, C=1, H=4, R=1, S=3), seed=0).reshape(2, 3)
    array([[-7, -9,  9],
           [-1,  7, -4]])
    """
    return _draw((shape.M, shape.seen, shape.R, shape.S), seed, _FILTERS)


def _draw(sizes: tuple[int, ...], seed: int, tensor: int) -> np.ndarray:
    words = int(np.prod(sizes))
    shuffles = -(-words // len(_WORDS))
    keys = generator(seed, tensor).random_sample((shuffles, len(_WORDS)))
    return _WORDS[keys.argsort(axis=1)].ravel()[:words].reshape(sizes)
