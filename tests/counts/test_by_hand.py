"""Counts small enough to do by hand, one idea each."""

from dataclasses import astuple

import pytest

from cnnhw import LayerShape, Level, Machine, Nest, count, walk


def both(nest, **options):
    """Counts of a nest, from both witnesses."""
    machine = Machine.unbounded(**options)
    counts = count(nest, machine)
    assert counts == walk(nest, machine)
    return counts


def row(M=1, C=1, W=4, S=2, **sizes):
    """A layer of one row: 3 psums, unless said otherwise."""
    return LayerShape(M=M, C=C, H=1, W=W, R=1, S=S, **sizes)


def test_multicast():
    """Three filters, one PE each, want the same ifmap words: 4 words are read once, and delivered 3 times."""
    counts = both(Nest(row(M=3), [("F", 1, "GLB"), ("M", 1, "ROWS"), ("S", 1, "RF")]))
    assert (counts.macs, counts.cycles, counts.active_pes) == (18, 6, 3)
    assert counts["GLB", "ifmap"].reads == 4 and counts.noc["ifmap"].deliveries == 12
    assert counts["DRAM", "filter"].reads == counts.noc["filter"].deliveries == 6
    assert astuple(counts["GLB", "psum"]) == (0, 9, 0, 9)


def test_spatial_accumulation():
    """Two taps of a filter in two PEs: each psum is in two pieces, one of which hops to the other."""
    counts = both(Nest(row(), [("F", 1, "GLB"), ("S", 1, "ROWS")]))
    assert counts.noc["psum"].hops == 3
    assert counts["RF", "psum"].drains == 6
    assert counts["GLB", "psum"].updates == 3
    assert counts["RF", "psum"].reads == 0, "a piece of one product has nothing to add to"


def test_a_window_that_slides_past_two_pes():
    """PE 0 passes from word f to f + 1, which its neighbour has; no PE takes words from another."""
    counts = both(Nest(row(), [("F", 1, "GLB"), ("S", 1, "ROWS")]))
    assert counts["GLB", "ifmap"].reads == 6
    assert counts["DRAM", "ifmap"].reads == 4


def test_a_window_that_slides_in_one_pe():
    """A row stays in the RF where windows overlap: 2 words, then one new word for each step."""
    counts = both(Nest(row(W=6), [("F", 1, "GLB"), ("S", 1, "RF")]))
    assert counts["RF", "ifmap"].fills == 6
    assert counts["RF", "ifmap"].reads == 10


def test_a_window_that_turns_starts_anew():
    """Two filters one after the other: the row is slid over twice, the filter's turn shares nothing."""
    counts = both(Nest(row(M=2, W=6), [("M", 1, "GLB"), ("F", 1, "GLB"), ("S", 1, "RF")]))
    assert counts["RF", "ifmap"].fills == 12
    assert counts["RF", "filter"].fills == 4


def test_the_taps_turn_back_as_the_row_slides_on():
    """Tap by tap over a row: the last tap of one chunk of windows wants the first word of the next chunk."""
    chunks = Nest(row(W=6, S=3), [("F", 2, "GLB"), ("S", 1, "GLB"), ("F", 1, "RF")])
    assert both(chunks)["RF", "ifmap"].fills == 6, "words 01 12 23, then 23 34 45"
    strided = Nest(row(W=7, S=3, U=2), [("F", 1, "GLB"), ("S", 1, "GLB")])
    assert both(strided)["RF", "ifmap"].fills == 7, "words 0 1 2, then 2 3 4, then 4 5 6"


@pytest.mark.parametrize(
    ("reading", "dram", "glb", "rf"),
    [((), 0, 3, 0), (("GLB",), 0, 6, 0), (("RF",), 0, 3, 3), (("GLB", "RF"), 0, 6, 0), (("DRAM",), 3, 6, 0)],
)
def test_where_first_psums_are_read(reading, dram, glb, rf):
    """Three psums go through the GLB twice, a channel each time: their first visit reads there, or at none.

    What the GLB read comes to an RF with a value; only a piece that starts in an RF has a zero to read.
    """
    levels = tuple(Level(name, first_psum="read") for name in reading if name != "DRAM")
    machine = Machine.unbounded(levels=levels, first_psum="read" if "DRAM" in reading else "zero")
    nest = Nest(row(C=2, W=3, S=1), [("C", 1, "GLB"), ("F", 1, "GLB")], {"GLB": {"psum"}, "RF": {"psum"}})
    counts = count(nest, machine)
    assert counts == walk(nest, machine)
    assert (counts["DRAM", "psum"].reads, counts["GLB", "psum"].reads) == (dram, glb)
    assert counts["RF", "psum"].fills == glb
    assert counts["RF", "psum"].reads == glb + rf


@pytest.mark.parametrize(("first_psum", "reads"), [("zero", 3), ("read", 6)])
def test_psums_that_come_back(first_psum, reads):
    """Two channels one after the other, 3 psums each time: written 6 times, read for the second visit."""
    counts = both(
        Nest(row(C=2, W=3, S=1), [("C", 1, "DRAM"), ("F", 1, "GLB")], {"RF": {"psum"}}), first_psum=first_psum
    )
    assert counts["DRAM", "psum"].updates == 6
    assert counts["DRAM", "psum"].reads == counts.noc["psum"].deliveries == reads


def test_psums_that_stay_in_the_glb():
    """The same in a GLB that keeps psums: DRAM sees each once."""
    counts = both(Nest(row(C=2, W=3, S=1), [("C", 1, "DRAM"), ("F", 1, "GLB")]))
    assert astuple(counts["DRAM", "psum"]) == (0, 3, 0, 0)
    assert astuple(counts["GLB", "psum"]) == (3, 6, 0, 3)


def test_padding():
    """Windows of 3 on 3 words and a zero at each end: 9 MACs, 2 of them with a zero that nobody stores."""
    nest = Nest(row(W=3, S=3, P=1, C=1), [("E", 1, "GLB"), ("F", 1, "GLB"), ("S", 1, "RF")])
    assert nest.shape.E == 3, "two of the three rows are padding"
    counts, stored = both(nest), both(nest, stores_padding=True)
    assert counts.macs == stored.macs == 27
    assert (counts["DRAM", "ifmap"].reads, stored["DRAM", "ifmap"].reads) == (3, 15)
    assert (counts["RF", "ifmap"].reads, stored["RF", "ifmap"].reads) == (7, 27)


def test_a_stride_past_the_filter():
    """A tap of 1 at stride 2 touches every second of 5 words: a tile is the words touched, not their box."""
    nest = Nest(row(W=5, S=1, U=2), [("F", 1, "GLB")])
    assert both(nest)["DRAM", "ifmap"].reads == 3
    assert nest.tile_words("GLB", "ifmap") == 3


def test_pes_that_idle():
    """5 ofmap words on 3 PEs: three, then two. The third PE loses its words while it idles."""
    counts = both(Nest(row(W=5, S=1), [("F", 3, "GLB"), ("F", 1, "COLS")]))
    assert (counts.cycles, counts.active_pes, counts.mean_active_pes) == (2, 3, 2.5)
    assert counts.noc["filter"].deliveries == 3


def test_an_idle_pe_wants_its_weight_again():
    """Two images: when the third PE comes back to work, it has lost its weight and gets it again."""
    counts = both(Nest(row(N=2, W=5, S=1), [("N", 1, "GLB"), ("F", 3, "GLB"), ("F", 1, "COLS")]))
    assert counts.noc["filter"].deliveries == 4
    assert counts["DRAM", "filter"].reads == 2


def test_a_tensor_that_passes_by_is_fetched_every_step():
    """3 words for 4 filters: two PEs share a read in a step, and no RF keeps the word for the next."""
    nest = Nest(row(M=4, W=3, S=1), [("F", 1, "GLB"), ("M", 1, "RF")], {"RF": {"psum"}})
    assert both(nest)["DRAM", "ifmap"].reads == 12
    shared = Nest(row(M=4, W=3, S=1), [("F", 1, "GLB"), ("M", 2, "ROWS"), ("M", 1, "RF")], {"RF": {"psum"}})
    counts = both(shared)
    assert counts["DRAM", "ifmap"].reads == 6 and counts.noc["ifmap"].deliveries == 12
    assert astuple(counts["RF", "ifmap"]) == (0, 0, 0, 0)


def test_groups_share_nothing():
    counts = both(Nest(row(M=2, C=2, G=2), [("F", 1, "GLB"), ("G", 1, "ROWS"), ("S", 1, "RF")]))
    assert counts["GLB", "ifmap"].reads == counts.noc["ifmap"].deliveries == 8
