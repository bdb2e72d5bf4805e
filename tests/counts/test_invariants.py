"""What must hold for any nest of any layer on any machine."""

import pytest
from drawn_nests import machines, nests
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import Loop, Nest, count
from cnnhw.nest import at_once

TENSORS = ("ifmap", "filter", "psum")
cases = settings(max_examples=100)


def touched(shape, machine):
    """Words that must move at least once."""
    ifmap = 0 if machine.stores_padding else shape.ifmap_words_read
    return {"ifmap": ifmap, "filter": shape.filter_words}


def no_mac_is_lost(nest, machine, counts):
    kept = nest.keeps["RF"]
    assert counts.macs == nest.shape.macs
    assert counts["RF", "psum"].updates == counts.macs * ("psum" in kept)
    assert counts["RF", "filter"].reads == counts.macs * ("filter" in kept)
    assert counts["RF", "ifmap"].reads <= counts.macs * ("ifmap" in kept)
    if machine.stores_padding:
        assert counts["RF", "ifmap"].reads == counts.macs * ("ifmap" in kept)


def pes_and_cycles(nest, machine, counts):
    assert counts.active_pes <= nest.rows * nest.cols
    assert counts.cycles <= counts.macs <= counts.cycles * counts.active_pes
    assert counts.mean_active_pes <= counts.active_pes


def every_word_moves_once_at_least(nest, machine, counts):
    for tensor, words in touched(nest.shape, machine).items():
        assert counts["DRAM", tensor].reads >= words
    assert counts["DRAM", "psum"].updates >= nest.shape.ofmap_words


def psums_are_written_once_more_than_they_are_read(nest, machine, counts):
    """At every memory that keeps them; as often where the first visit reads, there or further out."""
    more = nest.shape.ofmap_words
    for level in nest.kept_by("psum"):
        more = 0 if machine.reads_first(level) else more
        if level != "RF":
            assert counts[level, "psum"].updates - counts[level, "psum"].reads == more


def what_leaves_one_level_arrives_at_the_next(nest, machine, counts):
    for tensor in TENSORS:
        levels = nest.kept_by(tensor)
        if "GLB" in levels:
            assert counts["GLB", tensor].fills == counts["DRAM", tensor].reads
            assert counts["GLB", tensor].drains == counts["DRAM", tensor].updates
        if "RF" in levels:
            assert counts["RF", tensor].fills == counts.noc[tensor].deliveries
        outer = "GLB" if "GLB" in levels else "DRAM"
        assert counts[outer, tensor].reads <= counts.noc[tensor].deliveries, "multicast"
    if "RF" in nest.kept_by("psum"):
        outer = "GLB" if "GLB" in nest.kept_by("psum") else "DRAM"
        assert counts.noc["psum"].hops == counts["RF", "psum"].drains - counts[outer, "psum"].updates


def a_tensor_that_a_level_does_not_keep_leaves_no_number_there(nest, machine, counts):
    for tensor in TENSORS:
        for level in {"GLB", "RF"} - set(nest.kept_by(tensor)):
            assert counts[level, tensor] == type(counts[level, tensor])()


INVARIANTS = (
    no_mac_is_lost,
    pes_and_cycles,
    every_word_moves_once_at_least,
    psums_are_written_once_more_than_they_are_read,
    what_leaves_one_level_arrives_at_the_next,
    a_tensor_that_a_level_does_not_keep_leaves_no_number_there,
)


@settings(max_examples=150)
@given(nests(), machines())
def test_what_holds_for_every_nest(nest, machine):
    """Drawing a nest takes most of the time, so each is drawn once for all of these."""
    counts = count(nest, machine)
    for holds in INVARIANTS:
        holds(nest, machine, counts)


@cases
@given(nests(), machines(), st.sampled_from(TENSORS))
def test_bypassing_the_glb_moves_its_traffic_to_dram(nest, machine, tensor):
    """The array asks for the same words, whoever keeps them, if the first psum has one rule for both."""
    if machine.reads_first("GLB"):
        machine = machine.with_(first_psum="read")
    others = {level: tensors - {tensor} for level, tensors in nest.keeps.items()}
    around = count(Nest(nest.shape, nest.loops, {**nest.keeps, "GLB": others["GLB"]}), machine)
    through = count(Nest(nest.shape, nest.loops, {**nest.keeps, "GLB": others["GLB"] | {tensor}}), machine)
    for side in ("reads", "updates"):
        assert getattr(around["DRAM", tensor], side) == getattr(through["GLB", tensor], side)
    assert around.noc == through.noc
    assert all(around["RF", name] == through["RF", name] for name in TENSORS)


@cases
@given(nests(), machines(), st.randoms(use_true_random=False))
def test_order_inside_a_pe_changes_nothing(nest, machine, random):
    """Nor the order of the loops over PEs, nor which are on ROWS: only a dim's own loops have an order."""
    outer = [loop for loop in nest.loops if loop.where in ("DRAM", "GLB")]
    spatial = [loop for loop in nest.loops if at_once(loop.where)]
    inner = [loop for loop in nest.loops if loop.where == "RF"]
    turned = [
        Loop(loop.dim, loop.step, random.choice(["ROWS", "COLS"])) for loop in shuffled(spatial, random)
    ]
    other = Nest(nest.shape, [*outer, *turned, *shuffled(inner, random)], nest.keeps)
    assert count(other, machine) == count(nest, machine)


def shuffled(loops, random):
    """Loops in another order, those of one dim as they were among themselves."""
    dims = [loop.dim for loop in loops]
    random.shuffle(dims)
    queues = {dim: [loop for loop in loops if loop.dim == dim] for dim in dims}
    return [queues[dim].pop(0) for dim in dims]


@cases
@given(nests(), machines(), st.sampled_from("NGMCEFRS"), st.integers(0, 3))
def test_a_loop_of_one_iteration_changes_nothing(nest, machine, dim, more):
    loops = [Loop(dim, nest.sizes[dim] + more, "DRAM"), *nest.loops]
    assert count(Nest(nest.shape, loops, nest.keeps), machine) == count(nest, machine)


@pytest.mark.parametrize("level", ["GLB", "RF"])
@settings(max_examples=50)
@given(nest=nests(), machine=machines())
def test_a_level_that_keeps_it_never_asks_more_of_the_next(level, nest, machine):
    """A kept word is fetched at most as often as one that passes by."""
    nothing = Nest(nest.shape, nest.loops, {})
    something = Nest(nest.shape, nest.loops, {level: set(TENSORS)})
    before, after = count(nothing, machine), count(something, machine)
    for tensor in TENSORS:
        assert after["DRAM", tensor].reads <= before["DRAM", tensor].reads
        assert after["DRAM", tensor].updates <= before["DRAM", tensor].updates
