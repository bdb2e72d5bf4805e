"""ISCA 2016 and SURVEY figures 33 and 34: six dataflows on AlexNet, and the paper's claims."""

from dataclasses import replace

import pytest

from cnnhw import chips, networks
from cnnhw.chips import isca16
from cnnhw.dataflows import DATAFLOWS
from cnnhw.errors import CourseError
from cnnhw.experiments.isca2016 import BARS, KINDS, bars, claims, conv_share, plans, sweep
from cnnhw.mapper import search


@pytest.fixture(scope="module", autouse=True)
def kept_here(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNHW_CACHE", str(tmp_path_factory.mktemp("answers")))
        yield


@pytest.fixture(scope="module")
def all_bars(kept_here):
    return sweep()


@pytest.mark.parametrize("kind", KINDS)
def test_survey_figures_33_and_34(kind):
    """Two details decide: the MACs' own energy is in, and the search counts the psums on the NoC twice."""
    computed = dict(zip(KINDS, bars(256, 16), strict=True))[kind].relative()
    for name, published in BARS[kind].items():
        assert abs(computed[name] - published) < 0.01, name


def test_without_the_doubled_psums_the_figures_do_not_come_out():
    network, off = networks.alexnet().with_batch(16), 0
    energy = {
        name: sum(search(flow, s, isca16(name)).published_energy for s in network.conv.values())
        for name, flow in DATAFLOWS.items()
    }
    for name, published in BARS["CONV"].items():
        off = max(off, abs(energy[name] / energy["RS"] - published))
    assert 0.01 < off < 0.02


def test_weight_stationary_does_not_fit_conv1_at_64_images():
    found = plans("WS", networks.alexnet().with_batch(64), 256)
    assert [name for name, plan in found.items() if isinstance(plan, CourseError)] == ["CONV1"]
    assert str(found["CONV1"]) == (
        "WS needs that N*t*E*F + r*t*U*(f-1)*(R-1) words fit the buffer\n"
        "  got 193600 needed at the least, with every parameter 1, and 171146 there\n"
        "  use a machine with more room, a smaller batch or layer, or another dataflow"
    )


def test_isca2016_claims(all_bars):
    """What is claimed holds to the digits printed; on FC layers without a batch it would not."""
    conv, *fc = claims(all_bars)
    assert conv.text == "on CONV layers RS needs 1.4 to 2.5 times less energy"
    assert conv.holds and conv.computed == "1.39 to 2.53 times"
    assert [(claim.text.partition(" RS needs ")[2], claim.holds) for claim in fc] == [
        ("at least 1.3 times less energy, N=64", True),
        ("at least 1.3 times less energy; claimed for N above 16, here N=16", True),
        ("at least 1.3 times less energy; claimed for N above 16, here N=1", False),
    ]
    assert {claim.text.partition(" RS needs ")[0] for claim in fc} == {"on FC layers"}
    assert [claim.computed for claim in fc] == ["1.58 times", "1.27 times", "1.02 times"]


def test_a_claim_for_batches_above_16_begins_with_17(all_bars):
    beyond = [replace(bar, N=17) if bar.N == 64 else bar for bar in all_bars]
    assert claims(beyond)[1].text.endswith("less energy, N=17")


def test_row_stationary_is_the_least_everywhere(all_bars):
    assert len(all_bars) == 3 * 3 * 2
    assert all(bar.nearest > 1 for bar in all_bars)


def test_conv_layers_take_about_80_percent():
    assert conv_share() == pytest.approx(0.80, abs=0.01)
    assert conv_share() == conv_share(256, 16), "the size and batch of the figures are those meant"
    assert bars() == bars(256, 16)


def test_a_machine_says_what_it_is():
    machine = isca16("NLR")
    assert (machine.name, machine.source) == ("NLR with 256 PEs", "ISCA 2016, equation 2")
    assert isca16("WS", 512).name == "WS with 512 PEs"
    # 346,463.5 and 163,915.9 bytes: half a word more is no word.
    assert machine.words("GLB") == 173_231 and isca16("OS_A", 168).words("GLB") == 81_957


def test_an_unknown_dataflow():
    with pytest.raises(CourseError) as error:
        isca16("IS")
    assert str(error.value) == (
        "a dataflow is one of those in DATAFLOWS\n  got 'IS'\n"
        "  use one of WS, OS_A, OS_B, OS_C, NLR, RS, or a Dataflow of your own"
    )


@pytest.mark.parametrize("pes", [256, 512, 1024])
def test_the_machines_are_those_of_chips(pes):
    for name in DATAFLOWS:
        ours, theirs = isca16(name, pes), chips.isca16(name, pes)
        assert (ours.levels, ours.pes, ours.costs) == (theirs.levels, theirs.pes, theirs.costs)
        assert ours.stores_padding and theirs.stores_padding
