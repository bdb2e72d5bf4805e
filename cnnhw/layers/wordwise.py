"""Layers without weights that keep the size of the ofmap: ReLU, normalisation, softmax."""

import numpy as np

from cnnhw.errors import ShapeError
from cnnhw.tensors.checked import check_words

# Krizhevsky et al., NIPS 2012, section 3.3: k, n (channels), alpha, beta; no unit but n.
LRN_K, LRN_CHANNELS, LRN_ALPHA, LRN_BETA = 2.0, 5, 1e-4, 0.75


def relu(ofmap: np.ndarray) -> np.ndarray:
    """Replace every negative word by zero.

    ofmap    any shape
    returns  same shape and dtype: max(0, x)
    raises   ShapeError if a word is no finite number
    source   Nair and Hinton, ICML 2010

    >>> relu(np.array([-2, 0, 3]))
    array([0, 0, 3])
    """
    ofmap = np.asarray(ofmap)
    check_words("ofmap", ofmap, "the ReLU")
    return np.maximum(ofmap, 0)


def lrn(ofmap: np.ndarray) -> np.ndarray:
    """Damp each word by the activity of its neighbours in depth (local response normalisation).

    ofmap    (N, M, E, F)
    returns  same shape, float: x_m / (2 + 0.0001 * sum of x_k^2)^0.75, k from m - 2 to m + 2 where
             such channels exist
    raises   ShapeError if there is no channel axis, or a word is no finite number
    source   Krizhevsky et al., NIPS 2012, section 3.3

    >>> print(lrn(np.full((1, 1, 1, 1), 100.0)).round(3))      # 100 / (2 + 1)^0.75
    [[[[43.869]]]]
    """
    ofmap = np.asarray(ofmap)
    if ofmap.ndim != 4:
        raise ShapeError(
            "normalisation across channels needs an ofmap (N, M, E, F)",
            f"an array of shape {ofmap.shape}",
            "add the missing axes, for example ofmap[None]",
        )
    check_words("ofmap", ofmap, "normalising")
    squares, reach = ofmap * 1.0 * ofmap, LRN_CHANNELS // 2
    channels = range(ofmap.shape[1])
    activity = [squares[:, max(0, m - reach) : m + reach + 1].sum(axis=1) for m in channels]
    return ofmap / (LRN_K + LRN_ALPHA * np.stack(activity, axis=1)) ** LRN_BETA


def softmax(scores: np.ndarray) -> np.ndarray:
    """Turn scores into probabilities that add up to 1 along the last axis.

    scores   (N, M) or (M,), finite real numbers
    returns  same shape, float: exp(x_m) / sum of exp(x_k). The largest score is subtracted first:
             the result is the same and nothing overflows
    raises   ShapeError if there is no score, or one is no finite number
    source   Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4

    >>> print(softmax(np.array([1000.0, 1000.0])))
    [0.5 0.5]
    """
    scores = np.asarray(scores)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise ShapeError(
            "softmax needs at least one score", f"an array of shape {scores.shape}", "give (N, M) or (M,)"
        )
    check_words("scores", scores, "softmax")
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
