"""Fixed point, against exact rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import CourseError, tensors

REALS = st.floats(-1e6, 1e6, allow_nan=False)
BITS = st.integers(2, 53)
FRACTION_BITS = st.integers(-8, 60)


def exact_word(x: Fraction, bits: int, saturate: bool) -> int:
    """The definition: Python rounds a Fraction to the nearest integer, a tie to the even one."""
    word, half = round(x), 2 ** (bits - 1)
    return max(-half, min(half - 1, word)) if saturate else (word + half) % (2 * half) - half


@given(REALS, BITS, FRACTION_BITS, st.booleans())
def test_to_fixed_rounds_to_nearest_even_exactly(x, bits, fraction_bits, saturate):
    word = tensors.to_fixed([x], bits, fraction_bits, saturate)[0]
    assert word == exact_word(Fraction(x) * Fraction(2) ** fraction_bits, bits, saturate)


@given(st.integers(2, 53), FRACTION_BITS, st.data())
def test_every_word_survives_the_way_there_and_back(bits, fraction_bits, data):
    word = data.draw(st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1))
    assert tensors.to_fixed(tensors.from_fixed([word], fraction_bits), bits, fraction_bits)[0] == word


@given(st.integers(-(2**62), 2**62 - 1), st.integers(0, 40), st.integers(2, 53), st.booleans())
def test_requantize_rounds_to_nearest_even_exactly(psum, cut, bits, saturate):
    word = tensors.requantize([psum], 8 + cut, bits, fraction_bits=8, saturate=saturate)[0]
    assert word == exact_word(Fraction(psum, 2**cut), bits, saturate)


@given(REALS, st.integers(0, 100))
def test_stochastic_rounding_takes_one_of_the_two_neighbours(x, seed):
    word = tensors.to_fixed([x], bits=53, fraction_bits=4, rounding="stochastic", seed=seed)[0]
    assert word in (np.floor(x * 16), np.ceil(x * 16))


def test_stochastic_rounding_is_right_on_average():
    x = np.full(100_000, 0.3)  # 4.8 words: 5 in 80 % of the cases
    words = tensors.to_fixed(x, bits=16, fraction_bits=4, rounding="stochastic", seed=7)
    assert set(words) == {4, 5}
    assert abs((words == 5).mean() - 0.8) < 0.005  # four standard deviations


def test_stochastic_requantizing_is_right_on_average():
    psums = np.full(100_000, -11)  # -2.75 words: -3 in 75 % of the cases
    words = tensors.requantize(psums, 10, bits=16, fraction_bits=8, rounding="stochastic", seed=7)
    assert set(words) == {-3, -2}
    assert abs((words == -3).mean() - 0.75) < 0.0055


def test_stochastic_rounding_repeats_with_its_seed():
    x = np.linspace(-1, 1, 101)
    first, again, other = (
        tensors.to_fixed(x, fraction_bits=3, rounding="stochastic", seed=seed) for seed in (5, 5, 6)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_convolution_in_fixed_point_comes_back_in_16_bits():
    ifmap, weight = tensors.to_fixed([1.5], fraction_bits=12), tensors.to_fixed([-0.75], fraction_bits=14)
    word = tensors.requantize(ifmap * weight, 12 + 14, bits=16, fraction_bits=10)
    assert tensors.from_fixed(word, 10)[0] == 1.5 * -0.75


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: tensors.to_fixed([np.nan, 1, np.inf]),
            "every word of x must be a finite number\n  got nan at x[0]\n  replace it before rounding",
        ),
        (
            lambda: tensors.to_fixed([1j]),
            "fixed point holds real numbers\n  got dtype complex128\n  turn x.real",
        ),
        (lambda: tensors.to_fixed(["one"]), "x must hold numbers\n  got dtype <U3\n"),
        (
            lambda: tensors.to_fixed([[1, 2], [3]]),
            "x must be an array\n  got a list that is not rectangular\n",
        ),
        (lambda: tensors.to_fixed([1], bits=1), "a word has 2 to 53 bits\n  got bits=1\n  use bits=16"),
        (lambda: tensors.to_fixed([1], bits=16.0), "a word has 2 to 53 bits\n  got bits=16.0\n"),
        (
            lambda: tensors.to_fixed([1], fraction_bits=0.5),
            "fraction_bits must be a whole number\n  got fraction_bits=0.5\n  give it as an int",
        ),
        (
            lambda: tensors.to_fixed([1], rounding="up"),
            "rounding must be one of 'nearest_even', 'stochastic'\n  got rounding='up'\n",
        ),
        (
            lambda: tensors.from_fixed([0.5]),
            "fixed-point words are whole numbers\n  got an array of float64\n  turn real numbers into words",
        ),
        (
            lambda: tensors.requantize([1], 4, fraction_bits=8),
            "requantizing drops fraction bits, 0 to 62 of them\n"
            "  got psum_fraction_bits=4, fraction_bits=8 (-4 to drop)\n  use fraction_bits <= 4",
        ),
    ],
)
def test_errors_say_rule_values_and_change(call, text):
    with pytest.raises(CourseError) as error:
        call()
    assert str(error.value).startswith(text)
    assert str(error.value).count("\n") == 2
