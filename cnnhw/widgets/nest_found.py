"""Nests for the layers the explorer begins with, found by long climbs on its machine: `nest_best.climbed`."""

from cnnhw.shape import LayerShape

# Only what they are is kept here; what they cost is counted anew wherever they are shown.
FOUND = {
    LayerShape(M=4, C=3, H=8, W=6, R=3): (
        [
            ("E", 2, "DRAM"),
            ("C", 3, "DRAM"),
            ("R", 1, "GLB"),
            ("S", 1, "GLB"),
            ("S", 1, "GLB"),
            ("S", 2, "COLS"),
            ("E", 1, "COLS"),
            ("F", 2, "ROWS"),
            ("M", 2, "COLS"),
            ("S", 3, "COLS"),
            ("M", 1, "RF"),
            ("C", 1, "RF"),
            ("F", 1, "RF"),
            ("S", 1, "RF"),
        ],
        {"GLB": {"filter", "ifmap"}, "RF": {"filter", "ifmap", "psum"}},
    ),
    LayerShape(M=5, C=2, H=9, W=7, R=3, S=2): (
        [
            ("S", 1, "DRAM"),
            ("F", 6, "DRAM"),
            ("R", 3, "DRAM"),
            ("F", 1, "GLB"),
            ("F", 6, "GLB"),
            ("E", 2, "GLB"),
            ("E", 2, "COLS"),
            ("C", 1, "COLS"),
            ("E", 4, "COLS"),
            ("R", 1, "ROWS"),
            ("C", 2, "ROWS"),
            ("F", 5, "COLS"),
            ("C", 1, "COLS"),
            ("R", 1, "RF"),
            ("C", 2, "RF"),
            ("C", 2, "RF"),
            ("E", 1, "RF"),
            ("M", 1, "RF"),
            ("C", 1, "RF"),
        ],
        {"GLB": {"ifmap", "psum"}, "RF": {"filter", "ifmap"}},
    ),
    LayerShape.fc(M=10, C=84): (
        [
            ("C", 1, "GLB"),
            ("C", 8, "COLS"),
            ("C", 56, "ROWS"),
            ("M", 10, "RF"),
            ("M", 5, "RF"),
            ("M", 2, "RF"),
            ("M", 1, "RF"),
        ],
        {"GLB": set(), "RF": {"ifmap", "psum"}},
    ),
}
