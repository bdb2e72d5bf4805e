"""Where the loop nest explorer can start: small layers, and a nest of each dataflow on a small machine."""

from cnnhw.machine import Array, Machine
from cnnhw.nest.touched import sizes
from cnnhw.shape import LayerShape

# Chosen for teaching: the lesson's layer, one that nothing divides, a stride with padding, LeNet-5's last.
LAYERS = (
    ("M=4 C=3, 8 x 6, 3 x 3", LayerShape(M=4, C=3, H=8, W=6, R=3)),
    ("M=5 C=2, 9 x 7, 3 x 2", LayerShape(M=5, C=2, H=9, W=7, R=3, S=2)),
    ("M=6 C=4, 7 x 7, 3 x 3, stride 2, padded", LayerShape(M=6, C=4, H=7, R=3, U=2, P=1)),
    ("FC, M=10 C=84", LayerShape.fc(M=10, C=84)),
)

_TILED = [("M", "cols", "DRAM"), ("C", "rows", "DRAM")]
_ON_ARRAY = [("C", 1, "ROWS"), ("M", 1, "COLS")]
STARTS = {
    "weight stationary": (
        [*_TILED, *((dim, 1, "GLB") for dim in "RSEF"), *_ON_ARRAY],
        {"GLB": {"ifmap", "psum"}, "RF": {"filter"}},
    ),
    "output stationary": (
        [
            ("M", 4, "DRAM"), ("E", "rows", "GLB"), ("F", "cols", "GLB"),
            *((dim, 1, "GLB") for dim in "MCRS"), ("E", 1, "ROWS"), ("F", 1, "COLS"),
        ],
        {"GLB": {"ifmap", "filter"}, "RF": {"psum"}},
    ),
    "no local reuse": (
        [*_TILED, *((dim, 1, "GLB") for dim in "EFRS"), *_ON_ARRAY],
        {"GLB": {"ifmap", "filter", "psum"}, "RF": set()},
    ),
    "row stationary, lesson 09": (
        [
            ("M", 1, "GLB"), ("C", 1, "GLB"), ("E", "cols", "GLB"),
            ("R", 1, "ROWS"), ("E", 1, "COLS"), ("F", 1, "RF"), ("S", 1, "RF"),
        ],
        {"GLB": {"ifmap", "psum"}, "RF": {"ifmap", "filter", "psum"}},
    ),
}  # fmt: skip


def start_loops(name: str, shape: LayerShape, machine: Machine) -> tuple[list, dict[str, set]]:
    """Give the loops and the keeps of a dataflow for a layer.

    name     one of STARTS
    shape    the layer; dims of size 1 get no loop
    machine  its rows and columns are the chunks that the array takes at once. Where it is not DRAM, GLB, an
             array, RF, these stand for the outermost level, the next one, the innermost array, and the
             innermost level
    returns  loops (dim, step, where), and level -> tensors it keeps
    """
    loops, keeps = STARTS[name]
    there, order = sizes(shape), machine.hierarchy
    # Images and groups come one by one, outside everything; an array without a limit takes a dim whole.
    loops = [("N", 1, "DRAM"), ("G", 1, "DRAM"), *loops]
    array = machine[order.arrays[-1]] if order.arrays else Array("one", 1, 1)
    room = {"rows": array.rows, "cols": array.cols}
    first, last = order.levels[:2][-1], order.levels[-1]
    rows, cols = order.axes(order.arrays[-1]) if order.arrays else (last, last)
    here = {"DRAM": order.outermost, "GLB": first, "ROWS": rows, "COLS": cols, "RF": last}
    cut = [
        (dim, min(room.get(step, step) or there[dim], there[dim]), here[where])
        for dim, step, where in loops
        if there[dim] > 1
    ]
    kept = {level: set() for level in order.levels[1:]}
    for level, tensors in keeps.items():
        if here[level] in kept:
            kept[here[level]] |= tensors
    return sorted(cut, key=lambda loop: order.depth(loop[2])), kept
