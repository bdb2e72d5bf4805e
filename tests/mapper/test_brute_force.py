"""The search leaves out only what cannot win: it agrees with trying every whole number."""

from itertools import product

import numpy as np
import pytest
from drawn import layer_shapes
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import LayerShape
from cnnhw.dataflows import DATAFLOWS, Room
from cnnhw.dataflows.sizes import Sizes
from cnnhw.errors import CourseError
from cnnhw.machine import SLIDE_35, Costs, Level, Machine
from cnnhw.mapper import search

MOST = {
    "n": lambda z, room: z.N,
    "m": lambda z, room: z.M,
    "p": lambda z, room: z.M,
    "q": lambda z, room: z.C,
    "r": lambda z, room: z.C,
    "t": lambda z, room: z.M,
    "e": lambda z, room: z.E,
    "f": lambda z, room: z.F,
}
small_layers = layer_shapes(largest=7, batch=4, channels=5, groups=2, stride=4)
machines = st.builds(
    lambda pes, glb, rf, costs: Machine(pes=pes, levels=(Level("GLB", glb), Level("RF", rf)), costs=costs),
    st.integers(1, 60),
    st.integers(0, 700),
    st.integers(0, 40),
    st.sampled_from([SLIDE_35, Costs(DRAM=1, GLB=3, NoC=11, RF=2), Costs(DRAM=7, GLB=0, NoC=0, RF=5)]),
)


def every_choice(dataflow, shape, machine, objective):
    """(energy, active PEs) of the best of all whole numbers up to the sizes of the layer, or None."""
    z, room = Sizes.of(shape), Room.of(machine)
    ranges = [range(1, MOST[name](z, room) + 1) for name in dataflow.parameters]
    parameters = dict(zip(dataflow.parameters, np.array(list(product(*ranges))).T, strict=True))
    fits = dataflow.fits(shape, parameters, room)
    if not fits.any():
        return None
    words = dataflow.published(shape, parameters)
    energy = sum(machine.costs[level] * count for (level, _), count in words.items())
    if objective == "isca2016":
        energy = energy + machine.costs["NoC"] * words["NoC", "psum"]
    energy = np.where(fits, energy, np.inf)
    best = np.isclose(energy, energy.min(), rtol=1e-12, atol=0)
    return energy.min(), dataflow.active_pes(shape, parameters)[best].max()


@pytest.mark.parametrize("dataflow", DATAFLOWS.values(), ids=DATAFLOWS)
@settings(max_examples=120, deadline=None)
@given(shape=small_layers, machine=machines, objective=st.sampled_from(["energy", "isca2016"]))
def test_search_agrees_with_every_choice(dataflow, shape, machine, objective, monkeypatch_module):
    expected = every_choice(dataflow, shape, machine, objective)
    if expected is None:
        with pytest.raises(CourseError, match=rf"{dataflow.name} needs that .*\n  got .* there\n  use"):
            search(dataflow, shape, machine, objective)
        return
    plan = search(dataflow, shape, machine, objective)
    assert dataflow.fits(shape, plan.parameters, Room.of(machine))
    weighted = plan.published_energy - machine.costs["MAC"] * shape.macs
    if objective == "isca2016":
        weighted += plan.energy_by["NoC", "psum"]
    assert np.isclose(weighted, expected[0], rtol=1e-11, atol=0)
    assert plan.active_pes == expected[1]


@pytest.fixture(scope="module")
def monkeypatch_module():
    """No kept answers: each search is done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNHW_CACHE", "off")
        yield patch


@pytest.mark.parametrize(
    ("glb_words", "f"), [(25, 1), (26, 1), (27, 2), (28, 2), (29, 3), (32, 4), (33, 5), (99, 5)]
)
def test_the_widest_strip_beside_the_psums(glb_words, f, monkeypatch_module):
    """WS keeps 5 x 5 psums, and 2 words wait in the buffer for each column of a strip but the first."""
    machine = Machine(pes=9, levels=(Level("GLB", glb_words), Level("RF", 1)))
    plan = search(DATAFLOWS["WS"], LayerShape(M=1, C=1, H=7, R=3), machine)
    assert plan.parameters == {"r": 1, "t": 1, "f": f}


@pytest.mark.parametrize("U", [1, 2, 4])
@pytest.mark.parametrize("glb", range(40, 900, 43))
def test_weight_stationary_tries_the_largest_f_that_fits(U, glb):
    shape, room = LayerShape(N=2, M=6, C=3, H=11, R=3, U=U), Room(glb, 1, 36)
    z, dataflow = Sizes.of(shape), DATAFLOWS["WS"]
    for grid in dataflow.candidates(z, room):
        r, t, f = np.broadcast_arrays(grid["r"], grid["t"], grid["f"])
        for pair in {*zip(r.ravel().tolist(), t.ravel().tolist(), strict=True)}:
            fit = [x for x in range(1, z.F + 1) if fits(dataflow, z, room, *pair, x)]
            tried = {int(x) for x in f[(r == pair[0]) & (t == pair[1])]}
            assert not fit or {1, max(fit)} <= tried


def fits(dataflow, z, room, r, t, f) -> bool:
    return all(need <= have for _, need, have in dataflow.limits(z, room, r=r, t=t, f=f))
