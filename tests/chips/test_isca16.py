"""The equal-area machines of ISCA 2016, and the systems that slides 36 to 38 name."""

import pytest

from cnnhw import CourseError, LayerShape, Nest, chips, count

KB = {"WS": 334.3, "OS_A": 243.9, "OS_B": 303.8, "OS_C": 334.3, "NLR": 338.3, "RS": 128.0}
RF_WORDS = {"WS": 1, "OS_A": 49, "OS_B": 5, "OS_C": 1, "NLR": 0, "RS": 256}


@pytest.mark.parametrize("dataflow", list(KB))
def test_memories_at_256_pes(dataflow):
    machine = chips.isca16(dataflow)
    assert machine.words("RF") == RF_WORDS[dataflow]
    assert round(machine.words("GLB") * machine.word_bytes / 1024, 1) == KB[dataflow]
    assert (machine.pes, machine.stores_padding) == (256, True)


@pytest.mark.parametrize("pes", [512, 1024])
def test_memories_scale_with_the_pes(pes):
    for dataflow in KB:
        small, large = chips.isca16(dataflow), chips.isca16(dataflow, pes)
        assert large.words("RF") == small.words("RF")
        assert large.words("GLB") == pytest.approx(small.words("GLB") * pes / 256, abs=pes / 256)


@pytest.mark.parametrize("rows", [1, 2, 16, 256])
def test_pes_can_be_wired_in_any_arrangement(rows):
    shape = LayerShape(M=256, C=1, H=1, R=1)
    nest = Nest(shape, [("M", 256 // rows, "ROWS"), ("M", 1, "COLS")], {})
    assert count(nest, chips.isca16("NLR")).active_pes == 256


def refused(wrong):
    with pytest.raises(CourseError) as caught:
        wrong()
    return str(caught.value).splitlines()


def test_unknown_dataflow():
    assert refused(lambda: chips.isca16("IS")) == [
        "a dataflow is one of those in DATAFLOWS",
        "  got 'IS'",
        "  use one of WS, OS_A, OS_B, OS_C, NLR, RS, or a Dataflow of your own",
    ]


@pytest.mark.parametrize("pes", [0, -4, 2.5, "256"])
def test_wrong_number_of_pes(pes):
    assert refused(lambda: chips.isca16("RS", pes))[1].endswith(f"={pes!r}")


def test_systems_of_the_slides():
    names = {
        dataflow: [system.name for system in chips.systems(dataflow)] for dataflow in ("WS", "OS", "NLR")
    }
    assert names == {
        "WS": ["Chakradhar", "nn-X / neuFlow", "Park", "Origami"],
        "OS": ["Gupta", "ShiDianNao", "Peemen"],
        "NLR": ["DianNao", "DaDianNao", "Zhang"],
    }
    assert len(chips.systems()) == 11 and chips.systems("RS")[0].name == "Eyeriss"


@pytest.mark.parametrize(
    ("name", "peak"),
    [("nn-X / neuFlow", 8 * 100 * 2 * 0.142), ("Gupta", 28 * 28 * 2 * 0.166), ("Zhang", 64 * 7 * 2 * 0.1)],
)
def test_peak_rates(name, peak):
    """8 * 100 * 2 * 142e6 = 227 Gop/s; 28 * 28 * 2 * 166e6 = 260 Gop/s."""
    (system,) = [system for system in chips.systems() if system.name == name]
    assert system.peak_gops == pytest.approx(peak)


def test_rates_that_follow_from_macs_and_clock():
    """nn-X' does, and Gupta's, which is only reported; DianNao's and Zhang's are lower than the peak."""
    rates = {system.name: system for system in chips.systems() if system.peak_gops and system.stated_gops}
    follows = [name for name, system in rates.items() if round(system.peak_gops) == float(system.stated_gops)]
    assert follows == ["nn-X / neuFlow", "Gupta"]
    assert rates["Gupta"].confidence == "C"
    assert all(float(rates[name].stated_gops) < rates[name].peak_gops for name in ("DianNao", "Zhang"))


def test_what_was_not_read_is_only_reported():
    for system in chips.systems():
        assert system.read or system.confidence == "C"
        assert system.read or system.reported
