"""Hypothesis strategies: machines of any levels and arrays, and any nest on them."""

from drawn_nests import TENSORS, interleaved, small_shapes, widths
from hypothesis import strategies as st

from cnnhw.machine import Array, Level, Machine
from cnnhw.nest import Loop, Nest
from cnnhw.nest.touched import sizes

NAMES = ("outside", "L3", "GLB", "local", "RF")


@st.composite
def listed_machines(draw, most_levels=5, most_arrays=3):
    """Draw 1 to 5 levels, and 0 to 3 arrays anywhere inside the first one."""
    first = st.sampled_from(["zero", "zero", "read"])
    levels = [Level(name, first_psum=draw(first)) for name in NAMES[: draw(st.integers(1, most_levels))]]
    inner = levels[1:]
    for number in range(draw(st.integers(0, most_arrays))):
        inner.insert(draw(st.integers(0, len(inner))), Array(f"array{number}"))
    return Machine.of(
        [levels[0], *inner],
        stores_padding=draw(st.booleans()),
        first_psum=draw(st.sampled_from(["zero", "read"])),
        widths=draw(widths),
    )


@st.composite
def nests_on(draw, machine, shapes=None, most_loops=4):
    """Draw a nest: loops anywhere, steps that do not divide, any bypass."""
    shape = draw(shapes if shapes is not None else small_shapes(most_macs=200))
    order = machine.hierarchy
    places = [*order.levels, *order.axes_of(order.arrays)]
    loops = []
    for dim, size in sizes(shape).items():
        steps = draw(st.lists(st.integers(1, size + 1), max_size=most_loops - 1)) + [1]
        if size == 1 and draw(st.booleans()):
            continue
        at = sorted((draw(st.sampled_from(places)) for _ in steps), key=order.depth)
        loops += [Loop(dim, step, place) for step, place in zip(steps, at, strict=True)]
    keeps = {level: draw(st.sets(st.sampled_from(TENSORS))) for level in order.levels[1:]}
    return Nest(shape, draw(interleaved(loops, order)), keeps)


@st.composite
def placed(draw, most_macs=200):
    """Draw a nest and the machine it is for."""
    machine = draw(listed_machines())
    return draw(nests_on(machine, small_shapes(most_macs=most_macs))), machine
