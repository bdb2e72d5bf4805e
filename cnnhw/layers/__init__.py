"""What stands between the convolutions of a network, and the forward pass through all of it."""

from cnnhw.layers.chain import Weights, forward
from cnnhw.layers.pooling import avg_pool, max_pool
from cnnhw.layers.weighted import conv_layer, fully_connected
from cnnhw.layers.wordwise import lrn, relu, softmax

__all__ = [
    "Weights",
    "avg_pool",
    "conv_layer",
    "forward",
    "fully_connected",
    "lrn",
    "max_pool",
    "relu",
    "softmax",
]
