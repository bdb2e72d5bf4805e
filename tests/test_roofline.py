"""The roofline: its numbers by hand, the published peaks, and which layers are memory-bound."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from cnnhw import CourseError, LayerShape, ShapeError, networks
from cnnhw.pictures.energy.measured_roofline import measured_roofline
from cnnhw.pictures.energy.roofline import roofline as draw_roofline
from cnnhw.roofline import (
    KNIGHTS_LANDING,
    P100,
    Processor,
    Ran,
    attainable,
    bound,
    here,
    intensity,
    measure_here,
    place,
    run_here,
)

TOY = Processor(name="toy", fp32=80e9, bandwidth=20e9, source="chosen for teaching")


def memory_bound(network, processor, N):
    rows = place(network.with_batch(N).layers, processor)
    return [row.name for row in rows if row.bound == "memory"]


def test_intensity_by_hand():
    """2 * 2*2*2 * 4 operations; 9 + 8 + 8 words of 4 bytes."""
    assert intensity(LayerShape(M=2, C=1, H=3, R=2)) == 64 / 100
    assert intensity(LayerShape(M=2, C=1, H=3, R=2), word_bytes=2) == 64 / 50


def test_words_that_a_stride_skips_are_not_moved():
    """A 1x1 filter at stride 2 reads 2*2 of 4*4 words: 2 * 4 operations, 4 + 1 + 4 words."""
    assert intensity(LayerShape(M=1, C=1, H=4, R=1, U=2)) == 8 / 36


def test_roof_has_a_slope_a_ridge_and_a_ceiling():
    assert TOY.ridge() == 4
    assert [attainable(TOY, x) for x in (1, 4, 9)] == [20e9, 80e9, 80e9]
    layer = LayerShape(M=2, C=1, H=3, R=2)
    at_the_ridge = dataclasses.replace(TOY, fp32=intensity(layer) * TOY.bandwidth)
    assert bound(layer, at_the_ridge) == "compute"


def test_knights_landing_peak_is_its_cores_times_their_lanes():
    """Facts section 6: 72 cores, AVX-512, 1.5 GHz; 3.456 TFLOPS FP64, 6.9 FP32. Two vector units a core."""
    fp64 = 72 * 1.5e9 * 2 * (512 // 64) * 2
    assert fp64 == KNIGHTS_LANDING.fp64
    assert 2 * fp64 == pytest.approx(KNIGHTS_LANDING.fp32, rel=0.002)


def test_p100_doubles_its_rate_with_each_halving_of_the_word():
    assert P100.fp16 == 2 * P100.fp32 == 4 * P100.fp64
    assert P100.ridge() == pytest.approx(14.72, abs=0.01)


@pytest.mark.parametrize("processor", [KNIGHTS_LANDING, P100], ids=lambda processor: processor.name)
def test_fc_layers_are_memory_bound_at_batch_1_and_no_longer_at_256(processor):
    fc = {"alexnet": ["FC6", "FC7", "FC8"], "vgg16": ["FC6", "FC7", "FC8"], "resnet50": ["fc1000"]}
    for name, layers in fc.items():
        network = getattr(networks, name)()
        assert [
            layer for layer in memory_bound(network, processor, 1) if network.layers[layer].is_fc
        ] == layers
        assert [layer for layer in memory_bound(network, processor, 256) if network.layers[layer].is_fc] == []


@pytest.mark.parametrize("processor", [KNIGHTS_LANDING, P100], ids=lambda processor: processor.name)
@pytest.mark.parametrize("N", [1, 256])
def test_one_conv_layer_is_memory_bound(processor, N):
    """VGG-16's CONV1-1 makes 64 channels out of 3: 27 MACs for each ofmap word that has to be stored."""
    for name, layers in (("alexnet", []), ("vgg16", ["CONV1-1"]), ("resnet50", [])):
        network = getattr(networks, name)()
        held = memory_bound(network, processor, N)
        assert [layer for layer in held if not network.layers[layer].is_fc] == layers


def test_fc_layer_needs_a_batch_about_twice_the_ridge():
    """In fp32, N images bring 2*N operations to each 4-byte weight."""
    fc7 = networks.alexnet().layers["FC7"]
    least = next(N for N in range(1, 99) if bound(dataclasses.replace(fc7, N=N), P100) == "compute")
    assert least == 30  # 2 * 14.7 and a little, for the ifmap and ofmap words that also move


def test_half_precision_moves_half_the_bytes():
    layer = networks.vgg16().layers["CONV1-1"]
    row = place({"CONV1-1": layer}, P100, "fp16")[0]
    assert row.intensity == intensity(layer, 2) and row.attainable == P100.bandwidth * row.intensity


def test_a_narrower_word_may_take_a_layer_over_the_ridge():
    """2 * 12**3 operations on 3 * 12**2 words: 2 a byte at 4 bytes a word, 4 at 2; the ridge is at 3."""
    layer = LayerShape.fc(N=12, M=12, C=12)
    slow = dataclasses.replace(TOY, fp32=60e9, fp16=60e9)
    assert [bound(layer, slow, precision) for precision in ("fp32", "fp16")] == ["memory", "compute"]
    assert place({"FC": layer}, slow, "fp16")[0].bound == "compute"
    with pytest.raises(CourseError, match="precision='bf16' for toy"):
        bound(layer, slow, "bf16")


def test_seconds_are_those_of_the_slower_of_arithmetic_and_memory():
    layers = networks.alexnet().layers
    for row in place(layers, P100):
        shape = layers[row.name]
        moved = 4 * (shape.ifmap_words_read + shape.filter_words + shape.ofmap_words)
        assert row.seconds == pytest.approx(max(2 * shape.macs / P100.fp32, moved / P100.bandwidth))


def test_this_machine_is_measured():
    machine = measure_here(0.2)
    assert machine.name == "this machine" and machine.fp64 is None
    assert 1e8 < machine.fp32 < 1e14 and 1e8 < machine.bandwidth < 1e13


def test_the_roof_is_of_products_of_single_floats(monkeypatch):
    """Five sizes share the time; each writes its product where the last try wrote it."""
    seen, shares, multiply = {}, [], np.matmul

    def product(a, b, out):
        assert a is b and a.dtype == out.dtype == np.float32 and a.shape == out.shape == (len(a), len(a))
        assert seen.setdefault(len(a), out) is out
        return multiply(a, b, out=out)

    def share(work, seconds):
        shares.append(seconds)
        work()
        work()
        return 2.0

    monkeypatch.setattr(np, "matmul", product)
    monkeypatch.setattr(here, "_undisturbed", share)
    machine = measure_here(20)
    assert sorted(seen) == [64, 128, 256, 512, 1024]
    assert shares == pytest.approx([2] * 5 + [5] * 2)  # half of 20 s for products, half for the bandwidth
    assert machine.fp32 == 2 * 1024**3 / 2 and machine.bandwidth == 4 * 2**25 * 5 / 2


def test_the_second_fastest_try_counts_and_tries_go_on_for_the_time_given(monkeypatch):
    """The first run is not timed; of the tries, 1 2 3 5 7 9 s, the second fastest counts."""
    lengths, clock, work_done = [9, 3, 1, 2, 7, 5, 8], [1000.0], []

    def work():
        if work_done:
            clock[0] += lengths[len(work_done) - 1]
        work_done.append(1)

    monkeypatch.setattr(here.time, "perf_counter", lambda: clock[0])
    assert here._undisturbed(work, 27) == 2
    assert len(work_done) == 1 + 6  # 9 + 3 + 1 + 2 + 7 + 5 = 27: not less than 27, so no seventh


def test_a_run_multiplies_the_layers_matrices_and_divides_by_the_time(monkeypatch):
    """The clock ticks once a look: each try takes 2 s, and 2 * 3 * 5 * (2*7*11) operations are done in it."""
    ticks = iter(range(0, 198, 2))
    monkeypatch.setattr(here.time, "perf_counter", lambda: next(ticks))
    shapes = []

    def product(a, b):
        shapes.append((a.shape, b.shape, a.dtype, b.dtype))
        return a @ b

    layer = LayerShape.fc(N=3, M=5, C=2, H=7, W=11)
    assert run_here("FC", layer, product, seconds=1) == Ran("FC", intensity(layer), 3 * 5 * 154, 2)
    assert set(shapes) == {((5, 154), (154, 3), np.dtype("float32"), np.dtype("float32"))}
    assert len(shapes) == 6  # one to warm up, five that count


def test_a_convolution_is_no_product_as_it_is():
    with pytest.raises(ShapeError) as refused:
        run_here("C3", networks.lenet5().layers["C3"])
    assert str(refused.value) == (
        "only a fully connected layer is one product as it is\n"
        "  got filters of 5x5 on an ifmap of 14x14\n"
        "  give the convolution's product: LayerShape.fc(N=N*E*F, M=M, C=C*R*S)"
    )


def test_picture_puts_what_ran_under_the_roof():
    runs = [Ran("loops", 2, 1e9, 1), Ran("FC", 2, 20e9, 1), Ran("batch", 8, 64e9, 1)]
    picture = measured_roofline(TOY, runs)
    assert picture.words == (
        "Roofline of toy: at most 2e+10 times the operations per byte, at most 8e+10 a second, from 4.0 on. "
        "loops at 2.0: 1e+09, 2.5 % of the roof; FC at 2.0: 2e+10, 50 % of the roof; "
        "batch at 8.0: 6.4e+10, 80 % of the roof."
    )
    for text in ("loops", "FC", "batch"):
        assert f">{text}</text>" in picture.svg
    assert measured_roofline(TOY, runs) == picture


def test_picture_of_no_run_is_refused():
    with pytest.raises(CourseError, match="a measured roofline shows at least one layer that ran"):
        measured_roofline(TOY, [])


@pytest.mark.parametrize("counted", ["add", "dot"])
def test_bandwidth_is_the_bytes_that_really_move(monkeypatch, counted):
    """NumPy is watched at work: at 3 GB/s for what one way of moving words moves, the roof is 3 GB/s."""
    calls = []

    def watched(name):
        def watch(*operands, **out):
            moved = sum(array.nbytes for array in (*operands, *out.values()) if np.ndim(array))
            calls.append((name, moved, getattr(np, name)(*operands, **out).max()))

        return watch

    def undisturbed(work, seconds):
        calls.clear()
        work()
        assert seconds == 1, "half of the time for each way"
        assert calls[-1][2] == (3 * 2 + 1 if calls[-1][0] == "add" else 1000 * 1 * 2)
        return sum(moved for _, moved, _ in calls) / 3e9 if calls[-1][0] == counted else float("inf")

    watching = {name: watched(name) for name in ("multiply", "add", "dot")}
    monkeypatch.setattr(here, "np", SimpleNamespace(**{**vars(np), **watching}))
    monkeypatch.setattr(here, "_TRIAD_WORDS", 1000)
    monkeypatch.setattr(here, "_undisturbed", undisturbed)
    assert here._bandwidth(2) == pytest.approx(3e9)


def test_a_run_takes_half_a_second_and_the_same_words_each_time(monkeypatch):
    given = []
    monkeypatch.setattr(here, "_undisturbed", lambda work, seconds: given.append((work(), seconds)) or 1)
    for _ in range(2):
        run_here("FC", LayerShape.fc(N=2, M=3, C=4), np.matmul)
    (first, seconds), (second, _) = given
    assert np.array_equal(first, second) and seconds == 0.5


def test_half_of_the_time_is_for_each_roof(monkeypatch):
    monkeypatch.setattr(here, "_product_rate", lambda seconds: seconds)
    monkeypatch.setattr(here, "_bandwidth", lambda seconds: 10 * seconds)
    found = measure_here(3)
    assert (found.fp32, found.bandwidth, found.source) == (1.5, 15, "measured by measure_here")
    assert measure_here().fp32 == 1


def test_a_square_product_has_twice_its_side_cubed_operations(monkeypatch):
    monkeypatch.setattr(here, "_undisturbed", lambda work, seconds: seconds)
    assert here._square_rate(5, 2) == 2 * 5 * 5 * 5 / 2


def test_a_clock_that_is_set_back_does_not_make_a_peak(monkeypatch):
    ticks = iter([0, 0, 1, 1, 2, 2, 2.0001, 3, 4, 4, 5, 99])  # five tries, the third in no time
    monkeypatch.setattr(here.time, "perf_counter", lambda: next(ticks))
    assert here._undisturbed(lambda: None, 1) == 1


@pytest.mark.parametrize(
    "rates", [{"fp32": 0}, {"fp32": 1, "bandwidth": -1}, {"fp32": 1, "fp16": float("nan")}]
)
def test_rates_that_are_not_above_0_are_refused(rates):
    name = list(rates)[-1]
    with pytest.raises(CourseError) as refused:
        Processor(**{"name": "bad", "bandwidth": 1, "source": "none", "fp32": 1, **rates})
    assert str(refused.value) == (
        f"the rates of a processor, here bad, are above 0\n  got {name}={rates[name]!r}\n"
        "  give operations, or bytes, per second; None for a precision it does not have"
    )


def test_unknown_peaks_are_refused():
    for precision in ("int8", "name", "fp16"):
        with pytest.raises(CourseError) as refused:
            place(networks.alexnet().layers, KNIGHTS_LANDING, precision)
        assert str(refused.value) == (
            "a roof needs the processor's peak at that precision\n"
            f"  got precision='{precision}' for Knights Landing\n"
            "  use one of fp64, fp32"
        )


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_measuring_takes_time(seconds):
    for measure in (measure_here, lambda seconds: run_here("FC", LayerShape.fc(M=2, C=3), seconds=seconds)):
        with pytest.raises(CourseError) as refused:
            measure(seconds)
        assert str(refused.value) == (
            f"measuring takes some time\n  got seconds={seconds!r}\n  give a number above 0, such as 2"
        )


def test_picture_says_which_layers_are_memory_bound():
    vgg = networks.vgg16()
    series = {"batch 1": vgg.layers, "batch 256": vgg.with_batch(256).layers}
    picture = draw_roofline(series, [P100, KNIGHTS_LANDING], caption="VGG-16")
    assert "batch 1 on Pascal P100: 4 of 16 layers memory-bound (CONV1-1 12.9, FC6 0.5," in picture.words
    assert "batch 256 on Knights Landing: 1 of 16 layers memory-bound (CONV1-1 12.9)" in picture.words
    for text in ("FC, batch 256", "Pascal P100, ridge at 14.7", "memory-bound", "FC6, FC7, FC8"):
        assert f">{text}</text>" in picture.svg
    assert draw_roofline(series, [P100, KNIGHTS_LANDING], caption="VGG-16") == picture


@pytest.mark.parametrize(("series", "processors"), [({}, [TOY]), ({"none": {}}, [TOY]), ({"a": 1}, [])])
def test_picture_of_nothing_is_refused(series, processors):
    layers = {name: networks.alexnet().layers if full else {} for name, full in series.items()}
    with pytest.raises(CourseError, match="a roofline shows 1 or 2 series of layers under 1 to 3 processors"):
        draw_roofline(layers, processors)
