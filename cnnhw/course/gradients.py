"""How the loss changes with each weight: the backward pass through a chain of layers.

It serves to train LeNet-5 and knows what LeNet-5 needs: no padding, no groups, ReLU and max pooling.
Tests compare every gradient with finite differences and with an independent tool.
"""

import numpy as np

from cnnhw.errors import CourseError
from cnnhw.layers import Weights, forward, softmax
from cnnhw.networks import Network, Pool, parse_step
from cnnhw.shape import LayerShape


def loss_and_gradients(
    network: Network, weights: Weights, ifmap: np.ndarray, labels: np.ndarray
) -> tuple[float, dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Give the mean cross-entropy of a batch and its gradient with respect to every weight.

    network  a chain without padding and groups, whose glue is ReLU and max pooling
    weights  layer name -> (filters (M, C, R, S), bias (M,))
    ifmap    (N, C, H, W)
    labels   (N,) whole numbers, the right class of each image
    returns  the loss, mean over n of -log softmax(scores)[n, labels[n]], and a dict from layer name to
             the gradients (filters (M, C, R, S), bias (M,))
    raises   CourseError if the network has a step or a layer that this backward pass does not know
    source   Bishop, Pattern Recognition and Machine Learning, 2006, section 5.3

    >>> network = Network(name="one", layers={"A": LayerShape.fc(M=2, C=1)}, glue={"A": ()})
    >>> weights = {"A": (np.zeros((2, 1, 1, 1)), np.zeros(2))}
    >>> loss, gradients = loss_and_gradients(network, weights, np.full((1, 1, 1, 1), 3.0), np.array([1]))
    >>> print(round(loss, 3), gradients["A"][1])        # -log(1/2); 1/2 for the wrong class, 1/2 - 1
    0.693 [ 0.5 -0.5]
    >>> gradients["A"][0].ravel()                       # the same times the ifmap's 3
    array([ 1.5, -1.5])
    """
    ofmaps = forward(network, weights, ifmap, keep=True)
    loss, d_ofmap = _cross_entropy(ofmaps, labels)
    gradients, names = {}, list(network.layers)
    for before, name in zip([None, *names[:-1]][::-1], names[::-1], strict=True):
        for step, entered in reversed(_steps(network, name)):
            d_ofmap = _step_backward(step, ofmaps[entered], ofmaps[f"{name} {step}"], d_ofmap)
        entered = ifmap if before is None else ofmaps[_last_step(network, before)]
        gradients[name], d_ofmap = _layer_backward(network.layers[name], weights[name][0], entered, d_ofmap)
    return loss, gradients


def _cross_entropy(ofmaps: dict, labels: np.ndarray):
    scores = list(ofmaps.values())[-1]
    probabilities = softmax(scores[:, :, 0, 0])
    rows = np.arange(len(labels))
    loss = -np.log(probabilities[rows, labels]).mean()
    probabilities[rows, labels] -= 1
    return float(loss), (probabilities / len(labels)).reshape(scores.shape)


def _steps(network: Network, name: str) -> list[tuple[str, str]]:
    """Pair each step after a layer with the name of the ofmap that enters it."""
    steps = network.glue[name]
    return list(zip(steps, [name, *(f"{name} {step}" for step in steps)], strict=False))


def _last_step(network: Network, name: str) -> str:
    return " ".join([name, *network.glue[name][-1:]])


def _step_backward(step: str, entered: np.ndarray, left: np.ndarray, d_left: np.ndarray) -> np.ndarray:
    pool = parse_step(step)
    if step == "relu":
        return d_left * (entered > 0)
    if pool is None or pool.kind != "max" or pool.ceil:
        raise CourseError(
            "training knows relu and max_pool R/U without ceil",
            repr(step),
            "train this network with another tool, or replace the step",
        )
    return _max_pool_backward(pool, entered, left, d_left)


def _max_pool_backward(pool: Pool, entered, left, d_left) -> np.ndarray:
    """Hand each gradient to the word that was the largest of its window; to the first one in a tie."""
    d_entered, open_ = np.zeros_like(entered), np.ones(left.shape, dtype=bool)
    E, F = left.shape[2:]
    for r in range(pool.window):
        for s in range(pool.window):
            place = _window_words(E, F, r, s, pool.stride)
            chosen = open_ & (entered[place] == left)
            d_entered[place] += d_left * chosen
            open_ &= ~chosen
    return d_entered


def _layer_backward(shape: LayerShape, filters: np.ndarray, entered: np.ndarray, d_ofmap: np.ndarray):
    """Give the gradients of a layer's filters and bias, and of its ifmap.

    Filter word (r, s) met the ifmap words U*e + r, U*f + s: the same places take part in both products.
    """
    if shape.P or shape.G != 1 or not shape.is_even:
        raise CourseError(
            "training knows layers with one stride, without padding, groups and dilation",
            f"U={shape.U}, P={shape.P}, G={shape.G}, D={shape.D}",
            "train this network with another tool",
        )
    ifmap = entered.reshape(-1, shape.C, shape.H, shape.W)  # a fully connected layer may have flattened it
    d_filters, d_ifmap = np.empty_like(filters), np.zeros_like(ifmap)
    for r in range(shape.R):
        for s in range(shape.S):
            place = _window_words(shape.E, shape.F, r, s, shape.U)
            d_filters[:, :, r, s] = np.tensordot(d_ofmap, ifmap[place], axes=([0, 2, 3], [0, 2, 3]))
            d_ifmap[place] += np.tensordot(filters[:, :, r, s], d_ofmap, axes=([0], [1])).swapaxes(0, 1)
    return (d_filters, d_ofmap.sum(axis=(0, 2, 3))), d_ifmap.reshape(entered.shape)


def _window_words(E: int, F: int, r: int, s: int, U: int):
    """Index the words that stand at (r, s) of all windows: rows U*e + r, columns U*f + s."""
    return (..., slice(r, r + U * (E - 1) + 1, U), slice(s, s + U * (F - 1) + 1, U))
