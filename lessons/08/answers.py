"""What notebook 08's exercises ask for, right and wrong in the ways that students get it wrong."""

from cnnhw.checks import second_way
from cnnhw.checks.opens.n08 import ARRAY, OWN, SMALL, TURNED
from cnnhw.checks.own_nests import chunks
from cnnhw.counts import count
from cnnhw.nest import Nest
from cnnhw.shape import LayerShape

# Chosen for teaching: nothing divides; and a layer whose weights, with strips of ofmap, just fit its GLB.
PREDICTED = LayerShape(M=5, C=2, H=8, W=6, R=2, S=3)


def os_nest(shape: LayerShape) -> Nest:
    """The lesson's OS nest, on 3 x 4 PEs."""
    loops = [("M", 4, "DRAM"), ("E", 3, "GLB"), ("F", 4, "GLB")]
    loops += [(dim, 1, "GLB") for dim in "MCRS"] + [("E", 1, "ROWS"), ("F", 1, "COLS")]
    return Nest(shape, loops, {"GLB": {"ifmap", "filter"}, "RF": {"psum"}})


def predicted_reads() -> int:
    """Right: weights read from the GLB by the OS nest of PREDICTED."""
    return count(os_nest(PREDICTED), ARRAY)["GLB", "filter"].reads


def both_cycles(M, C, E, F, R, S, rows, cols):
    """Right: cycles of WS and of OS."""
    weights = chunks(M, cols) * chunks(C, rows) * R * S * E * F
    return weights, M * C * R * S * chunks(E, rows) * chunks(F, cols)


def cycles_divided(M, C, E, F, R, S, rows, cols):
    """Wrong: all PEs always work."""
    macs = M * C * E * F * R * S
    return macs // (rows * cols), macs // (rows * cols)


def cycles_floored(M, C, E, F, R, S, rows, cols):
    """Wrong: the clipped chunks are forgotten."""
    weights = (M // cols) * (C // rows) * R * S * E * F
    return weights, M * C * R * S * (E // rows) * (F // cols)


def cycles_same_axes(M, C, E, F, R, S, rows, cols):
    """Wrong: OS puts channels and filters on the array too."""
    weights = both_cycles(M, C, E, F, R, S, rows, cols)[0]
    return weights, weights


def cycles_axes_swapped(M, C, E, F, R, S, rows, cols):
    """Wrong: rows and columns of the array in each other's place."""
    return both_cycles(M, C, E, F, R, S, cols, rows)


def ws_moved(M, C, E, F, R, S, rows, cols):
    """Right: weights delivered, ifmap words read from the GLB, hops, psums that come back from the GLB."""
    psums, visits = M * E * F, chunks(C, rows) * R * S
    return (
        M * C * R * S,
        chunks(M, cols) * C * R * S * E * F,
        psums * (C * R * S - visits),
        psums * (visits - 1),
    )


def words_for_each_column(M, C, E, F, R, S, rows, cols):
    """Wrong: every PE reads its own ifmap word from the GLB."""
    weights, _, hops, back = ws_moved(M, C, E, F, R, S, rows, cols)
    return weights, M * C * R * S * E * F, hops, back


def words_full_columns(M, C, E, F, R, S, rows, cols):
    """Wrong: rows - 1 hops in a clipped chunk, too."""
    weights, ifmap, _, back = ws_moved(M, C, E, F, R, S, rows, cols)
    return weights, ifmap, M * E * F * chunks(C, rows) * R * S * (rows - 1), back


def words_first_read(M, C, E, F, R, S, rows, cols):
    """Wrong: the first visit reads a psum that nobody has written."""
    weights, ifmap, hops, back = ws_moved(M, C, E, F, R, S, rows, cols)
    return weights, ifmap, hops, back + M * E * F


def words_hop_in_each_pe(M, C, E, F, R, S, rows, cols):
    """Wrong: a psum that runs through k PEs hops k times."""
    weights, ifmap, _, back = ws_moved(M, C, E, F, R, S, rows, cols)
    return weights, ifmap, M * E * F * C * R * S, back


def words_weights_again(M, C, E, F, R, S, rows, cols):
    """Wrong: the weights are fetched for every row of the ofmap."""
    weights, ifmap, hops, back = ws_moved(M, C, E, F, R, S, rows, cols)
    return weights * E, ifmap, hops, back


def own_by_hand(nest: Nest) -> bool:
    """The whole rule of own_nest, walked."""
    counts = second_way.moved(nest, SMALL) if nest.shape == OWN else None
    if counts is None:
        return False
    crossing = sum(counts["DRAM", tensor].reads for tensor in ("ifmap", "filter", "psum"))
    crossing += counts["DRAM", "psum"].updates
    once = crossing == 6 * 14 * 14 + 8 * 6 * 3 * 3 + 8 * 12 * 12
    return once and 8 * 6 * 3 * 3 * 12 * 12 >= 12 * counts.cycles and second_way.price(counts, SMALL) < 17


def turned_by_hand(nest: Nest) -> bool:
    """The whole rule of turned_nest, walked."""
    counts = second_way.moved(nest, ARRAY) if nest.shape == TURNED else None
    if counts is None or counts.cycles != 6 * 3 * 3 * 6 * 4 * 4 // 12:
        return False
    leaving = counts["GLB", "psum"] if "psum" in nest.keeps["GLB"] else counts["DRAM", "psum"]
    back = counts["GLB", "psum"].reads + counts["DRAM", "psum"].reads
    once = leaving.updates == 4 * 6 * 4 and back == 0 and counts["DRAM", "filter"].reads == 4 * 6 * 3 * 3
    return once and second_way.dims_across(nest) == ({"C"}, {"M"})


def turned(order: str, glb=("ifmap", "filter")) -> Nest:
    """A nest of TURNED with C on rows and M on columns, its GLB loops in this order, c in threes."""
    loops = [(dim, 3 if dim == "C" else 1, "GLB") for dim in order]
    return Nest(TURNED, [*loops, ("C", 1, "ROWS"), ("M", 1, "COLS")], {"GLB": set(glb), "RF": {"psum"}})


def turned_in_name() -> Nest:
    """A nest with three filter rows on the PE rows; its loop over channels there has one iteration."""
    loops = [("E", 1, "GLB"), ("F", 1, "GLB"), ("C", 1, "GLB"), ("S", 1, "GLB")]
    on_array = [("C", 3, "ROWS"), ("R", 1, "ROWS"), ("M", 1, "COLS")]
    return Nest(TURNED, [*loops, *on_array], {"GLB": {"ifmap", "filter"}, "RF": {"psum"}})


def own(*loops, glb=("ifmap", "filter"), rf=("psum", "filter")) -> Nest:
    """A nest of OWN that keeps these tensors."""
    return Nest(OWN, loops, {"GLB": set(glb), "RF": set(rf)})
