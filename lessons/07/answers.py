"""What notebook 07's exercises ask for, right and wrong in the ways that students get it wrong."""

from itertools import product

from cnnhw.checks import second_way
from cnnhw.shape import LayerShape


def possible_reuse(N, M, C, H, R, U, P, G):
    """Right: two reads for each MAC, over every ifmap and filter word once."""
    layer = LayerShape(N=N, M=M, C=C, H=H, R=R, U=U, P=P, G=G)
    return 2 * layer.macs / (layer.filter_words + layer.ifmap_words)


def reuse_with(*, reads=2, filters=1, ifmaps=1, ofmaps=0, groups=True, batch=True):
    """Wrong: give the ratio with other words read, or with the groups or the batch forgotten."""

    def wrong(N, M, C, H, R, U, P, G):
        layer = LayerShape(
            N=N if batch else 1, M=M, C=C, H=H, R=R, U=U, P=P, G=G if groups else 1
        )  # fmt: skip
        words = filters * layer.filter_words + ifmaps * layer.ifmap_words + ofmaps * layer.ofmap_words
        return reads * layer.macs / words

    return wrong


def tile_sizes(m, c, e, f, R, S, U):
    """Right: the ifmap, filter and psum words that a chunk of m, c, e, f touches."""
    rows, columns = _touched(e, R, U), _touched(f, S, U)
    return c * rows * columns, m * c * R * S, m * e * f


def _touched(chunk: int, taps: int, U: int) -> int:
    return len({U * start + tap for start in range(chunk) for tap in range(taps)})


def tiles_without_halo(m, c, e, f, R, S, U):
    """Wrong: windows that do not reach past the chunk."""
    return c * U * e * U * f, m * c * R * S, m * e * f


def tiles_of_stride_one(m, c, e, f, R, S, U):
    """Wrong: the stride forgotten."""
    return c * (e + R - 1) * (f + S - 1), m * c * R * S, m * e * f


def tiles_bounding_box(m, c, e, f, R, S, U):
    """Wrong: words between windows that no window touches."""
    return c * (U * (e - 1) + R) * (U * (f - 1) + S), m * c * R * S, m * e * f


def tiles_with_overlap(m, c, e, f, R, S, U):
    """Wrong: a word counted once for each window."""
    return c * e * R * f * S, m * c * R * S, m * e * f


def register_reads(order, M, C, E, F, R, S):
    """Right: how often the filter word of a MAC is another one than that of the MAC before."""
    return _changes(order, {"M": M, "C": C, "E": E, "F": F, "R": R, "S": S}, "MCRS")


def register_of_ifmap(order, M, C, E, F, R, S):
    """Wrong: the ifmap word's changes."""
    sizes = {"M": M, "C": C, "E": E, "F": F, "R": R, "S": S}
    return _changes(order, sizes, "CEFRS")


def register_by_letters(order, M, C, E, F, R, S):
    """Wrong: E and F are dropped from the end of the order's letters, whatever loops have one iteration."""
    reads = 1
    for dim in order.rstrip("EF"):
        reads *= {"M": M, "C": C, "E": E, "F": F, "R": R, "S": S}[dim]
    return reads


def _changes(order: str, sizes, chosen_by: str) -> int:
    places = [order.index(dim) for dim in chosen_by]
    reads, register = 0, None
    for indices in product(*(range(sizes[dim]) for dim in order)):
        word = tuple(indices[place] for place in places)
        reads, register = reads + (word != register), word
    return reads


def value_energy(value, a, b, c, d, dram, glb, noc, rf):
    """Right: ISCA 2016, equations 3 and 4."""
    if value == "input":
        return a * dram + a * b * glb + a * b * c * noc + a * b * c * d * rf
    return (2 * a - 1) * dram + 2 * a * (b - 1) * glb + a * b * (c - 1) * noc + 2 * a * b * c * (d - 1) * rf


def energy_always_input(value, a, b, c, d, dram, glb, noc, rf):
    """Wrong: a psum charged as an input."""
    return value_energy("input", a, b, c, d, dram, glb, noc, rf)


def energy_numbers_not_multiplied(value, a, b, c, d, dram, glb, noc, rf):
    """Wrong: b, c and d taken as totals."""
    if value == "input":
        return a * dram + b * glb + c * noc + d * rf
    return (2 * a - 1) * dram + 2 * (b - 1) * glb + (c - 1) * noc + 2 * (d - 1) * rf


def energy_first_psum_read(value, a, b, c, d, dram, glb, noc, rf):
    """Wrong: 2a accesses to DRAM."""
    return value_energy(value, a, b, c, d, dram, glb, noc, rf) + (value == "psum") * dram


def energy_without_first_visits(value, a, b, c, d, dram, glb, noc, rf):
    """Wrong: b, c and d in place of b - 1, c - 1 and d - 1."""
    if value == "input":
        return value_energy(value, a, b, c, d, dram, glb, noc, rf)
    return (2 * a - 1) * dram + 2 * a * b * glb + a * b * c * noc + 2 * a * b * c * d * rf


def energy_psums_go_one_way(value, a, b, c, d, dram, glb, noc, rf):
    """Wrong: GLB and RF only written."""
    if value == "input":
        return value_energy(value, a, b, c, d, dram, glb, noc, rf)
    return a * dram + a * (b - 1) * glb + a * b * (c - 1) * noc + a * b * c * (d - 1) * rf


def cuts_by_hand(cuts) -> bool:
    """The whole rule, with tiles of words in hand."""
    pairs = all(isinstance(cut, (tuple, list)) and len(cut) == 2 for cut in cuts)
    if (
        not pairs
        or len(cuts) > 8
        or any(dim not in tuple("MCEF") or step not in range(1, 25) for dim, step in cuts)
    ):
        return False
    accesses = second_way.accesses_of_cuts(cuts, {"M": 24, "C": 16, "E": 9, "F": 9}, words=1_000)
    return accesses is not None and accesses <= 10_000
