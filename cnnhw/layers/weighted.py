"""Layers with weights: a convolution or a fully connected layer, and its bias."""

import numpy as np

from cnnhw.conv import conv_windows
from cnnhw.errors import ShapeError
from cnnhw.tensors.checked import as_array, check_words


def conv_layer(
    ifmap: np.ndarray,
    filters: np.ndarray,
    bias: np.ndarray | None = None,
    U=1,
    P=0,
    G: int = 1,
    D=1,
) -> np.ndarray:
    """Convolve, then add one bias to each ofmap channel.

    ifmap    (N, C, H, W)
    filters  (M, C/G, R, S)
    bias     (M,), or None for none
    U, P, G  stride, zero padding on each side, groups
    D        dilation
    returns  ofmap (N, M, E, F); whole numbers stay whole
    raises   ShapeError as conv_windows does, or if the bias is not M finite words
    source   Sze et al., Proc. IEEE 2017, eq 1

    >>> conv_layer(np.ones((1, 1, 2, 3), int), np.ones((1, 1, 2, 2), int), bias=np.array([10]))
    array([[[[14, 14]]]])
    """
    ofmap = conv_windows(ifmap, filters, U=U, P=P, G=G, D=D)
    if bias is None:
        return ofmap
    bias = as_array(bias, "a bias must be an array (M,)")
    if bias.shape != (ofmap.shape[1],):
        raise ShapeError(
            "a layer has one bias for each filter",
            f"{ofmap.shape[1]} filters but a bias of shape {bias.shape}",
            f"give a bias of shape ({ofmap.shape[1]},), or None",
        )
    check_words("bias", bias, "adding")
    return ofmap + bias[:, None, None]


def fully_connected(ifmap: np.ndarray, filters: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Weigh every word of the ifmap once for each output.

    ifmap    (N, C, H, W), or (N, C) where H = W = 1
    filters  (M, C, H, W), or (M, C)
    bias     (M,), or None for none
    returns  (N, M): sum over c, h, w of ifmap[n, c, h, w] * filters[m, c, h, w], plus bias[m];
             whole numbers stay whole
    raises   ShapeError if a filter is not as large as the ifmap, or the bias is not M finite words
    source   Sze et al., Proc. IEEE 2017, section II-B

    >>> fully_connected(np.array([[1, 2, 3]]), np.array([[1, 0, 1], [2, 2, 2]]), np.array([0, -12]))
    array([[4, 0]])
    """
    ifmap, filters = _four_axes("ifmap", ifmap), _four_axes("filters", filters)
    if ifmap.shape[1:] != filters.shape[1:]:
        raise ShapeError(
            "in a fully connected layer each filter is as large as the ifmap",
            f"ifmap C, H, W = {ifmap.shape[1:]} but filters C, H, W = {filters.shape[1:]}",
            "reshape the ifmap, or use conv_layer for a filter that slides",
        )
    return conv_layer(ifmap, filters, bias)[:, :, 0, 0]


def _four_axes(tensor: str, array) -> np.ndarray:
    array = as_array(array, f"{tensor} of a fully connected layer must be an array")
    if array.ndim not in (2, 4):
        axes = "(N, C, H, W) or (N, C)" if tensor == "ifmap" else "(M, C, H, W) or (M, C)"
        raise ShapeError(
            f"{tensor} of a fully connected layer must have four axes, or two where H = W = 1",
            f"an array of shape {array.shape}",
            f"give {axes}; a single vector is vector[None]",
        )
    return array.reshape(array.shape + (1,) * (4 - array.ndim))
