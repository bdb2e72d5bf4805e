"""Hypothesis strategies: any nest of a small layer, any bypass, any machine it fits on."""

from drawn import even_slides, least_sizes, uneven_slides
from hypothesis import strategies as st

from cnnhw import LayerShape
from cnnhw.machine import Level, Machine
from cnnhw.machine.hierarchy import USUAL
from cnnhw.nest import DIMS, Loop, Nest
from cnnhw.nest.touched import sizes

PLACES = ("DRAM", "GLB", "ROWS", "COLS", "RF")
TENSORS = ("ifmap", "filter", "psum")
widths = st.just({}) | st.dictionaries(st.sampled_from(TENSORS), st.sampled_from([4, 8, 20, 32, 48]))


@st.composite
def small_shapes(draw, most_macs=400, least_stride=1, largest_filter=4):
    """Draw a layer of at most so many MACs: any stride, padding and groups, also a stride past the filter.

    Every other one has strides, dilation and padding of its own along each axis, and on each side.
    """
    R, S = draw(st.integers(1, largest_filter)), draw(st.integers(1, largest_filter))
    slides = draw(even_slides(least_stride) | uneven_slides(least_stride))
    H, W = (draw(st.integers(least, max(9, least))) for least in least_sizes(R, S, slides))
    G = draw(st.integers(1, 2))
    room = max(1, most_macs // LayerShape(M=1, C=1, H=H, W=W, R=R, S=S, **slides).macs)
    free = {}
    for dim, largest in (("N", 4), ("M", 7), ("C", 5)):
        free[dim] = draw(st.integers(1, max(1, min(largest, room))))
        room //= free[dim]
    return LayerShape(N=free["N"], M=G * free["M"], C=G * free["C"], H=H, W=W, R=R, S=S, G=G, **slides)


@st.composite
def nests(draw, shapes=None, most_loops=3):
    """Draw a nest: any order within a level, steps that do not divide, loops of one iteration, any bypass."""
    shape = draw(shapes if shapes is not None else small_shapes())
    loops = []
    for dim, size in sizes(shape).items():
        steps = draw(st.lists(st.integers(1, size + 1), max_size=most_loops - 1)) + [1]
        if size == 1 and draw(st.booleans()):
            continue
        places = [draw(st.sampled_from(PLACES)) for _ in steps]
        places.sort(key=USUAL.depth)
        loops += [Loop(dim, step, place) for step, place in zip(steps, places, strict=True)]
    keeps = {level: draw(st.sets(st.sampled_from(TENSORS))) for level in ("GLB", "RF")}
    return Nest(shape, draw(interleaved(loops)), keeps)


@st.composite
def machines(draw):
    """Draw the options of a machine that change what is counted."""
    first = st.sampled_from(["zero", "read"])
    inner = draw(st.sampled_from([(), (), ("GLB",), ("RF",), ("GLB", "RF")]))
    return Machine.unbounded(
        levels=tuple(Level(name, first_psum="read") for name in inner),
        stores_padding=draw(st.booleans()), first_psum=draw(first), widths=draw(widths),
    )  # fmt: skip


@st.composite
def interleaved(draw, loops, order=USUAL):
    """Mix the loops of all dims in any order that keeps the levels, and each dim's own loops, in order."""
    queues = [[loop for loop in loops if loop.dim == dim] for dim in DIMS]
    queues, ordered = [queue for queue in queues if queue], []
    while queues:
        depth = min(order.depth(queue[0].where) for queue in queues)
        ready = [queue for queue in queues if order.depth(queue[0].where) == depth]
        ordered.append(draw(st.sampled_from(ready)).pop(0))
        queues = [queue for queue in queues if queue]
    return ordered
