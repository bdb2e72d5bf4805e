"""What the open exercises of notebook 02_deep_cnns want: the rule itself, no answer."""

from cnnhw.checks.exercise import Open
from cnnhw.networks import Network


def draw_network_work(network):
    """Draw the MACs and weights of each layer."""
    from cnnhw.pictures.networks.work import work_per_layer

    return work_per_layer(network)


NOTEBOOK = "02_deep_cnns"


def _chained(network: Network) -> bool:
    """Whether each layer can follow the one before it; a pooling may stand between, so H may shrink."""
    layers = list(network.layers.values())
    pairs = zip(layers, layers[1:], strict=False)
    return all(after.C == layer.M and after.H <= layer.E and after.W <= layer.F for layer, after in pairs)


def _ends(network: Network) -> bool:
    layers = list(network.layers.values())
    first, last = layers[0], layers[-1]
    return (first.C, first.H, first.W) == (1, 32, 32) and (last.M, last.E, last.F) == (10, 1, 1)


def _smallest_filter(network: Network) -> int:
    return min(min(layer.R, layer.S) for layer in network.conv.values())


def _reads_everything(network: Network) -> bool:
    return all(layer.ifmap_words_read == layer.ifmap_words for layer in network.conv.values())


def _mostly_conv(network):
    return 10 * sum(layer.macs for layer in network.layers.values() if layer.is_fc) < network.macs


OPENS = (
    Open(
        name="small_network",
        notebook=NOTEBOOK,
        points=3,
        rule="a Network from networks.from_layers(name, [LayerShape(...), ..., LayerShape.fc(...)])",
        wants=Network,
        properties=(
            ("it takes one 32 x 32 channel and ends with 10 scores", _ends),
            ("each layer takes the channels of the one before, and no more rows or columns", _chained),
            (
                "it has at least 2 CONV layers, with filters of at least 3 x 3",
                lambda network: len(network.conv) >= 2 and _smallest_filter(network) >= 3,
            ),
            ("its CONV layers leave no ifmap word unread", _reads_everything),
            (
                "its layers have one stride and one padding, and no dilation",
                lambda network: all(layer.is_even for layer in network.layers.values()),
            ),
            ("it has at most 100,000 MACs", lambda network: network.macs <= 100_000),
            ("it has at most 6,000 weights", lambda network: network.filter_words <= 6_000),
            ("over 90 % of its MACs are in CONV layers", _mostly_conv),
        ),
        score=lambda network: network.macs,
        unit="MACs",
        bar=100_000,
        best=(
            32 * 32 + 3 * 3 + 10,
            "one filter reads each pixel once, one window of 3 x 3 follows, and 10 scores",
        ),
        draw=draw_network_work,
        seconds=30.0,
    ),
)
