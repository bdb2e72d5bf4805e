"""LeNet-5 as its paper counts it: connections and trained parameters, biases and pooling included.

The paper's layers differ from plain convolutions in three ways. S2 and S4 pool by adding up a 2x2 window,
times one trained coefficient, plus a bias. C3 connects each of its maps to some of the S2 maps only. The
output layer compares with fixed patterns and trains nothing. Slide 18 mixes these counts with plain ones.
source: LeCun et al., Proc. IEEE 1998, section II-B and table I
"""

from cnnhw.networks.network import Network

# Which S2 maps each of the sixteen C3 maps sees: LeCun 1998, table I.
C3_INPUTS = (
    *({m, (m + 1) % 6, (m + 2) % 6} for m in range(6)),
    *({m, (m + 1) % 6, (m + 2) % 6, (m + 3) % 6} for m in range(6)),
    {0, 1, 3, 4},
    {1, 2, 4, 5},
    {0, 2, 3, 5},
    {0, 1, 2, 3, 4, 5},
)
POOL_WINDOW = 2 * 2  # words added up for one pooled word


def connections(network: Network) -> dict[str, int]:
    """Count LeNet-5's connections as the paper does: every product and every added bias is one.

    network  lenet5(): sizes are read from its layers C1, C3, C5, F6, OUT
    returns  layer -> connections; pooling layers S2, S4 are among them; together 340,908 on 32x32

    >>> from cnnhw.networks import lenet5
    >>> connections(lenet5())["C3"]          # 60 of 96 filter planes: (60*25 + 16) * 10*10
    151600
    """
    c1, c3, c5, f6, out = network.layers.values()
    return {
        "C1": (c1.ofmap_reuse + 1) * c1.ofmap_words,
        "S2": (POOL_WINDOW + 1) * c3.ifmap_words,
        "C3": _c3_parameters(network) * c3.E * c3.F,
        "S4": (POOL_WINDOW + 1) * c5.ifmap_words,
        "C5": (c5.ofmap_reuse + 1) * c5.ofmap_words,
        "F6": (f6.ofmap_reuse + 1) * f6.ofmap_words,
        "OUT": out.macs,
    }


def parameters(network: Network) -> dict[str, int]:
    """Count LeNet-5's trained parameters as the paper does.

    network  lenet5()
    returns  layer -> trained parameters, biases included; together 60,000 on 32x32

    >>> from cnnhw.networks import lenet5
    >>> sum(parameters(lenet5()).values())   # 156 + 12 + 1516 + 32 + 48120 + 10164
    60000
    """
    c1, c3, c5, f6, _ = network.layers.values()
    return {
        "C1": c1.filter_words + c1.M,
        "S2": 2 * c1.M,  # one coefficient and one bias a map
        "C3": _c3_parameters(network),
        "S4": 2 * c3.M,
        "C5": c5.filter_words + c5.M,
        "F6": f6.filter_words + f6.M,
        "OUT": 0,
    }


def _c3_parameters(network: Network) -> int:
    c3 = network.layers["C3"]
    return sum(len(maps) for maps in C3_INPUTS) * c3.R * c3.S + c3.M
