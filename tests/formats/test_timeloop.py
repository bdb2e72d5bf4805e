"""Timeloop's files: known right counts, the tool's own exercise, round trips, its traps, and wrong files."""

import warnings

import pytest
import yaml
from drawn_hierarchies import listed_machines, nests_on
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import Array, Level, Machine, Nest, count
from cnnhw.errors import CourseError
from cnnhw.formats import from_timeloop, to_timeloop
from cnnhw.formats.stored import with_zeros_stored

CONV1D = """
problem:
  version: 0.4
  shape:
    name: row
    dimensions: [M, R, P]
    data_spaces:
    - name: Weights
      projection: [[[M]], [[R]]]
    - name: Inputs
      projection: [[[R], [P]]]
    - name: Outputs
      projection: [[[M]], [[P]]]
      read_write: true
  instance: {M: %d, R: %d, P: %d}
"""
TWO_LEVELS = """
architecture:
  version: 0.4
  nodes:
  - !Container {name: system}
  - !Component {name: DRAM, class: DRAM, attributes: {width: 256, datawidth: 8}}
  %s
  - !Component {name: RF, class: regfile, attributes: {depth: 4096, width: 8, datawidth: 8}}
  - !Component {name: MACC, class: intmac, attributes: {datawidth: 8}}
"""


def read(tmp_path, *texts):
    paths = []
    for number, text in enumerate(texts):
        paths.append(tmp_path / f"part{number}.yaml")
        paths[-1].write_text(text, encoding="utf-8")
    return from_timeloop(*paths)


def counted(design):
    counts = count(design.nest, design.machine)
    return lambda level, tensor: counts[level, tensor]


def test_a_row_with_three_weights(tmp_path):
    mapping = """
mapping:
- {target: DRAM, type: temporal, factors: R=1 P=16, permutation: PR}
- {target: RF, type: temporal, factors: "R=3,P=1", permutation: [R, P, M]}
"""
    design = read(tmp_path, CONV1D % (1, 3, 16), TWO_LEVELS % "", mapping)
    at = counted(design)
    assert (design.shape.H, design.shape.W, design.shape.R, design.shape.E) == (18, 1, 3, 16)
    assert [at("DRAM", "filter").reads, at("DRAM", "ifmap").reads, at("DRAM", "psum").updates] == [3, 18, 16]
    assert [at("RF", tensor).reads for tensor in ("filter", "ifmap", "psum")] == [48, 48, 32]
    assert design.blocks == {"DRAM": 32, "RF": 1}


def test_the_row_with_32_filters_two_at_a_time(tmp_path):
    # The levels from the inside out: the architecture alone says who is outside.
    mapping = """
mapping:
- {target: RF, type: temporal, factors: [R3, M2], permutation: RM}
- {target: DRAM, type: temporal, factors: M=0 P=16, permutation: P M}
"""
    at = counted(read(tmp_path, CONV1D % (32, 3, 16), TWO_LEVELS % "", mapping))
    found = [at("DRAM", "filter").reads, at("DRAM", "ifmap").reads, at("DRAM", "psum").updates]
    assert [*found, at("RF", "psum").reads] == [96, 288, 512, 1024]


@pytest.mark.parametrize("target", ["PE", "inter_PE_spatial", "DRAM"])
def test_two_columns_share_the_words_of_a_window(target, tmp_path):
    mapping = f"""
mapping:
- {{target: DRAM, type: temporal, factors: M=2 P=2, permutation: [P, M]}}
- {{target: {target}, type: spatial, factors: M=2, permutation: [M], split: 1}}
- {{target: RF, type: temporal, factors: R=3, permutation: [R]}}
"""
    array = "- !Container {name: PE, spatial: {meshX: 2}}"
    design = read(tmp_path, CONV1D % (4, 3, 2), TWO_LEVELS % array, mapping)
    at = counted(design)
    assert (at("RF", "ifmap").fills, at("DRAM", "ifmap").reads) == (12, 6)
    assert (design.nest.rows, design.nest.cols) == (1, 2)


SPATIAL = """
problem:
  shape:
    name: rows_and_channels
    dimensions: [C, K, R, P]
    data-spaces:
    - {name: Weights, projection: [[[C]], [[K]], [[R]]]}
    - {name: Inputs, projection: [[[C]], [[R], [P]]]}
    - {name: Outputs, projection: [[[K]], [[P]]], read-write: true}
  instance: {C: 32, K: 32, R: 3, P: 16}
architecture:
  version: 0.4
  nodes:
  - !Component {name: MainMemory, class: DRAM, attributes: {width: 256, datawidth: 8}}
  - !Container {name: PE, spatial: {meshX: 16}}
  - !Component {name: GlobalBuffer, class: SRAM, attributes: {depth: 32768, width: 64, datawidth: 8}}
  - !Component {name: RegisterFile, class: regfile, attributes: {depth: 64, width: 8, datawidth: 8}}
  - !Component {name: MACC, class: intmac}
mapping:
- {target: MainMemory, type: temporal, factors: "R=1,P=1,K=1,C=1", permutation: PRKC}
- {target: inter_PE_spatial, type: spatial, factors: "R=1,P=1,K=1,C=16", permutation: PRKC}
- {target: inter_PE_spatial, type: bypass, bypass: [Weights, Inputs, Outputs]}
- {target: GlobalBuffer, type: temporal, factors: "R=3,P=1,K=32,C=2", permutation: RKCP}
- {target: RegisterFile, type: temporal, factors: "R=1,P=16,K=1,C=1", permutation: RPKC}
"""
# Scalar reads, fills and updates, all instances, as printed in the tool's reference output for its lesson on
# spatial levels with channels laid out (timeloop-accelergy-exercises, 04-model-conv1d+oc-3levelspatial, cp).
# The output shows the loops of the buffer as C, K, R from the outside in; permutation is innermost first.
PRINTED = {
    ("RegisterFile", "filter"): (16 * 3072, 16 * 192, 0),
    ("RegisterFile", "psum"): (16 * 2560, 16 * 512, 16 * 3072),
    ("GlobalBuffer", "filter"): (16 * 192, 16 * 192, 0),
    ("GlobalBuffer", "psum"): (16 * 512, 0, 16 * 1024),
    ("MainMemory", "filter"): (3072, 0, 0),
    ("MainMemory", "ifmap"): (576, 0, 0),
    ("MainMemory", "psum"): (0, 0, 512),
    ("GlobalBuffer", "ifmap"): (16 * 1152, 16 * 36, 0),
    ("RegisterFile", "ifmap"): (16 * 3072, 16 * 1152, 0),
}


def test_the_exercise_with_channels_laid_out(tmp_path):
    design = read(tmp_path, SPATIAL)
    at, differ = counted(design), {}
    for (level, tensor), printed in PRINTED.items():
        found = at(level, tensor)
        if (found.reads, found.fills, found.updates) != printed:
            differ[level, tensor] = found.reads, found.fills, found.updates
    # Known rule: while R goes from 0 to 2 the words of a window stay, here and there. When it turns back
    # to 0 Timeloop drops them all, and fills 16 where 14 stay. It turns 31 times for each of 2 channels.
    kept = 16 * 14 * (2 * 31)
    assert differ == {
        ("GlobalBuffer", "ifmap"): (16 * 1152 - kept, 16 * 36, 0),
        ("RegisterFile", "ifmap"): (16 * 3072, 16 * 1152 - kept, 0),
    }


def moving(nest, place):
    """The loops at a place that have more than one chunk."""
    left, found = dict(nest.sizes), []
    for loop in nest.loops:
        if loop.step < left[loop.dim] and loop.where == place:
            found.append(loop)
        left[loop.dim] = min(left[loop.dim], loop.step)
    return found


@given(data=st.data())
def test_a_drawn_nest_comes_back_with_its_counts_or_is_refused(data, tmp_path_factory):
    machine = Machine.of(data.draw(listed_machines()).parts)
    machine = Machine.of([
        Level(part.name, data.draw(st.none() | st.just(10**6)) if number else None)
        if isinstance(part, Level) else Array(part.name, 400, 400)
        for number, part in enumerate(machine.parts)
    ])  # fmt: skip
    nest = data.draw(nests_on(machine, most_loops=2)).on(machine)
    path = tmp_path_factory.mktemp("timeloop") / "drawn.yaml"
    try:
        to_timeloop(nest, machine, path)
    except CourseError as refused:
        assert refused.rule.startswith("a mapping of Timeloop cuts a dim")
        assert not path.exists()
        return
    back = from_timeloop(path)
    assert back.machine.parts == machine.parts
    assert back.shape == with_zeros_stored(nest.shape)
    stored = Nest(back.shape, nest.loops, nest.keeps, machine.hierarchy)
    assert count(back.nest, back.machine) == count(stored, machine)
    for place in machine.hierarchy.places:
        assert moving(back.nest, place) == moving(nest, place)


def test_a_nest_that_leaves_a_rest_is_written_with_it(tmp_path):
    mapping = """
mapping:
- {target: DRAM, type: temporal, factors: 'P=8', permutation: P}
- {target: RF, type: temporal, factors: 'P=7,6', permutation: P}
"""
    design = read(tmp_path, CONV1D % (1, 1, 55), TWO_LEVELS % "", mapping)
    assert [(loop.dim, loop.step) for loop in design.nest.loops] == [("E", 7), ("E", 1)]  # the last has 6
    to_timeloop(design.nest, design.machine, tmp_path / "out.yaml")
    assert "P=7,6" in (tmp_path / "out.yaml").read_text(encoding="utf-8")
    assert from_timeloop(tmp_path / "out.yaml").nest == design.nest


def test_a_stride_that_is_spelled_otherwise_warns(tmp_path):
    problem = yaml.safe_load(CONV1D % (1, 3, 4))["problem"]
    problem["shape"]["coefficients"] = [{"name": "Hstride", "default": 1}]
    problem["shape"]["data_spaces"][1]["projection"] = [[["R"], ["P", "Hstride"]]]
    for name, stride in (("HStride", 1), ("Hstride", 2)):
        problem["instance"] = {"M": 1, "R": 3, "P": 4, name: 2, "Hpad": 7}
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            shape = read(tmp_path, yaml.safe_dump({"problem": problem})).shape
        assert (shape.U, shape.P, shape.H) == ((stride, 1) if stride > 1 else 1, 0, 3 + 3 * stride)
        assert [str(one.message).split(" ")[0] for one in said] == (["HStride"] if stride == 1 else [])


def test_inputs_are_those_with_windows_whatever_they_are_called(tmp_path):
    text = (
        (CONV1D % (2, 3, 4)).replace("name: Weights", "name: Activations").replace("name: Inputs", "name: B")
    )
    shape = read(tmp_path, text).shape
    assert (shape.M, shape.C, shape.R, shape.E) == (2, 1, 3, 4)


def test_a_memory_is_as_many_words_as_fit_into_its_bits(tmp_path):
    machine = read(tmp_path, SPATIAL).machine
    assert (machine.words("GlobalBuffer"), machine.words("RegisterFile")) == (32768 * 64 // 8, 64)
    assert (machine.words("MainMemory"), machine.word_bits, machine["PE"].cols) == (None, 8, 16)


def test_chunks_of_no_whole_chunks_are_refused_and_loops_of_one_chunk_left_out(tmp_path):
    shape = read(tmp_path, CONV1D % (1, 1, 7)).shape
    machine = Machine.of([Level("DRAM"), Level("GLB"), Level("RF")])
    uneven = Nest(shape, [("E", 4, "DRAM"), ("E", 3, "GLB"), ("E", 1, "RF")], hierarchy=machine.hierarchy)
    with pytest.raises(CourseError, match="a mapping of Timeloop cuts a dim into chunks of whole chunks"):
        to_timeloop(uneven, machine, tmp_path / "out.yaml")
    for outer in ([("E", 7, "DRAM"), ("E", 4, "DRAM")], [("E", 4, "DRAM"), ("E", 4, "DRAM")]):
        idle = Nest(shape, [*outer, ("E", 1, "RF")], hierarchy=machine.hierarchy)
        to_timeloop(idle, machine, tmp_path / "out.yaml")
        assert from_timeloop(tmp_path / "out.yaml").nest.loops == idle.loops[1:]


def test_a_matrix_product_of_any_letters(tmp_path):
    shape = read(tmp_path, """
problem:
  shape:
    dimensions: [X, Y, Z]
    dataSpaces:
    - {name: A, projection: [[[X]], [[Z]]]}
    - {name: B, projection: [[[Z]], [[Y]]]}
    - {name: Out, projection: [[[X]], [[Y]]], read_write: True}
  instance: {X: 3, Y: 5, Z: 7}
""").shape  # fmt: skip
    assert (shape.N, shape.M, shape.C, shape.macs) == (3, 5, 7, 105)


def test_a_container_that_is_there_once_may_be_named(tmp_path):
    mapping = """
mapping:
- {target: DRAM, type: temporal, factors: P=4, permutation: [P]}
- {target: DRAM, type: spatial, factors: P=1}
- {target: inter_PE_spatial, type: spatial, factors: M=%d}
- {target: inter_PE_spatial, type: bypass, bypass: [Weights, Inputs, Outputs]}
- {target: RF, type: temporal, factors: R=3}
"""
    array = "- !Container {name: PE, spatial: {meshX: 1}}"
    assert read(tmp_path, CONV1D % (1, 3, 4), TWO_LEVELS % array, mapping % 1).nest.loops
    with pytest.raises(CourseError, match="a line's target is one of DRAM, RF"):
        read(tmp_path, CONV1D % (2, 3, 4), TWO_LEVELS % array, mapping % 2)


WHOLE = (
    CONV1D % (2, 3, 4)
    + TWO_LEVELS % "- !Container {name: PE, spatial: {meshX: 2}}"
    + """
mapping:
- {target: DRAM, type: temporal, factors: P=4, permutation: [P]}
- {target: PE, type: spatial, factors: M=2, permutation: [M], split: 1}
- {target: RF, type: temporal, factors: R=3, permutation: [R]}
"""
)
WRONG = {
    "no YAML": ("    name: row", "    name: [row"),
    "a key twice": ("  instance:", "  instance: {}\n  instance:"),
    "a template": ("{meshX: 2}", "{meshX: '{{n}}'}"),
    "a merge": ("  version: 0.4\n  nodes:", "  <<<: other\n  nodes:"),
    "an earlier version": ("  nodes:", "  subtree:"),
    "a name with a range": ("name: PE, spatial: {meshX: 2}", "name: 'PE[0..1]'"),
    "a branch": ("!Container {name: PE", "!Parallel {name: PE"),
    "no number": ("depth: 4096", "depth: 4 KB"),
    "no size": ("instance: {M: 2, ", "instance: {"),
    "no stride": ("[[[R], [P]]]", "[[[R, Wdilation], [P]]]"),
    "three inputs": ("    - name: Outputs", "    - {name: More, projection: [[[P]]]}\n    - name: Outputs"),
    "factors too large": ("factors: P=4", "factors: P=5"),
    "factors too small": ("factors: R=3", "factors: R=1"),
    "factors of no dim": ("factors: R=3", "factors: R=3 X=2"),
    "factors that are none": ("factors: R=3", "factors: R=three"),
    "no such target": ("target: RF", "target: L2"),
    "no such type": ("target: RF, type: temporal", "target: RF, type: timely"),
    "a line twice": ("mapping:\n", "mapping:\n- {target: RF, type: temporal}\n"),
    "no such data space": ("mapping:\n", "mapping:\n- {target: RF, type: bypass, bypass: [Filters]}\n"),
    "kept and not": ("mapping:\n", "mapping:\n- {target: RF, type: bypass, bypass: Inputs, keep: Inputs}\n"),
    "time on an array": ("mapping:\n", "mapping:\n- {target: PE, type: temporal, factors: P=0}\n"),
    "nothing kept": ("mapping:\n", "mapping:\n- {target: DRAM, type: bypass, bypass: [Inputs]}\n"),
    "no order": ("factors: R=3, permutation: [R]", "factors: R=3 P=2"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_file_is_refused_in_three_lines(wrong, tmp_path):
    old, new = WRONG[wrong]
    assert WHOLE.count(old) == 1 and read(tmp_path, WHOLE).nest
    text = WHOLE.replace(old, new)
    if wrong == "no order":
        text = text.replace("factors: P=4", "factors: P=2")
    with pytest.raises(CourseError) as refused:
        read(tmp_path, text)
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize("repeated", ["a0: &a0 [1, 1]", "problem: &p {shape: *p}"])
def test_aliases_that_repeat_aliases_are_refused_at_once(repeated, tmp_path):
    doubled = [f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]" for n in range(9)]
    with pytest.raises(CourseError, match="a file has no more than 1,000,000 values"):
        read(tmp_path, "\n".join([repeated, *(doubled if "a0" in repeated else []), "problem2: x"]))


def test_files_of_other_parts_alone_are_refused(tmp_path):
    with pytest.raises(CourseError, match="a mapping is of a problem on an architecture") as refused:
        read(tmp_path, "mapper: {timeout: 3}")
    assert refused.value.got == "none of them"


def test_nothing_in_a_file_is_executed(tmp_path):
    with pytest.raises(CourseError, match="a file is YAML"):
        read(tmp_path, f"problem: !!python/object/apply:pathlib.Path.touch ['{tmp_path}/x']\n")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("part", "options", "rule"),
    [
        (Level("RF", {"ifmap": 12, "filter": 224, "psum": 24}), {}, "one memory for all tensors at RF"),
        (Level("RF"), {"widths": {"psum": 32}}, "words of one width"),
        (Level("RF"), {"first_psum": "read"}, "psums that start from zero"),
        (Array("RF", 2, 2, pes=3), {}, "an array of all its positions, RF"),
    ],
)
def test_a_machine_that_the_tool_cannot_say_is_refused(part, options, rule, tmp_path):
    machine = Machine.of([Level("DRAM"), part], **options)
    nest = read(tmp_path, CONV1D % (1, 3, 4)).shape
    nest = Nest(nest, [("E", 1, "DRAM"), ("R", 1, "DRAM")]).on(machine) if isinstance(part, Array) else Nest(
        nest, [("E", 1, "DRAM"), ("R", 1, "RF")], {"RF": {"psum"}}, machine.hierarchy
    )  # fmt: skip
    with pytest.raises(CourseError, match=f"an architecture of Timeloop has {rule}"):
        to_timeloop(nest, machine, tmp_path / "out.yaml")


BYPASS = """
architecture:
  version: 0.4
  nodes:
  - !Component {name: MainMemory, class: DRAM, attributes: {width: 256, datawidth: 8}}
  - !Component {name: GlobalBuffer, class: SRAM, attributes: {depth: 32768, width: 64, datawidth: 8}}
  - !Component {name: RegisterFile, class: regfile, attributes: {depth: 64, width: 8, datawidth: 8}}
  - !Component {name: MACC, class: intmac}
mapping:
- {target: MainMemory, type: temporal, factors: R=1 P=1 M=1, permutation: RPM}
- {target: GlobalBuffer, type: temporal, factors: M=16 P=0, permutation: PMR}
- {target: RegisterFile, type: temporal, factors: M=2 R=0, permutation: RMP}
- {target: GlobalBuffer, type: datatype, keep: [Weights, Inputs], bypass: [Outputs]}
- {target: RegisterFile, type: bypass, keep: [Outputs], bypass: [Weights, Inputs]}
"""
# As printed in the tool's reference output for its lesson on bypasses (03-model-conv1d+oc-3level, bypass).
PRINTED_OF_BYPASS = {
    ("RegisterFile", "psum"): (1024, 0, 1536),
    ("GlobalBuffer", "filter"): (1536, 96, 0),
    ("GlobalBuffer", "ifmap"): (1536, 18, 0),
    ("MainMemory", "filter"): (96, 0, 0),
    ("MainMemory", "ifmap"): (18, 0, 0),
    ("MainMemory", "psum"): (0, 0, 512),
}


def test_the_exercise_with_bypasses(tmp_path):
    design = read(tmp_path, CONV1D % (32, 3, 16), BYPASS)
    at = counted(design)
    found = {(level, tensor): at(level, tensor) for level, tensor in PRINTED_OF_BYPASS}
    assert {key: (one.reads, one.fills, one.updates) for key, one in found.items()} == PRINTED_OF_BYPASS
    assert (design.blocks, count(design.nest, design.machine).cycles) == (
        {"MainMemory": 32, "GlobalBuffer": 8, "RegisterFile": 1},
        1536,
    )
