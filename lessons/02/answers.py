"""What notebook 02's exercises ask for, right and wrong in the ways that students get it wrong."""

from itertools import product

from cnnhw.networks import from_layers
from cnnhw.shape import LayerShape


def layer_cost(M, C, H, W, R, S, U, P, G):
    """Right: weights and MACs of a layer."""
    shape = LayerShape(M=M, C=C, H=H, W=W, R=R, S=S, U=U, P=P, G=G)
    return shape.filter_words, shape.macs


def cost_as_if(**changed):
    """Make a layer_cost that takes some sizes wrongly: name -> function of all sizes."""

    def mistaken(M, C, H, W, R, S, U, P, G):
        sizes = {"M": M, "C": C, "H": H, "W": W, "R": R, "S": S, "U": U, "P": P, "G": G}
        return layer_cost(**{**sizes, **{name: change(sizes) for name, change in changed.items()}})

    return mistaken


def cost_with_bias(*sizes):
    """Wrong: one bias a filter among the weights."""
    weights, macs = layer_cost(*sizes)
    return weights + sizes[0], macs


def cost_off_by_one(M, C, H, W, R, S, U, P, G):
    """Wrong: E and F without the + 1."""
    weights, _ = layer_cost(M, C, H, W, R, S, U, P, G)
    return weights, weights * ((H + 2 * P - R) // U) * ((W + 2 * P - S) // U)


def cost_ungrouped_macs(M, C, H, W, R, S, U, P, G):
    """Wrong: groups in the weights, none in the MACs."""
    return layer_cost(M, C, H, W, R, S, U, P, G)[0], layer_cost(M, C, H, W, R, S, U, P, 1)[1]


def cost_rounded_up(M, C, H, W, R, S, U, P, G):
    """Wrong: E and F rounded up."""
    weights, _ = layer_cost(M, C, H, W, R, S, U, P, G)
    return weights, weights * (-(-(H + 2 * P - R) // U) + 1) * (-(-(W + 2 * P - S) // U) + 1)


def cost_grouped_twice(*sizes):
    """Wrong: M / G filters of C / G channels."""
    weights, macs = layer_cost(*sizes)
    return weights // sizes[-1], macs // sizes[-1]


def conv_share(network):
    """Right: CONV layers' part of the MACs."""
    return sum(layer.macs for layer in network.conv.values()) / network.macs


def conv_over_fc(network):
    """Wrong: CONV against FC, not against all."""
    return conv_share(network) / (1 - conv_share(network))


def share_of_weights(network):
    """Wrong: weights for MACs."""
    return sum(layer.filter_words for layer in network.conv.values()) / network.filter_words


def share_of_wide_filters(network):
    """Wrong: CONV is what has filters above 1 x 1."""
    return sum(layer.macs for layer in network.conv.values() if layer.R > 1) / network.macs


def share_of_all_but_last(network):
    """Wrong: CONV is every layer but the last."""
    return sum(layer.macs for layer in list(network.layers.values())[:-1]) / network.macs


def share_of_layers(network):
    """Wrong: layers for MACs."""
    return len(network.conv) / len(network.layers)


def draw_network(rng, conv, fc):
    """Draw a network of CONV and FC layers, in any order, whose names do not say which is which."""
    layers = [_draw_conv(rng) for _ in range(conv)] + [_draw_fc(rng) for _ in range(fc)]
    order = rng.permutation(len(layers))
    return (from_layers("drawn", {f"layer {i}": layers[place] for i, place in enumerate(order, start=1)}),)


def _draw_conv(rng):
    M, C, H, R, U = (int(number) for number in rng.integers((1, 1, 4, 1, 1), (9, 9, 9, 4, 5)))
    return LayerShape(M=M, C=C, H=H, R=R, U=U)  # with U = 4 its ofmap may be a single word, as that of an FC


def _draw_fc(rng):
    M, C, H = (int(number) for number in rng.integers((1, 1, 1), (21, 9, 4)))
    return LayerShape.fc(M=M, C=C, H=H)


def conv_then_pool(H, R, U, P, pool_R, pool_U, ceil):
    """Right: rows after a convolution and a pooling."""
    E = (H + 2 * P - R) // U + 1
    steps = -(-(E - pool_R) // pool_U) if ceil else (E - pool_R) // pool_U
    return steps + 1


def pool_off_by_one(*sizes):
    """Wrong: no + 1 after the division."""
    return conv_then_pool(*sizes) - 1


def pool_floor(H, R, U, P, pool_R, pool_U, ceil):
    """Wrong: always rounded down."""
    return conv_then_pool(H, R, U, P, pool_R, pool_U, False)


def pool_ceil(H, R, U, P, pool_R, pool_U, ceil):
    """Wrong: always rounded up."""
    return conv_then_pool(H, R, U, P, pool_R, pool_U, True)


def pool_one_sided(H, R, U, P, pool_R, pool_U, ceil):
    """Wrong: padding on one side."""
    return conv_then_pool(H + P, R, U, 0, pool_R, pool_U, ceil)


def pool_no_stride(H, R, U, P, pool_R, pool_U, ceil):
    """Wrong: a convolution of stride 1."""
    return conv_then_pool(H, R, 1, P, pool_R, pool_U, ceil)


def pool_started_inside(H, R, U, P, pool_R, pool_U, ceil):
    """Wrong: a last window that starts past the last row is dropped."""
    E = (H + 2 * P - R) // U + 1
    rows = conv_then_pool(H, R, U, P, pool_R, pool_U, ceil)
    return rows - ((rows - 1) * pool_U >= E)


def pool_rounded_twice(H, R, U, P, pool_R, pool_U, ceil):
    """Wrong: `ceil` rounds E up too."""
    extra = -(H + 2 * P - R) % U if ceil else 0
    return conv_then_pool(H + extra, R, U, P, pool_R, pool_U, ceil)


def pool_by_stride(H, R, U, P, pool_R, pool_U, ceil):
    """Wrong: the stride stands for the window."""
    return conv_then_pool(H, R, U, P, pool_U, pool_U, ceil)


def pool_one_more(H, R, U, P, pool_R, pool_U, ceil):
    """Wrong: floor + 1 for the rounded-up division."""
    return conv_then_pool(H, R, U, P, pool_R, pool_U, False) + ceil


def pool_as_tiles(H, R, U, P, pool_R, pool_U, ceil):
    """Wrong: E / pool_U, whatever the window."""
    E = (H + 2 * P - R) // U + 1
    return -(-E // pool_U) if ceil else E // pool_U


def receptive_field(chain):
    """Right: ifmap rows that one word sees."""
    seen = 1
    for R, U in reversed(chain):
        seen = (seen - 1) * U + R
    return seen


def field_backwards(chain):
    """Wrong: from the first layer to the last."""
    return receptive_field(tuple(reversed(chain)))


def field_no_stride(chain):
    """Wrong: every stride taken as 1."""
    return 1 + sum(R - 1 for R, _ in chain)


def field_own_stride(chain):
    """Wrong: a layer's stride applied to its own window."""
    seen, jump = 1, 1
    for R, U in chain:
        jump *= U
        seen += (R - 1) * jump
    return seen


def field_without_gaps(chain):
    """Wrong: only the rows that are multiplied."""
    rows = {0}
    for R, U in reversed(chain):
        rows = {row * U + r for row in rows for r in range(R)}
    return len(rows)


def field_tiles(chain):
    """Wrong: n * U + R."""
    seen = 1
    for R, U in reversed(chain):
        seen = seen * U + R
    return seen


def is_small_network(network):
    """The whole rule, layer by layer."""
    layers, macs, weights, conv_macs, conv = list(network.layers.values()), 0, 0, 0, 0
    fits = (layers[0].C, layers[0].H, layers[0].W) == (1, 32, 32)
    if any((layer.D, type(layer.U), type(layer.P)) != (1, int, int) for layer in layers):
        return False
    channels, rows, columns = 1, 32, 32
    for layer in layers:
        tops = range(-layer.P, layer.H + layer.P - layer.R + 1, layer.U)
        lefts = range(-layer.P, layer.W + layer.P - layer.S + 1, layer.U)
        fits &= layer.C == channels and layer.H <= rows and layer.W <= columns
        channels, rows, columns = layer.M, len(tops), len(lefts)
        words = layer.M * layer.C // layer.G * layer.R * layer.S
        weights, macs = weights + words, macs + layer.N * words * rows * columns
        if (layer.H, layer.W, 0) != (layer.R, layer.S, layer.P):  # a CONV layer
            conv, conv_macs = conv + 1, conv_macs + layer.N * words * rows * columns
            seen = {h + r for h in tops for r in range(layer.R)} >= set(range(layer.H))
            seen &= {w + s for w in lefts for s in range(layer.S)} >= set(range(layer.W))
            fits &= seen and min(layer.R, layer.S) >= 3
    scores = (channels, rows, columns) == (10, 1, 1)
    return fits and scores and conv >= 2 and weights <= 6000 and macs <= 100_000 and conv_macs > 0.9 * macs


def nearby_networks():
    """Networks on both sides of each limit."""
    found = []
    for R, U, M, channels in product((3, 4, 5, 16), (1, 2, 16), (1, 6, 9), (1, 16, 40)):
        conv1 = LayerShape(M=M, C=1, H=32, R=R, U=U)
        conv2 = LayerShape(M=channels, C=M, H=conv1.E // 2, R=min(3, conv1.E // 2), P=U // 16)
        for last in (LayerShape.fc(M=10, C=channels, H=conv2.E), LayerShape.fc(M=9, C=channels, H=conv2.E)):
            found.append(from_layers("near", [conv1, conv2, last]))
    return found
