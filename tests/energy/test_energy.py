"""Energy: counts times costs, by hand, and what holds for any nest."""

import pytest
from drawn_nests import machines, nests
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import Costs, CourseError, LayerShape, Level, Machine, Nest, count
from cnnhw.dataflows import OS_C
from cnnhw.energy import dram_accesses_per_mac, dram_bandwidth, dram_words, energy, energy_of
from cnnhw.mapper import search
from cnnhw.timing import Timing, cycles

# Three filters in three PEs slide over 4 words: 18 MACs in 6 cycles.
NEST = Nest(LayerShape(M=3, C=1, H=1, W=4, R=1, S=2), [("F", 1, "GLB"), ("M", 1, "ROWS"), ("S", 1, "RF")])
COUNTS = count(NEST, Machine.unbounded())
PRIMES = Costs(DRAM=11, GLB=7, NoC=5, RF=3, MAC=2, unit="pJ")


def refused(wrong):
    with pytest.raises(CourseError) as caught:
        wrong()
    return str(caught.value).splitlines()


def test_by_hand():
    """4 ifmap words come from DRAM, go to the GLB and on to 3 PEs; 6 weights pass by; 9 psums go out."""
    spent = energy(COUNTS, PRIMES)
    assert dict(spent.by) == {
        ("DRAM", "ifmap"): 11 * 4, ("DRAM", "filter"): 11 * 6, ("DRAM", "psum"): 11 * 9,
        ("GLB", "ifmap"): 7 * 4, ("GLB", "filter"): 0, ("GLB", "psum"): 7 * 9,
        ("NoC", "ifmap"): 5 * 12, ("NoC", "filter"): 5 * 6, ("NoC", "psum"): 0,
        ("RF", "ifmap"): 3 * 18, ("RF", "filter"): 3 * 18, ("RF", "psum"): 3 * (18 + 9),
        ("MAC", None): 2 * 18,
    }  # fmt: skip
    assert spent.level("DRAM") == 11 * 19 and spent.level("MAC") == 36
    assert spent.tensor("filter") == 66 + 30 + 54
    assert (spent.unit, spent.convention, spent.macs, spent.cycles) == ("pJ", "transfer", 18, 6)
    assert spent.per_mac == spent.total / 18


def test_sums_over_levels_and_over_tensors_are_the_total():
    spent = energy(COUNTS, PRIMES)
    assert sum(spent.level(name) for name in ("DRAM", "GLB", "NoC", "RF", "MAC")) == spent.total
    assert sum(spent.tensor(name) for name in ("ifmap", "filter", "psum")) + 36 == spent.total


def test_a_machine_brings_its_costs():
    assert energy(COUNTS, Machine.unbounded(costs=PRIMES)) == energy(COUNTS, PRIMES)
    assert energy(COUNTS, Machine.unbounded()) == energy(COUNTS, Costs())


def test_worst_case_energy_is_dram_alone():
    spent = energy(COUNTS, PRIMES, "worst")
    assert spent.convention == "worst"
    assert spent.level("DRAM") == 11 * 4 * 18
    assert spent.total == spent.level("DRAM") + 36


def test_time_and_energy_delay():
    """6 cycles at 3 Hz are 2 seconds."""
    spent = energy(COUNTS, PRIMES)
    assert spent.delay(3) == 2
    assert spent.edp(3) == 2 * spent.total
    assert spent.per_inference(4) == spent.total / 4


def test_layers_add_up():
    spent = energy(COUNTS, PRIMES)
    assert sum([spent, spent, spent]) == energy(COUNTS + COUNTS + COUNTS, PRIMES)
    assert (spent + spent).per_mac == spent.per_mac
    for wrong in (lambda: spent + 1, lambda: 1 + spent):
        with pytest.raises(TypeError):
            wrong()


@settings(max_examples=60)
@given(nests(), machines(), st.sampled_from(["transfer", "ports", "timeloop", "accelforge", "worst"]))
def test_any_nest(nest, machine, convention):
    counts = count(nest, machine)
    spent = energy(counts, machine, convention)
    assert spent.total >= machine.costs.MAC * counts.macs
    assert spent.level("DRAM") == 200 * sum(
        machine.share(tensor) * words
        for (level, tensor), words in counts.accesses(convention).items()
        if level == "DRAM"
    )
    assert energy(counts + counts, machine, convention) == spent + spent


def test_repr_is_a_table():
    lines = repr(energy(COUNTS, PRIMES)).splitlines()
    assert lines == [
        "615 pJ for 18 MACs, 34.17 each (transfer)",
        "  level          ifmap        filter          psum           all",
        "  DRAM              44            66            99           209",
        "  GLB               28             0            63            91",
        "  NoC               60            30             0            90",
        "  RF                54            54            81           189",
        "  MAC                                                         36",
    ]


def test_demand_on_dram():
    """19 words of 2 bytes in 6 cycles at 3 Hz: 2 seconds."""
    assert dram_words(COUNTS) == 19
    assert dram_accesses_per_mac(COUNTS) == 19 / 18
    assert dram_bandwidth(COUNTS, clock_hz=3) == 19
    assert dram_bandwidth(COUNTS) == 19 * 2 * 200e6 / 6, "Eyeriss runs at 200 MHz"
    assert dram_bandwidth(COUNTS, cycles=12, clock_hz=3, word_bytes=1) == 19 / 4


@pytest.mark.parametrize(
    ("wrong", "lines"),
    [
        (
            lambda: energy(COUNTS, 200),
            [
                "energy is counts times costs",
                "  got int in place of Costs",
                "  give a Machine, or Costs such as Costs.horowitz()",
            ],
        ),
        (
            lambda: energy(NEST, PRIMES),
            [
                "energy is counts times costs",
                "  got Nest in place of Counts",
                "  call energy(count(nest, machine), machine)",
            ],
        ),
        (
            lambda: energy(COUNTS, PRIMES, "chip"),
            [
                "energy needs a convention that counts every level",
                '  got convention="chip", which counts the words between the GLB and the array alone',
                '  use "transfer" or "ports"',
            ],
        ),
        (
            lambda: energy(COUNTS, PRIMES, "all"),
            [
                "an access is counted under a named convention",
                "  got 'all'",
                "  use one of transfer, ports, timeloop, accelforge, chip, worst",
            ],
        ),
        (
            lambda: energy(COUNTS, PRIMES) + energy(COUNTS, Costs()),
            [
                "energies can be added if they are in the same unit, under the same convention",
                "  got (unit, convention) = ('pJ', 'transfer') and ('MAC', 'transfer')",
                "  use the same costs and the same convention for both",
            ],
        ),
        (
            lambda: energy(COUNTS, PRIMES).level("L2"),
            ["energy is spent at DRAM, GLB, NoC, RF, MAC", "  got 'L2'", "  use one of these names"],
        ),
        (
            lambda: energy(COUNTS, PRIMES).tensor("ofmap"),
            [
                "energy is spent on moving ifmap, filter, psum",
                "  got 'ofmap'",
                '  use one of these names; the arithmetic is level("MAC"), an ofmap word is a psum',
            ],
        ),
        (
            lambda: energy(COUNTS, PRIMES).delay(0),
            ["a clock ticks", "  got clock_hz=0", "  give clock_hz as a number above 0"],
        ),
        (
            lambda: energy(COUNTS, PRIMES).per_inference("4"),
            ["a batch has one image or more", "  got N='4'", "  give N as a number above 0"],
        ),
        *(
            (
                lambda name=name: dram_bandwidth(COUNTS, **{name: float("nan")}),
                [
                    "bandwidth follows from cycles, a clock and the size of a word, all above 0",
                    f"  got {name}=nan",
                    f"  give {name} as a number above 0",
                ],
            )
            for name in ("cycles", "clock_hz", "word_bytes")
        ),
    ],
)
def test_errors_say_what_to_change(wrong, lines):
    assert refused(wrong) == lines


def test_energies_are_values():
    spent = energy(COUNTS, PRIMES)
    assert hash(spent) == hash(energy(COUNTS, PRIMES)) != hash(energy(COUNTS, Costs()))
    with pytest.raises(TypeError):
        spent.by["MAC", None] = 0


def test_a_word_written_may_have_another_price():
    """9 psums are written to GLB and DRAM each, 9 read in the GLB; everything else is read."""
    dear = Machine(
        levels=(Level("DRAM", write_cost=13), Level("GLB", write_cost=17), Level("RF", write_cost=3)),
        costs=PRIMES,
    )
    spent, same = energy(count(NEST, dear), dear), energy(COUNTS, PRIMES)
    assert {key: spent.by[key] - same.by[key] for key in spent.by if spent.by[key] != same.by[key]} == {
        ("DRAM", "psum"): 9 * (13 - 11), ("GLB", "psum"): 9 * (17 - 7),
    }  # fmt: skip
    ports, same = energy(COUNTS, dear, "ports"), energy(COUNTS, PRIMES, "ports")
    assert ports.by["GLB", "ifmap"] - same.by["GLB", "ifmap"] == 4 * (17 - 7), "fills are written"
    assert ports.by["GLB", "psum"] - same.by["GLB", "psum"] == 9 * (17 - 7), "drains are read"


@given(nests(), machines(), st.sampled_from(["transfer", "ports", "timeloop", "accelforge", "worst"]))
def test_reads_and_writes_are_all_accesses(nest, machine, convention):
    counts = count(nest, machine)
    both = counts.reads_and_writes(convention)
    assert {key: sum(each) for key, each in both.items()} == counts.accesses(convention)
    levels = [Level(name, write_cost=0) for name in ("DRAM", "GLB", "RF")]
    free = machine.with_(levels=levels, costs=PRIMES, widths={})
    read = sum(PRIMES[level] * words for (level, _), (words, _) in both.items())
    assert energy(counts, free, convention).total == read + PRIMES.MAC * counts.macs


def test_a_published_form_knows_one_width():
    machine = Machine(2, 2, (Level("GLB", 54), Level("RF", 8)), widths={"psum": 32})
    assert refused(lambda: search(OS_C, LayerShape(M=8, C=1, H=3, R=3), machine)) == [
        "the published closed forms know words of one width",
        "  got widths={'psum': 32}",
        "  leave them out, or count a nest: energy(count(nest, machine), machine)",
    ]


def test_prices_of_writes_that_cannot_be():
    assert refused(lambda: Level("GLB", write_cost=-1)) == [
        "the cost of an access is a number, 0 or more",
        "  got GLB=-1",
        "  give GLB in the unit of the other costs, here MAC",
    ]
    machine = Machine(2, 2, (Level("GLB", 54, write_cost=7), Level("RF", 8)))
    assert refused(lambda: search(OS_C, LayerShape(M=8, C=1, H=3, R=3), machine)) == [
        "the published closed forms add reads and writes up, at one price",
        "  got a write_cost for GLB",
        "  leave it out, or count a nest: energy(count(nest, machine), machine)",
    ]


@settings(max_examples=40)
@given(nests(), machines(), st.integers(1, 5))
def test_energy_and_delay_of_a_nest(nest, machine, speed):
    """The same energy, however long it takes; the cycles are those of the emulator's model of time."""
    timing = Timing(words_per_cycle={"DRAM": speed, "GLB": speed})
    spent, plain = energy_of(nest, machine, timing), energy(count(nest, machine), machine)
    assert dict(spent.by) == dict(plain.by) and spent.cycles == cycles(nest, machine, timing)
    assert energy_of(nest, machine) == plain
    assert spent.edp(2) == pytest.approx(plain.edp(2) * spent.cycles / plain.cycles)


def test_energies_of_different_lists_are_not_added():
    machine = Machine.of([Level("DRAM"), Level("L2", cost=9)])
    nest = Nest(LayerShape(M=1, C=1, H=1, R=1), [], {})
    other = energy(count(nest.on(machine), machine), machine)
    assert refused(lambda: energy(COUNTS, Machine()) + other) == [
        "energies can be added if their machines have the same levels and arrays",
        "  got DRAM, GLB, NoC, RF, MAC and DRAM, L2, MAC",
        "  count both on machines of one list",
    ]
