"""The exercises of notebook 02_deep_cnns."""

from dataclasses import replace
from itertools import product

from cnnhw.checks.domain import Domain
from cnnhw.checks.exercise import Function, Number
from cnnhw.checks.opens.n02 import (
    NOTEBOOK,
    OPENS,
)
from cnnhw.networks import Network, from_layers, lenet5, vgg16
from cnnhw.shape import LayerShape

from . import answers

# Sizes are distinct, so that swapped axes, a forgotten stride or a forgotten group change the result.
LAYERS = (
    {"M": 8, "C": 6, "H": 11, "W": 17, "R": 3, "S": 5, "U": 2, "P": 2, "G": 2},
    {"M": 7, "C": 3, "H": 13, "W": 8, "R": 5, "S": 2, "U": 3, "P": 0, "G": 1},
)
OTHER_LAYERS = (
    {"M": 96, "C": 3, "H": 227, "W": 231, "R": 11, "S": 7, "U": 4, "P": 2, "G": 1},
    {"M": 10, "C": 15, "H": 9, "W": 6, "R": 9, "S": 6, "U": 1, "P": 0, "G": 5},
)

CHAINS = (
    {"H": 227, "R": 11, "U": 4, "P": 0, "pool_R": 3, "pool_U": 2, "ceil": False},
    {"H": 28, "R": 7, "U": 2, "P": 5, "pool_R": 4, "pool_U": 3, "ceil": True},
    {"H": 23, "R": 4, "U": 2, "P": 1, "pool_R": 2, "pool_U": 2, "ceil": False},
)
OTHER_CHAINS = (
    {"H": 224, "R": 7, "U": 2, "P": 3, "pool_R": 3, "pool_U": 2, "ceil": True},
    {"H": 224, "R": 7, "U": 2, "P": 3, "pool_R": 3, "pool_U": 2, "ceil": False},
    {"H": 31, "R": 5, "U": 3, "P": 0, "pool_R": 4, "pool_U": 3, "ceil": True},
)

# (R, U) of each layer, pooling included. The first is LeNet-5 from C1 to C5.
FIELDS = (
    {"chain": ((5, 1), (2, 2), (5, 1), (2, 2), (5, 1))},
    {"chain": ((11, 4), (3, 2), (5, 1))},
    {"chain": ((3, 1), (7, 3))},
)
OTHER_FIELDS = (
    {"chain": ((7, 2), (3, 2), (1, 1), (3, 1), (3, 2))},
    {"chain": ((4, 4),)},
    {"chain": ((2, 3), (5, 2), (3, 5))},
)
SMALL_FIELDS = tuple(
    chain
    for layers in (1, 2, 3)
    for chain in product(((1, 1), (2, 1), (1, 2), (2, 2), (3, 2), (2, 3)), repeat=layers)
)


def _sketch(channels: int, scores: int, U: int = 2) -> Network:
    """A network that is right with channels=6, scores=10, U=2."""
    conv1 = LayerShape(M=6, C=1, H=32, R=4, U=U)
    conv2 = LayerShape(M=16, C=channels, H=conv1.E // 2, R=3)
    return from_layers("sketch", [conv1, conv2, LayerShape.fc(M=scores, C=16, H=conv2.E)])


EXERCISES = (
    Number(
        name="vgg16_fc6_weights",
        notebook=NOTEBOOK,
        points=1,
        rule="a filter of a fully connected layer is as large as its whole ifmap",
        formula="a filter of a fully connected layer is as large as the ifmap: weights = M * C * H * W",
        answer=lambda: vgg16().layers["FC6"].filter_words,
        unit="weights",
        mistakes={
            "the 7 x 7 is left out": 4096 * 512,
            "one bias a filter is counted too": 4096 * (512 * 7 * 7 + 1),
            "H is used once, not H and W": 4096 * 512 * 7,
            "only one filter is counted": 512 * 7 * 7,
        },
    ),
    Function(
        name="layer_cost",
        notebook=NOTEBOOK,
        points=2,
        rule="a filter has weights for its own group; each weight is used once for every ofmap position",
        formula="weights = M * C/G * R * S; MACs = weights * E * F; E = (H + 2P - R)//U + 1, F from W and S",
        reference=answers.layer_cost,
        worked=((256, 96, 27, 27, 5, 5, 1, 2, 2),),
        cases=LAYERS,
        hidden=OTHER_LAYERS,
        domain=Domain(
            {"M": range(1, 7), "C": range(1, 7), "H": range(1, 10), "W": range(1, 10)}
            | {"R": range(1, 6), "S": range(1, 6), "U": range(1, 7), "P": range(0, 3), "G": range(1, 4)},
            where=lambda M, C, H, W, R, S, U, P, G: M % G == C % G == 0 and R <= H + 2 * P and S <= W + 2 * P,
        ),
        counts=lambda *sizes: {"MACs": answers.layer_cost(*sizes)[1]},
        without=("cnnhw.shape",),
        mistakes={
            "the groups are ignored": answers.cost_as_if(G=lambda _: 1),
            "the groups are ignored in the MACs": answers.cost_ungrouped_macs,
            "the stride is ignored": answers.cost_as_if(U=lambda _: 1),
            "the padding is ignored": answers.cost_as_if(P=lambda _: 0),
            "the ofmap's height is used for its width": answers.cost_as_if(
                W=lambda s: s["H"], S=lambda s: s["R"]
            ),
            "E and F are rounded up": answers.cost_rounded_up,
            "the groups divide M too": answers.cost_grouped_twice,
            "the two numbers are swapped": lambda *sizes: answers.layer_cost(*sizes)[::-1],
            "H and W are swapped": answers.cost_as_if(H=lambda s: s["W"], W=lambda s: s["H"]),
            "one bias a filter is counted too": answers.cost_with_bias,
            "E and F are one too small": answers.cost_off_by_one,
        },
    ),
    Function(
        name="conv_share",
        notebook=NOTEBOOK,
        points=2,
        rule="the part of all MACs that the CONV layers do, a number from 0 to 1",
        formula="share = MACs of the CONV layers / MACs of all layers, a number from 0 to 1",
        reference=answers.conv_share,
        worked=((from_layers("example", [LayerShape(M=3, C=1, H=10, R=1), LayerShape.fc(M=10, C=10)]),),),
        draw=answers.draw_network,
        cases=({"conv": 5, "fc": 2}, {"conv": 3, "fc": 3}),
        hidden=({"conv": 13, "fc": 3}, {"conv": 7, "fc": 1}),
        domain=Domain({"conv": range(0, 4), "fc": range(0, 4)}, where=lambda conv, fc: conv + fc > 0),
        tolerance=1e-9,
        mistakes={
            "the MACs of CONV are divided by those of FC": answers.conv_over_fc,
            "layers with 1 x 1 filters are left out": answers.share_of_wide_filters,
            "every layer but the last is taken for CONV": answers.share_of_all_but_last,
            "weights are counted, not MACs": answers.share_of_weights,
            "layers are counted, not MACs": answers.share_of_layers,
            "the share of FC is taken": lambda network: 1 - answers.conv_share(network),
            "the share is in percent": lambda network: 100 * answers.conv_share(network),
        },
    ),
    Function(
        name="conv_then_pool",
        notebook=NOTEBOOK,
        points=2,
        rule="a row for the first window, one for each stride after it; the pooling rounds up where ceil",
        formula="E = (H + 2P - R)//U + 1; then (E - pool_R) / pool_U rounded up where ceil, else down, + 1",
        reference=answers.conv_then_pool,
        worked=((224, 7, 2, 3, 3, 2, True), (224, 7, 2, 3, 3, 2, False)),
        cases=CHAINS,
        hidden=OTHER_CHAINS,
        domain=Domain(
            {"H": range(1, 16), "R": range(1, 6), "U": range(1, 7), "P": range(0, 4)}
            | {"pool_R": range(1, 5), "pool_U": range(1, 7), "ceil": (False, True)},
            where=lambda H, R, U, P, pool_R, pool_U, ceil: (
                R <= H + 2 * P and pool_R <= (H + 2 * P - R) // U + 1
            ),
        ),
        mistakes={
            "ceil is ignored": answers.pool_floor,
            "the + 1 of the pooling is left out": answers.pool_off_by_one,
            "a window that starts past the last row is dropped, as PyTorch does": answers.pool_started_inside,
            "E is rounded too": answers.pool_rounded_twice,
            "pool_U stands for pool_R": answers.pool_by_stride,
            "ceil adds a row to an exact division": answers.pool_one_more,
            "the division is always rounded up": answers.pool_ceil,
            "the padding is added on one side only": answers.pool_one_sided,
            "the stride of the convolution is ignored": answers.pool_no_stride,
            "the pooling is E / pool_U, without its window": answers.pool_as_tiles,
        },
    ),
    Function(
        name="receptive_field",
        notebook=NOTEBOOK,
        points=3,
        rule="back from one word, each layer spreads what is needed by its stride, and adds its filter",
        formula="from the last layer to the first: n ofmap words in a row need (n - 1) * U + R ifmap words",
        reference=answers.receptive_field,
        worked=((((3, 1), (3, 1)),),),
        cases=FIELDS,
        hidden=OTHER_FIELDS,
        domain=Domain({"chain": SMALL_FIELDS}),
        mistakes={
            "the chain is walked from the first layer to the last": answers.field_backwards,
            "the strides are ignored": answers.field_no_stride,
            "the filters are added": lambda chain: sum(R for R, _ in chain),
            "rows between two windows are left out": answers.field_without_gaps,
            "a layer's own stride is used for its own window": answers.field_own_stride,
            "n * U + R is taken instead of (n - 1) * U + R": answers.field_tiles,
        },
    ),
    replace(
        OPENS[0],
        definition=answers.is_small_network,
        nearby=answers.nearby_networks,
        mistakes={
            "LeNet-5 itself is given": lenet5(),
            "there is no CONV layer": from_layers("fc", [LayerShape.fc(M=10, C=1, H=32)]),
            "there are 9 scores": _sketch(channels=6, scores=9),
            "a layer takes other channels than the one before leaves": _sketch(channels=5, scores=10),
            "the strides are left out": _sketch(channels=6, scores=10, U=1),
        },
    ),
)
