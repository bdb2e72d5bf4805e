"""The networks of the course, layer by layer, and any network a reader brings."""

from cnnhw.networks.cells import Cell, Verdict, agrees
from cnnhw.networks.csvfile import from_csv, to_csv
from cnnhw.networks.glue import Pool, parse_step
from cnnhw.networks.network import Network, from_layers
from cnnhw.networks.onnx_file import from_onnx
from cnnhw.networks.shipped import (
    alexnet,
    all_networks,
    googlenet,
    lenet5,
    overfeat,
    resnet50,
    vgg16,
    zfnet,
)
from cnnhw.networks.slide16 import slide16
from cnnhw.networks.slide18 import slide18
from cnnhw.networks.torch_module import from_torch

__all__ = [
    "Cell",
    "Network",
    "Pool",
    "Verdict",
    "agrees",
    "alexnet",
    "all_networks",
    "from_csv",
    "from_layers",
    "from_onnx",
    "from_torch",
    "googlenet",
    "lenet5",
    "overfeat",
    "parse_step",
    "resnet50",
    "slide16",
    "slide18",
    "to_csv",
    "vgg16",
    "zfnet",
]
