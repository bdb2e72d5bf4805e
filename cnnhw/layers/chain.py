"""The forward pass: ifmaps in, scores out, through every layer of a chain and what follows it."""

from collections.abc import Mapping

import numpy as np

from cnnhw.errors import CourseError, ShapeError
from cnnhw.layers.pooling import avg_pool, max_pool
from cnnhw.layers.weighted import conv_layer
from cnnhw.layers.wordwise import lrn, relu
from cnnhw.networks import Network, parse_step
from cnnhw.shape import LayerShape

Weights = Mapping[str, tuple[np.ndarray, np.ndarray | None]]

_SAME_SIZE = {"relu": relu, "lrn": lrn}
_POOLS = {"max": max_pool, "avg": avg_pool}


def forward(
    network: Network, weights: Weights, ifmap: np.ndarray, keep: bool = False
) -> np.ndarray | dict[str, np.ndarray]:
    """Pass ifmaps through a whole network, layer by layer.

    network  a Network whose layers form a chain; network.glue says what follows each of them
    weights  layer name -> (filters (M, C/G, R, S), bias (M,) or None)
    ifmap    (N, C, H, W) of the first layer, any N
    keep     True: return every step by name and in order: "C1", "C1 relu", "C1 max_pool 2/2", "C3", ...
    returns  the scores (N, M) if the last layer has E = F = 1, else its ofmap (N, M, E, F);
             with keep, a dict from step to its ofmap (N, M, E, F). Whole numbers stay whole through
             convolutions, ReLU and max pooling
    raises   CourseError if the network has branches, weights are missing or a step is unknown;
             ShapeError if an array does not match its layer
    source   Sze et al., Proc. IEEE 2017, section II-B

    >>> from cnnhw import networks, tensors
    >>> blank = np.zeros((1, 1, 32, 32), dtype=np.float32)
    >>> steps = forward(networks.lenet5(), tensors.lenet5_weights(), blank, keep=True)
    >>> steps["C1 max_pool 2/2"].shape
    (1, 6, 14, 14)
    """
    if network.glue is None:
        raise CourseError(
            "forward() runs networks whose layers form a chain and say what follows each",
            f"{network.name}, which has branches or no glue",
            "use for example lenet5() or alexnet(), or call conv_layer layer by layer",
        )
    steps, ofmap = {}, np.asarray(ifmap)
    for name, shape in network.layers.items():
        filters, bias = _weights_of(name, shape, weights)
        slides = {"U": shape.U, "P": shape.P, "G": shape.G, "D": shape.D}
        ofmap = conv_layer(_ifmap_of(name, shape, ofmap), filters, bias, **slides)
        steps[name] = ofmap
        for step in network.glue[name]:
            ofmap = steps[f"{name} {step}"] = _apply(step, ofmap)
    if keep:
        return steps
    return ofmap[:, :, 0, 0] if ofmap.shape[2:] == (1, 1) else ofmap


def _apply(step: str, ofmap: np.ndarray) -> np.ndarray:
    pool = parse_step(step)
    if pool is None:
        return _SAME_SIZE[step](ofmap)
    return _POOLS[pool.kind](ofmap, pool.window, pool.stride, ceil=pool.ceil)


def _weights_of(name: str, shape: LayerShape, weights: Weights):
    if name not in weights:
        raise CourseError(
            "every layer needs its filters and bias",
            f"none for {name}; there are weights for {', '.join(weights) or 'no layer'}",
            f"add weights[{name!r}] = (filters, bias), with bias None for none",
        )
    filters, bias = weights[name]
    wanted = (shape.M, shape.seen, shape.R, shape.S)
    if np.shape(filters) != wanted:
        raise ShapeError(
            f"the filters of {name} must have the axes (M, C/G, R, S) of its shape",
            f"{np.shape(filters)} where {name} needs {wanted}",
            f"reshape or transpose the filters of {name}",
        )
    return filters, bias


def _ifmap_of(name: str, shape: LayerShape, ofmap: np.ndarray) -> np.ndarray:
    """Check that what arrives is the layer's ifmap; a fully connected layer may take it flattened."""
    wanted = (shape.C, shape.H, shape.W)
    flat = shape.is_fc and shape.H == shape.W == 1
    if flat and ofmap.ndim == 4 and ofmap[0].size == shape.C:
        return ofmap.reshape(-1, *wanted)
    if ofmap.ndim != 4 or ofmap.shape[1:] != wanted:
        raise ShapeError(
            f"the ifmap of {name} must be (N, C, H, W) = (N, {shape.C}, {shape.H}, {shape.W})",
            f"an array of shape {ofmap.shape}",
            "add the missing axis, scale the images, or check the step before this layer",
        )
    return ofmap
