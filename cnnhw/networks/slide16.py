"""Slide 16, AlexNet's first layers: each printed number beside the one that the layers give."""

from cnnhw.networks.cells import Cell
from cnnhw.networks.network import Network
from cnnhw.networks.shipped import alexnet

_CUT_OFF = "digits after the k are cut off; rounded it would be 35k"
_SWAPPED = "the text of the slide lists layers 2 and 3 in swapped order; read as {other}'s number it is right"


def slide16(network: Network | None = None) -> tuple[Cell, ...]:
    """Compare slide 16 with AlexNet.

    network  AlexNet unless given; its layers CONV1, CONV2, CONV3 are compared
    returns  Cells: weights and MACs of each layer
    source   Sze, "Energy-Efficient Deep Learning: Challenges and Opportunities", slide 16

    >>> [str(cell.verdict) for cell in slide16()[:2]]
    ['reproduced under a convention', 'reproduced']
    """
    layers = (network or alexnet()).layers
    return (
        _weights(layers, "CONV1", "34k"),
        _macs(layers, "CONV1", "105M", meant="CONV1"),
        _weights(layers, "CONV2", "307k"),
        _macs(layers, "CONV2", "150M", meant="CONV3"),
        _weights(layers, "CONV3", "885k"),
        _macs(layers, "CONV3", "224M", meant="CONV2"),
    )


def _weights(layers, name: str, published: str) -> Cell:
    words = layers[name].filter_words
    if name != "CONV1":
        return Cell(name, "weights", published, words, source="slide 16")
    return Cell(name, "weights", published, words, words, _CUT_OFF, cut_off=True, source="slide 16")


def _macs(layers, name: str, published: str, meant: str) -> Cell:
    if meant == name:
        return Cell(name, "MACs", published, layers[name].macs, source="slide 16")
    own, under = layers[name].macs, layers[meant].macs
    others = ((f"{name} itself", own),)
    remark = _SWAPPED.format(other=meant)
    return Cell(name, "MACs", published, own, under, remark, others=others, source="slide 16")
