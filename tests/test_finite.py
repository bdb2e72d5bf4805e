"""Every door that takes numbers refuses nan and infinity, in every kind of array and of number."""

import re
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import cnnhw
from cnnhw import (
    Costs,
    CourseError,
    LayerShape,
    Machine,
    Nest,
    conv,
    layers,
    networks,
    roofline,
    run,
    systolic,
    tensors,
)
from cnnhw.conv import fft, gauss, strassen, winograd
from cnnhw.emulator import Timing
from cnnhw.errors import is_finite, positive

IFMAP, FILTERS = np.ones((2, 3, 5, 7)), np.ones((2, 3, 3, 3))
BIAS, MATRIX, IMAGES = np.ones(2), np.ones((3, 3)), np.ones((2, 8, 8))
SHAPE = LayerShape(N=2, M=2, C=3, H=5, W=7, R=3)
NEST = Nest(SHAPE, [(dim, 1, "RF") for dim in "NMCEFRS"])

ALGORITHMS = {name: getattr(conv, name) for name in dir(conv) if name.startswith("conv_")}


def lenet5(ifmap):
    return layers.forward(networks.lenet5(), tensors.lenet5_weights(), ifmap)


def emulated(ifmap=IFMAP, filters=FILTERS, bias=None):
    return run(NEST, Machine.unbounded(), ifmap, filters, bias=bias)


# Door -> (what it is called with a bad array, the array that is good there, the name it says).
ARRAYS = {
    **{f"{name}, ifmap": (lambda x, f=f: f(x, FILTERS), IFMAP, "ifmap") for name, f in ALGORITHMS.items()},
    **{f"{name}, filters": (partial(f, IFMAP), FILTERS, "filters") for name, f in ALGORITHMS.items()},
    "winograd.keep": (winograd.keep, FILTERS, "filters"),
    "winograd, kept": (lambda x: conv.conv_winograd(x, winograd.keep(FILTERS)), IFMAP, "ifmap"),
    "fft.keep": (lambda x: fft.keep(x, H=5, W=7), FILTERS, "filters"),
    "strassen, a": (lambda x: strassen.strassen(x, MATRIX), MATRIX, "a"),
    "strassen, b": (lambda x: strassen.strassen(MATRIX, x), MATRIX, "b"),
    "gauss.keep": (gauss.keep, MATRIX, "real"),
    "gauss_product": (lambda x: gauss.gauss_product(MATRIX + 1j, x), MATRIX, "real"),
    "gauss_matmul": (lambda x: gauss.gauss_matmul(x, MATRIX + 1j), MATRIX, "real"),
    "gauss_matmul, a pair": (lambda x: gauss.gauss_matmul((MATRIX, x), MATRIX + 1j), MATRIX, "imaginary"),
    "run, ifmap": (lambda x: emulated(ifmap=x), IFMAP, "ifmap"),
    "run, filters": (lambda x: emulated(filters=x), FILTERS, "filters"),
    "run, bias": (lambda x: emulated(bias=x), BIAS, "bias"),
    "systolic.multiply, ifmap": (lambda x: systolic.multiply(x, MATRIX, rows=2, cols=2), MATRIX, "ifmap"),
    "systolic.multiply, filters": (lambda x: systolic.multiply(MATRIX, x, rows=2, cols=2), MATRIX, "filters"),
    "systolic.convolve": (lambda x: systolic.convolve(x, FILTERS, rows=2, cols=2), IFMAP, "ifmap"),
    "conv_layer": (lambda x: layers.conv_layer(x, FILTERS), IFMAP, "ifmap"),
    "conv_layer, bias": (lambda x: layers.conv_layer(IFMAP, FILTERS, x), BIAS, "bias"),
    "fully_connected": (lambda x: layers.fully_connected(x, MATRIX), MATRIX, "ifmap"),
    "relu": (layers.relu, IFMAP, "ofmap"),
    "lrn": (layers.lrn, IFMAP, "ofmap"),
    "softmax": (layers.softmax, MATRIX, "scores"),
    "max_pool": (lambda x: layers.max_pool(x, 2, 2), IFMAP, "ofmap"),
    "avg_pool": (lambda x: layers.avg_pool(x, 2, 2), IFMAP, "ofmap"),
    "forward": (lenet5, np.ones((1, 1, 32, 32)), "ifmap"),
    "to_fixed": (tensors.to_fixed, MATRIX, "x"),
    "digits_32x32": (tensors.digits_32x32, IMAGES, "images"),
}  # fmt: skip

# What may look at nan and infinity itself, and why.
OWN_BUSINESS = {
    "pictures/energy/landscape.py": "nan is the library's own mark of parameters that do not fit",
    "checks/compare.py": "counts the nan of an answer to say so",
    "checks/kind.py": "of an answer with inf or nan there is no kind of mistake to name",
    "checks/opens/n01.py": "a score that is not finite makes an answer wrong, it is no error",
}


def with_word(good, value, dtype):
    bad = good.astype(dtype)
    bad.flat[-1] = value
    return bad


@pytest.mark.parametrize("door", ARRAYS)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_an_array_with_such_a_word(door, value):
    call, good, name = ARRAYS[door]
    call(good)
    with pytest.raises(CourseError) as caught:
        call(with_word(good, value, float))
    assert caught.value.rule == f"every word of {name} must be a finite number"
    assert caught.value.got.startswith(f"{value} at {name}[")


@pytest.mark.parametrize("door", ARRAYS)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("inf"), complex(0, float("inf"))])
def test_an_object_array_with_such_a_word(door, value):
    """A door that refuses every object array may say that; any other says what is wrong with the word."""
    call, good, name = ARRAYS[door]
    with pytest.raises(CourseError) as caught:
        call(with_word(good, value, object))
    if caught.value.rule != f"every word of {name} must be a finite number":
        with pytest.raises(CourseError, match=re.escape(caught.value.rule)):
            call(good.astype(object))


@pytest.mark.parametrize("name", sorted({*ALGORITHMS} - {"conv_fft"}))  # which takes no exact numbers
@pytest.mark.parametrize("large", [10**400, Fraction(10**400, 3)], ids=["whole", "a third"])
def test_exact_words_of_any_size_pass(name, large):
    ofmap = ALGORITHMS[name](with_word(IFMAP.astype(int), large, object), FILTERS.astype(int))
    assert ofmap[-1, -1, -1, -1] == large + 26


def test_every_convolution_and_every_layer_is_a_door_here():
    named = {door.split(",")[0] for door in ARRAYS}
    assert {*ALGORITHMS, *layers.__all__} - {"Weights"} <= named


# Door -> (what it is called with a bad number, a good number).
NUMBERS = {
    "positive": (lambda x: positive("a clock ticks", "clock_hz", x), 2),
    "Costs": (lambda x: Costs(DRAM=x), 200),
    "Timing": (lambda x: Timing(words_per_cycle={"DRAM": x}), 2),
    "Timing of a tensor": (lambda x: Timing(words_per_cycle={"GLB": {"ifmap": x}}), 2),
    "Processor": (lambda x: roofline.Processor(name="toy", fp32=1, bandwidth=x, source="a test"), 2),
    "measure_here": (roofline.measure_here, None),
}


@pytest.mark.parametrize("door", NUMBERS)
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_such_a_number(door, value):
    call, good = NUMBERS[door]
    if good is not None:
        call(good)
    with pytest.raises(CourseError, match="nan|inf"):
        call(value)


def test_what_is_finite():
    words = [
        0,
        -7,
        True,
        10**400,
        Fraction(1, 3),
        Fraction(10**400),
        Decimal("1.5"),
        1e308,
        1j,
        np.float32(2),
    ]
    assert all(map(is_finite, words))
    inf, nan = float("inf"), float("nan")
    words = [
        inf,
        -inf,
        nan,
        complex(nan, 0),
        complex(0, inf),
        np.float32(inf),
        *map(Decimal, ("NaN", "sNaN", "-inf")),
    ]
    assert not any(map(is_finite, words))


def test_nothing_else_decides_what_is_finite():
    root, ours = Path(cnnhw.__file__).parent, {"errors.py", "tensors/checked.py"}
    looks = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\.is(finite|nan|inf)\(", path.read_text(encoding="utf-8"))
    }
    assert looks == ours | set(OWN_BUSINESS)
