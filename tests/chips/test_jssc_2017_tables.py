"""Eyeriss: Chen et al., JSSC 2017, AlexNet at batch 4, mapping and measurements, from loop nests.

Reproduced to the last printed digit: active PEs, MACs, the words between buffer and array. CONV3's printed
mapping contradicts its measurement. DRAM was measured with compression and is computed without; the ratio of
the two is the printed compression for three layers of five, for the other two within the rounding of the
measured megabytes.
"""

import pytest

from cnnhw import CourseError, LayerShape, Machine, chips, count, walk
from cnnhw.chips.compared import glb_words
from cnnhw.dataflows import RS
from cnnhw.energy import dram_accesses_per_mac, dram_words

EYERISS = chips.eyeriss()
LAYERS = ("CONV1", "CONV2", "CONV3", "CONV4", "CONV5")
TABLE = {(row.layer, row.quantity): row for row in chips.eyeriss_table()}
PRINTED = {(row.layer, row.quantity): row for row in chips.eyeriss_table(as_printed=True)}


def column(quantity, table=TABLE):
    return [table[layer, quantity].rounded for layer in LAYERS]


def counted(layer, **options):
    return count(EYERISS.nests()[layer], EYERISS.machine.with_(**options))


def megabytes(words):
    return words * EYERISS.machine.word_bytes / 1e6


def test_active_pes():
    assert column("active_pes") == ["154", "135", "156", "156", "156"]
    assert all(TABLE[layer, "active_pes"].agrees for layer in LAYERS)


def test_active_pes_are_the_sets_of_the_mapping():
    """R * e PEs a set, r * t sets."""
    for layer, nest in EYERISS.nests().items():
        sizes = EYERISS.mapping(layer)
        pes = nest.shape.R * sizes["e"] * sizes["r"] * sizes["t"]
        assert counted(layer).active_pes == pes


def test_macs():
    assert column("macs_g") == ["0.42", "0.90", "0.60", "0.45", "0.30"]
    assert all(TABLE[layer, "macs_g"].agrees for layer in LAYERS)
    assert round(sum(counted(layer) for layer in LAYERS).macs / 1e9, 2) == 2.66


def test_buffer_accesses():
    """The measured column, from count(nest) under the convention "chip"."""
    assert column("glb_mb") == ["18.5", "77.6", "50.2", "37.4", "24.9"]
    assert all(TABLE[layer, "glb_mb"].agrees for layer in LAYERS)
    total = megabytes(sum(glb_words(counted(layer)) for layer in LAYERS))
    assert f"{total:.1f}" == EYERISS.measured["Total"]["glb_mb"] == "208.5"


def test_buffer_accesses_of_conv1_by_hand():
    """276 rows of 227 words, 3 channels, 4 images, 3 times 32 filters; psums in and out for each channel."""
    ifmap = (7 * 35 + 31) * 227 * 3 * 4 * 3
    psum = 2 * 96 * 55 * 55 * 4 * 3
    assert glb_words(counted("CONV1")) == ifmap + psum


def test_conv3_contradicts_itself():
    """q, r, t = 4, 1, 4 as printed asks for 69.2 MB where 50.2 were measured; 3, 2, 2 agrees."""
    assert [EYERISS.published_mapping("CONV3")[name] for name in "qrt"] == [4, 1, 4]
    assert [EYERISS.mapping("CONV3")[name] for name in "qrt"] == [3, 2, 2]
    assert PRINTED["CONV3", "glb_mb"].rounded == "69.2"
    assert PRINTED["CONV3", "glb_mb"].printed == "50.2" and not PRINTED["CONV3", "glb_mb"].agrees
    assert PRINTED["CONV3", "active_pes"].agrees, "the PEs do not tell the two apart"


def test_only_conv3_is_corrected():
    assert set(EYERISS.corrected) == {"CONV3"}
    for layer in set(LAYERS) - {"CONV3"}:
        assert EYERISS.mapping(layer) == EYERISS.published_mapping(layer)
        assert EYERISS.nests()[layer] == EYERISS.nests(as_printed=True)[layer]


def test_uncompressed_dram():
    """No psum comes from DRAM; the measured column is compressed, and so smaller in every layer."""
    words = [dram_words(counted(layer)) for layer in LAYERS]
    assert [f"{megabytes(number):.2f}" for number in words] == ["6.06", "5.43", "5.05", "3.92", "2.61"]
    for layer in LAYERS:
        assert TABLE[layer, "dram_mb"].computed > float(EYERISS.measured[layer]["dram_mb"])


def test_compression():
    assert [round(TABLE[layer, "compression"].computed, 2) for layer in LAYERS] == [
        1.21,
        1.36,
        1.68,
        1.87,
        2.01,
    ]
    assert [TABLE[layer, "compression"].printed for layer in LAYERS] == ["1.2", "1.4", "1.7", "1.8", "1.9"]
    assert [TABLE[layer, "compression"].agrees for layer in LAYERS] == [True, True, True, False, False]


@pytest.mark.parametrize("layer", LAYERS)
def test_compression_within_the_rounding_of_the_megabytes(layer):
    """2.1 MB may be 2.05 or 2.15: the printed ratio lies, rounded, between what the two give."""
    ours, theirs = TABLE[layer, "dram_mb"].computed, float(EYERISS.measured[layer]["dram_mb"])
    printed = float(EYERISS.measured[layer]["compression"])
    assert ours / (theirs + 0.05) - 0.05 <= printed <= ours / (theirs - 0.05) + 0.05


def test_frames_per_second_and_accesses_per_mac():
    """34.7 frames/s: 4 images in 115.3 ms. 0.0029 DRAM accesses for each MAC: 15.4 MB of 16-bit words."""
    total = EYERISS.measured["Total"]
    assert round(4 / float(total["total_ms"]) * 1000, 1) == 34.7
    macs = sum(counted(layer) for layer in LAYERS).macs
    assert round(float(total["dram_mb"]) * 1e6 / 2 / macs, 4) == 0.0029
    uncompressed = sum(counted(layer) for layer in LAYERS)
    assert round(dram_accesses_per_mac(uncompressed), 4) == 0.0043


def test_columns_add_up_to_the_printed_totals():
    for name in ("total_ms", "processing_ms", "dram_mb", "macs_g"):
        rows = sum(float(EYERISS.measured[layer][name]) for layer in LAYERS)
        printed = EYERISS.measured["Total"][name]
        assert rows == pytest.approx(float(printed), abs=0.05 if "ms" in name or "mb" in name else 0.011)


def test_mean_active_pes():
    """148 is the mean over the measured processing time; over ideal cycles it would be 147."""
    times = [float(EYERISS.measured[layer]["processing_ms"]) for layer in LAYERS]
    pes = [counted(layer).active_pes for layer in LAYERS]
    assert round(sum(time * pe for time, pe in zip(times, pes, strict=True)) / sum(times)) == 148
    assert round(sum(counted(layer) for layer in LAYERS).mean_active_pes) == 147


def test_ideal_cycles_are_fewer_than_measured():
    for layer in LAYERS:
        measured = float(EYERISS.measured[layer]["processing_ms"]) * 1e-3 * EYERISS.clock_hz
        assert counted(layer).cycles < measured


def test_the_mapping_fits():
    """The mapping fits, whether 100 kB are 50,000 words or 51,200."""
    nests = EYERISS.nests().values()
    assert (
        max(nest.tile_words("GLB", "ifmap", True) + nest.tile_words("GLB", "psum") for nest in nests)
        == 48_664
    )
    for nest in [*nests, *EYERISS.nests(as_printed=True).values()]:
        for tensor, words in (("filter", 224), ("ifmap", 12), ("psum", 24)):
            assert nest.tile_words("RF", tensor) <= words


def test_the_chip_in_numbers():
    machine = EYERISS.machine
    assert (machine.rows, machine.cols, machine.pes, machine.word_bits) == (12, 14, 168, 16)
    assert EYERISS.clock_hz == 200e6 and EYERISS.dataflow == "RS"
    assert machine.words("GLB") * machine.word_bytes == 108 * 1024
    assert machine["RF"].rooms == {("filter",): 224, ("ifmap",): 12, ("psum",): 24}
    assert (machine.stores_padding, machine.first_visits) == (True, "read at GLB")


def test_a_layer_that_was_not_mapped():
    with pytest.raises(CourseError) as caught:
        EYERISS.published_mapping("FC6")
    assert str(caught.value).splitlines() == [
        "the mapping on Eyeriss is published for CONV1, CONV2, CONV3, CONV4, CONV5",
        "  got 'FC6'",
        "  use one of these, or search a mapping of your own with cnnhw.mapper",
    ]


def test_a_chip_is_a_value():
    assert hash(EYERISS) == hash(chips.eyeriss())
    with pytest.raises(TypeError):
        EYERISS.printed["CONV1"]["m"] = 1
    EYERISS.mapping("CONV1")["m"] = 1
    assert EYERISS.mapping("CONV1")["m"] == 96


def test_a_set_wider_than_the_array_is_folded():
    """7 ofmap rows on 4 columns: 3 PE rows for 4 of them, above 3 for the rest; every MAC is done once."""
    shape = LayerShape(M=4, C=3, H=9, W=5, R=3)
    nest = RS.nest(shape, dict(m=4, n=1, e=7, p=2, q=2, r=1, t=1), Machine(6, 4))
    assert (nest.rows, nest.cols) == (6, 4)
    counts = count(nest, Machine(6, 4))
    assert counts.macs == shape.macs and counts.active_pes == 3 * 7
    assert counts == walk(nest, Machine(6, 4))
