"""The player as a value: one page without an address in it, and a picture in words where no script runs."""

import re

import pytest
import traced

from cnnhw import CourseError
from cnnhw.pictures.player.frame import array_cycle
from cnnhw.widgets import play

EXAMPLES = pytest.mark.parametrize("example", traced.ALL, ids=lambda example: example.__name__)
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # names, never asked for


@EXAMPLES
def test_the_page_asks_nothing_of_a_network(example):
    page = play(example().trace).html()
    assert set(re.findall(r"\w+://[^\s\"'<>)]*", page)) <= NAMESPACES
    asking = r"src=|@import|url\((?!#)|import\(|fetch\(|<link|XMLHttpRequest|href=\"(?!#)"
    assert re.findall(asking, page) == []


@EXAMPLES
def test_a_notebook_shows_picture_and_script_and_the_same_every_time(example):
    shown = play(example().trace)._repr_html_()
    assert shown == play(example().trace)._repr_html_()
    assert shown.startswith(
        '<div class="cnnhw-player"><figure style="margin:0"><svg role="img" aria-label="An array of '
    )
    assert shown.count("<script>") == shown.count("</script>") == 1


def test_its_repr_is_the_picture_in_words():
    assert repr(play(traced.primitive().trace)) == (
        "An array of 1 x 1 PEs, cycle 0: 5 ifmap words come from DRAM into the GLB; "
        "3 ifmap words go from the GLB to PE (0, 0); 3 filter words go from DRAM to PE (0, 0); "
        "PE (0, 0) multiplies ifmap[0, 0, 0, 0] = 1 with filter[0, 0, 0, 0] = 100 "
        "and has psum[0, 0, 0, 0] = 100. When MACs and hops are done: "
        "PE (0, 0) holds ifmap 1, 2, 3; filter 100, 10, 1; psum 100."
    )


def test_a_title_is_text():
    page = play(traced.primitive().trace).html(title="psums & <b>words</b>")
    assert "<h1>psums &amp; &lt;b&gt;words&lt;/b&gt;</h1>" in page


def test_only_a_trace_is_played():
    with pytest.raises(CourseError) as caught:
        play(traced.primitive())
    assert str(caught.value) == (
        "a player plays a Trace, and adds up Costs\n"
        "  got Run and Costs\n"
        "  call play(run(nest, machine, ifmap, filters, trace=True).trace)"
    )


@EXAMPLES
def test_cycles_can_be_drawn(example):
    # A drawing takes a fifth of a second: the first cycle, the last, and ten between.
    trace = example().trace
    for cycle in {*range(0, trace.cycles, max(1, trace.cycles // 11)), trace.cycles - 1}:
        assert "<svg" in array_cycle(trace, cycle).svg


def test_a_cycle_outside_the_window_says_which_there_are():
    with pytest.raises(CourseError) as caught:
        array_cycle(traced.primitive().trace, 9)
    assert str(caught.value) == (
        "a cycle of the trace's window can be drawn\n  got cycle=9\n  use one from 0 to 8"
    )


def test_costs_that_do_not_name_a_level():
    done, machine = traced.tiled()
    assert play(done.trace, machine).score["costs"]["local"] == 2
    with pytest.raises(CourseError) as caught:
        play(done.trace)
    assert str(caught.value) == (
        "every level that is played has a price\n"
        "  got a trace of DRAM, L2, GLB, tiles, local, lanes; costs name DRAM, GLB, NoC, RF, MAC\n"
        "  give the machine that ran: play(trace, machine)"
    )
