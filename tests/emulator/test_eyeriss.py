"""AlexNet on the Eyeriss chip, as JSSC 2017 maps it: every word of a whole layer, and a look inside."""

import numpy as np
import pytest
from emulator.emulated import assert_right, expected, words

from cnnhw import Level, Machine, Nest, networks
from cnnhw.emulator import register_files, run

CONV5 = networks.alexnet().with_batch(4).layers["CONV5"]
CHIP = Machine(
    12,
    14,
    (
        Level("GLB", {("ifmap", "psum"): 51_200, "filter": 4096}),
        Level("RF", {"filter": 224, "ifmap": 12, "psum": 24}),
    ),
    stores_padding=True,
    first_psum="read",
)
# m = 64, n = 4, e = 13, p = 16, q = 3, r = 2, t = 2 of its table of mappings; filter rows go over PE rows.
NEST = Nest(
    CONV5,
    [
        ("G", 1, "DRAM"), ("N", 4, "DRAM"), ("M", 64, "DRAM"), ("C", 6, "DRAM"),
        ("M", 32, "GLB"), ("N", 1, "GLB"), ("F", 1, "GLB"),
        ("M", 16, "ROWS"), ("C", 3, "ROWS"), ("R", 1, "ROWS"), ("E", 1, "COLS"),
        ("M", 1, "RF"), ("C", 1, "RF"), ("S", 1, "RF"),
    ],
)  # fmt: skip


@pytest.fixture(scope="module")
def done():
    ifmap, filters, _ = words(CONV5)
    return run(NEST, CHIP, ifmap, filters, trace=(1_000_060, 1_000_090))


def test_a_whole_layer_of_299_million_macs(done):
    ifmap, filters, _ = words(CONV5)
    assert_right(done, NEST, CHIP, expected(CONV5, ifmap, filters))
    assert done.options["engine"] == "fast"


def test_jssc_2017_table_v_buffer_traffic(done):
    """Published: 24.9 MB between GLB and array, 156 active PEs."""
    assert round(2 * sum(done.counts.accesses("chip").values()) / 1e6, 1) == 24.9
    assert done.counts.active_pes == 156


def test_register_files_in_the_middle_are_those_of_the_chip(done):
    files = register_files(done.trace, 5, 7)
    assert len(files) == 31
    held = [{tensor: len(words) for tensor, words in file.items()} for file in files]
    assert held[19] == {"ifmap": 9, "filter": 144, "psum": 16}  # cycle 1,000,079 ends a pass of 144 steps
    assert held[20] == {"ifmap": 9, "filter": 144, "psum": 1}
    slid = set(files[20]["ifmap"]) - set(files[19]["ifmap"])
    assert len(slid) == 3  # a new pixel of each of 3 channels
    ifmap, filters, _ = words(CONV5)
    padded = np.pad(ifmap, ((0, 0), (0, 0), (1, 1), (1, 1)))
    for (n, c, h, w), value in files[20]["ifmap"].items():
        assert padded[n, c, h + 1, w + 1] == value
    assert all(filters[index] == value for index, value in files[20]["filter"].items())
