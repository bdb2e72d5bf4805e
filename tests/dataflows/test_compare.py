"""The nests of the dataflows: they fit, are counted rightly, and the paper's form plus reasons is exact."""

from itertools import product

import numpy as np
import pytest
from drawn import layer_shapes, uneven_layers
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from cnnhw import LayerShape, networks
from cnnhw.chips import isca16
from cnnhw.counts import count, walk
from cnnhw.dataflows import DATAFLOWS, RS, Room, compare
from cnnhw.dataflows.dataflow import LEVELS, TENSORS
from cnnhw.dataflows.reasons import UNREACHED
from cnnhw.errors import CourseError
from cnnhw.machine import Level, Machine
from cnnhw.mapper import search

by_name = pytest.mark.parametrize("name", DATAFLOWS)


@pytest.fixture(scope="module", autouse=True)
def no_kept_answers():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNHW_CACHE", "off")
        yield


@by_name
@pytest.mark.parametrize(("pes", "N"), [(256, 1), (256, 16), (1024, 16)])
def test_every_difference_on_alexnet_has_its_reason(name, pes, N):
    machine = isca16(name, pes)
    for layer, shape in networks.alexnet().with_batch(N).layers.items():
        plan = search(DATAFLOWS[name], shape, machine, "isca2016")
        rows = compare(plan.dataflow, shape, plan.parameters, machine)
        assert [(row.level, row.tensor) for row in rows] == list(product(LEVELS, TENSORS))
        for row in rows:
            assert row.unexplained == 0, (layer, row)
            assert bool(row.reasons) or row.difference == pytest.approx(0, abs=1e-6 * max(1, row.exact))


@by_name
def test_many_numbers_agree_without_any_reason(name):
    """The nest moves what the paper says: most of the twelve numbers are equal as they stand."""
    shape = networks.alexnet().with_batch(16).layers["CONV5"]
    plan = search(DATAFLOWS[name], shape, isca16(name), "isca2016")
    rows = compare(plan.dataflow, shape, plan.parameters, plan.machine)
    assert sum(not row.reasons for row in rows) >= 7


@by_name
@pytest.mark.parametrize("network", ["lenet5", "overfeat", "googlenet"])
def test_every_difference_on_other_networks_has_its_reason(name, network):
    machine = isca16(name)
    for shape in set(getattr(networks, network)().with_batch(4).layers.values()):
        plan = search(DATAFLOWS[name], shape, machine)
        rows = compare(plan.dataflow, shape, plan.parameters, machine)
        assert [row for row in rows if row.unexplained] == [], plan


def plan_if_any(name, shape, machine):
    """Search; a layer of which nothing fits is drawn again, and tests/mapper looks at those."""
    try:
        return search(DATAFLOWS[name], shape, machine)
    except CourseError as error:
        assert "needed at the least, with every parameter 1" in error.got
        reject()


@by_name
@settings(max_examples=60)
@given(shape=layer_shapes(largest=6, channels=4, batch=3, groups=2), data=st.data())
def test_a_nest_that_is_searched_fits_and_counts(name, shape, data):
    levels = Level("GLB", data.draw(st.integers(30, 600))), Level("RF", data.draw(st.integers(1, 30)))
    machine = Machine(pes=data.draw(st.integers(4, 40)), levels=levels, stores_padding=True)
    plan = plan_if_any(name, shape, machine)
    counts = count(plan.nest, machine)  # raises if the nest needs more room than its constraints say
    assert counts.macs == shape.macs
    assert counts.active_pes <= plan.active_pes <= machine.pes
    if shape.macs < 3000:
        assert counts == walk(plan.nest, machine)


def any_parameters(dataflow, shape, room, data):
    """Draw parameters that fit, whether or not a search would choose them."""
    names = list(dataflow.parameters)
    grid = dict(zip(names, np.ix_(*[np.arange(1, 7)] * len(names)), strict=True))
    fitting = np.argwhere(dataflow.fits(shape, grid, room)) + 1
    assume(len(fitting))
    chosen = fitting[data.draw(st.integers(0, len(fitting) - 1))]
    return dict(zip(names, map(int, chosen), strict=True))


@by_name
@settings(max_examples=60)
@given(shape=layer_shapes(channels=6, batch=4, groups=2) | uneven_layers(channels=6), data=st.data())
def test_every_difference_on_any_layer_with_any_parameters_has_its_reason(name, shape, data):
    """Not worked out are groups of a single channel, where a PE may find what it needs next in its RF."""
    assume(shape.C > shape.G)
    levels = Level("GLB", data.draw(st.integers(100, 3000))), Level("RF", data.draw(st.integers(2, 60)))
    machine = Machine(pes=data.draw(st.integers(9, 200)), levels=levels, stores_padding=True)
    parameters = any_parameters(DATAFLOWS[name], shape, Room.of(machine), data)
    rows = compare(DATAFLOWS[name], shape, parameters, machine)
    assert [row for row in rows if row.unexplained] == [], parameters
    assert all(reason.why.strip() and reason.words for row in rows for reason in row.reasons)


def test_a_set_that_had_no_work_fetches_again():
    """5 filters as 3 and 2, by two sets: the second set idles with the third filter, and has forgotten."""
    shape = LayerShape(N=2, M=5, C=2, H=1, W=2, R=1, S=2)
    parameters = {"m": 3, "n": 1, "e": 1, "p": 1, "q": 2, "r": 1, "t": 2}
    rows = compare(RS, shape, parameters, Machine(pes=16, stores_padding=True))
    (glb,) = (row for row in rows if (row.level, row.tensor) == ("GLB", "ifmap"))
    assert (glb.published, glb.exact, glb.unexplained) == (24, 16, 0)


def test_what_is_never_read_is_its_own_reason():
    """Of 11 columns the windows of 3 at stride 3 reach 9: two words of each row are never read."""
    shape = LayerShape(N=2, M=4, C=2, H=7, W=11, R=3, U=3)
    parameters = {"m": 2, "n": 1, "e": 1, "p": 1, "q": 1, "r": 1, "t": 2}
    for row in compare(DATAFLOWS["RS"], shape, parameters, Machine.unbounded(pes=99, stores_padding=True)):
        unreached = sum(reason.words for reason in row.reasons if reason.why == UNREACHED)
        moves = row.tensor == "ifmap" and row.level != "RF"
        assert unreached == (-row.published * 2 / 11 if moves else 0)


def test_a_machine_that_does_not_store_padding_has_a_reason():
    shape = networks.alexnet().layers["CONV3"]
    machine = isca16("RS").with_(stores_padding=False)
    rows = compare(DATAFLOWS["RS"], shape, search(DATAFLOWS["RS"], shape, machine).parameters, machine)
    found = [row for row in rows if any("padding" in reason.why for reason in row.reasons)]
    assert {row.tensor for row in found} == {"ifmap"}
    assert all(row.unexplained == 0 for row in rows)


@by_name
def test_a_nest_without_limits_is_a_nest_too(name):
    shape = networks.alexnet().layers["CONV2"]
    parameters = dict.fromkeys(DATAFLOWS[name].parameters, 1)
    unlimited = DATAFLOWS[name].nest(shape, parameters)
    tight = DATAFLOWS[name].nest(shape, parameters, Room(50_000, 1, 256))
    assert count(unlimited, Machine.unbounded()).macs == count(tight, Machine.unbounded()).macs == shape.macs
