"""The named conventions, and Counts that are added."""

import pytest
from drawn_nests import machines, nests
from hypothesis import given, settings

from cnnhw import Counts, CourseError, LayerShape, Machine, Nest, count
from cnnhw.counts import CONVENTIONS, Access, Noc

NEST = Nest(LayerShape(M=3, C=2, H=1, W=4, R=1, S=2), [
    ("C", 1, "DRAM"), ("F", 1, "GLB"), ("M", 1, "ROWS"), ("S", 1, "RF")])  # fmt: skip
CHIP = Machine.unbounded(stores_padding=True, first_psum="read")


def refused(wrong):
    with pytest.raises(CourseError) as caught:
        wrong()
    return str(caught.value).splitlines()


def test_transfer_by_hand():
    """Two channels, each: 4 ifmap words to 3 PEs, 6 weights, 9 psums out, and in again for the second."""
    assert count(NEST, Machine.unbounded()).accesses("transfer") == {
        ("DRAM", "ifmap"): 8, ("DRAM", "filter"): 12, ("DRAM", "psum"): 9,
        ("GLB", "ifmap"): 8, ("GLB", "filter"): 0, ("GLB", "psum"): 18 + 9,
        ("NoC", "ifmap"): 24, ("NoC", "filter"): 12, ("NoC", "psum"): 9,
        ("RF", "ifmap"): 36, ("RF", "filter"): 36, ("RF", "psum"): 36 + (36 - 18 + 9),
    }  # fmt: skip


def test_ports_by_hand():
    """Fills and drains come on top, each at its own level."""
    counts = count(NEST, Machine.unbounded())
    once, twice = counts.accesses("transfer"), counts.accesses("ports")
    assert {key: twice[key] - once[key] for key in once if twice[key] > once[key]} == {
        ("GLB", "ifmap"): 8, ("GLB", "psum"): 9,
        ("RF", "ifmap"): 24, ("RF", "filter"): 12, ("RF", "psum"): 18 + 9,
    }  # fmt: skip


def test_the_tools_by_hand():
    """Of ports' sums, 9 psums leave the GLB and 18 pieces the RFs; 45 words come and go on the network."""
    counts = count(NEST, Machine.unbounded())
    ports, timeloop, accelforge = (counts.accesses(name) for name in ("ports", "timeloop", "accelforge"))
    assert {key: ports[key] - timeloop[key] for key in ports if ports[key] > timeloop[key]} == {
        ("GLB", "psum"): 9, ("RF", "psum"): 18}  # fmt: skip
    assert {key: ports[key] - accelforge[key] for key in ports if ports[key] > accelforge[key]} == {
        ("NoC", "ifmap"): 24, ("NoC", "filter"): 12, ("NoC", "psum"): 9}  # fmt: skip


def test_chip_by_hand():
    """The GLB alone, and the 9 psums of the first channel are read as well."""
    assert count(NEST, CHIP).accesses("chip") == {
        ("GLB", "ifmap"): 8, ("GLB", "filter"): 0, ("GLB", "psum"): 18 + 18}  # fmt: skip


@pytest.mark.parametrize("options", [{}, {"stores_padding": True}, {"first_psum": "read"}])
def test_chip_refuses_counts_under_other_rules(options):
    lines = refused(lambda: count(NEST, Machine.unbounded(**options)).accesses("chip"))
    assert lines[::2] == [
        'the convention "chip" needs counts with the padding stored and the first psum read',
        '  count on machine.with_(stores_padding=True, first_psum="read")',
    ]


def test_worst_is_four_for_each_mac():
    assert sum(count(NEST, CHIP).accesses("worst").values()) == 4 * 36


@pytest.mark.parametrize("name", ["Transfer", "", None, 3, ["ports"]])
def test_unknown_conventions(name):
    assert refused(lambda: count(NEST, CHIP).accesses(name)) == [
        "an access is counted under a named convention",
        f"  got {name!r}",
        "  use one of transfer, ports, timeloop, accelforge, chip, worst",
    ]


def test_every_convention_is_told_of():
    """The sums that docs/conventions.md tells of."""
    counts, chip = count(NEST, Machine.unbounded()), count(NEST, CHIP)
    sums = {name: sum((chip if name == "chip" else counts).accesses(name).values()) for name in CONVENTIONS}
    assert sums == {
        "transfer": 244, "ports": 324, "timeloop": 297, "accelforge": 279, "chip": 44, "worst": 144,
    }  # fmt: skip


@settings(max_examples=100)
@given(nests(), machines())
def test_ports_are_never_fewer_than_transfers(nest, machine):
    counts = count(nest, machine)
    once, twice = counts.accesses("transfer"), counts.accesses("ports")
    assert all(once[key] <= twice[key] for key in once)
    assert all(once[key] == twice[key] for key in once if key[0] in ("DRAM", "NoC"))


def test_counts_of_layers_add_up():
    one, two = count(NEST, CHIP), count(Nest(LayerShape(M=1, C=1, H=1, R=1), []), CHIP)
    both = one + two
    assert both == two + one == sum([one, two])
    assert (both.macs, both.cycles, both.active_pes) == (37, one.cycles + 1, 3)
    assert both["DRAM", "filter"] == one["DRAM", "filter"] + Access(reads=1)
    assert both.noc["ifmap"] == one.noc["ifmap"] + Noc(deliveries=1)


def test_each_number_is_added_to_its_own():
    assert Noc(2, 3) + Noc(5, 11) == Noc(deliveries=7, hops=14)
    sums = Access(2, 3, 5, 7) + Access(11, 13, 17, 19)
    assert sums == Access(reads=13, updates=16, fills=22, drains=26)


def test_counts_under_other_rules_do_not_add_up():
    other = count(NEST, Machine.unbounded())
    assert refused(lambda: count(NEST, CHIP) + other) == [
        "counts can be added if they were taken under the same rules",
        "  got (stores_padding, first_psum) = (True, 'read') and (False, 'zero')",
        "  count both nests on machines with the same two options",
    ]
    for wrong in (lambda: other + 1, lambda: 1 + other):
        with pytest.raises(TypeError):
            wrong()


@pytest.mark.parametrize(("arguments", "got"), [
    ((NEST, "Eyeriss"), "str in place of a Machine"),
    ((NEST.shape, CHIP), "LayerShape in place of a Nest"),
])  # fmt: skip
def test_a_nest_is_counted_on_a_machine(arguments, got):
    assert refused(lambda: count(*arguments)) == [
        "a nest is counted on a machine",
        f"  got {got}",
        "  call count(nest, machine); Machine.unbounded() has room for everything",
    ]


def test_numbers_by_name():
    counts = Counts(by={("RF", "psum"): Access(updates=5)}, noc={}, macs=5, cycles=2, active_pes=3)
    assert counts["RF", "psum"].updates == 5 and counts["DRAM", "ifmap"].reads == 0
    assert counts.noc["psum"].hops == 0 and counts.mean_active_pes == 2.5
    for key in (("RF", "ofmap"), ("NoC", "psum"), "RF"):
        assert refused(lambda key=key: counts[key]) == [
            "counts are kept for DRAM, GLB and RF, and for ifmap, filter and psum",
            f"  got {key!r}",
            '  use counts["GLB", "psum"]; a finished psum is an ofmap word; the NoC is in counts.noc',
        ]


def test_repr_shows_every_number():
    lines = repr(count(NEST, Machine.unbounded())).splitlines()
    assert lines[0] == "36 MACs in 12 cycles, 3 PEs at most"
    assert [line.split() for line in lines if line.startswith("  GLB")][0] == ["GLB", "ifmap", *"8080"]
    assert lines[-1].split() == ["NoC", "psum", "9", "0"]


def test_equal_counts_are_one():
    assert hash(count(NEST, CHIP)) == hash(count(NEST, CHIP))
    assert count(NEST, CHIP) != count(NEST, Machine.unbounded())


@pytest.mark.parametrize(("nest", "machine"), [(NEST.shape, CHIP), (NEST, 5), (None, None)])
def test_what_cannot_be_counted(nest, machine):
    assert refused(lambda: count(nest, machine))[0] == "a nest is counted on a machine"


def test_a_table_shows_all_numbers():
    by = {("GLB", "psum"): Access(reads=2, updates=3, fills=5, drains=7)}
    noc = {"filter": Noc(deliveries=11, hops=13)}
    counts = Counts(by=by, noc=noc, macs=17, cycles=19, active_pes=1)
    assert repr(counts).splitlines() == [
        "17 MACs in 19 cycles, 1 PE at most",
        "  level tensor            reads        updates          fills         drains",
        *(f"  {level:<6}{tensor:<6}" + f"{0:>17}" + 3 * f"{0:>15}" for level, tensor in list(counts.by)[:5]),
        "  GLB   psum                  2              3              5              7",
        *(f"  {level:<6}{tensor:<6}" + f"{0:>17}" + 3 * f"{0:>15}" for level, tensor in list(counts.by)[6:]),
        "  NoC   tensor       deliveries           hops",
        "  NoC   ifmap                 0              0",
        "  NoC   filter               11             13",
        "  NoC   psum                  0              0",
    ]
    two = Counts(by=by, noc=noc, macs=17, cycles=19, active_pes=2)
    assert repr(two).startswith("17 MACs in 19 cycles, 2 PEs at most\n")
    assert hash(counts) == hash(Counts(by=by, noc=noc, macs=17, cycles=19, active_pes=1)) != hash(two)
    assert list(counts.by)[:4] == [("DRAM", "ifmap"), ("DRAM", "filter"), ("DRAM", "psum"), ("GLB", "ifmap")]
