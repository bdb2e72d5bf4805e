"""What the open exercises of notebook 01_weighted_sums want: the rule itself, no answer."""

from itertools import product

import numpy as np

from cnnhw.checks.exercise import Open

BUDGET = 20  # words of weights and biases: room for three hidden neurons; chosen for teaching
IMAGES = np.array(list(product((0, 1), repeat=4)))  # every way to switch four pixels on and off
ONE_ON = IMAGES.sum(axis=1) == 1
NEARLY_ZERO = 1e-9  # a score this small is 0 that was rounded


def _arrays(net):
    return tuple(np.asarray(part, dtype=float) for part in net)


def fits_together(net):
    """Whether the four arrays are finite and of the sizes of one net."""
    arrays = _arrays(net)
    shapes = [part.shape for part in arrays]
    K = shapes[1][0] if len(shapes) == 4 and len(shapes[1]) == 1 else 0
    finite = all(np.isfinite(part).all() for part in arrays)
    return finite and K > 0 and shapes == [(K, 4), (K,), (1, K), (1,)]


def above_zero(net):
    """Whether the score is above 0, for each of the 16 images."""
    return _one_score(net) > NEARLY_ZERO


def _one_score(net):
    filters1, bias1, filters2, bias2 = _arrays(net)
    score = (np.maximum(IMAGES @ filters1.T + bias1, 0) @ filters2.T + bias2)[:, 0]
    if not np.isfinite(score).all():
        raise OverflowError("a score is too large for a float")
    return score


def net_words(net):
    """Words of weights and biases."""
    return sum(part.size for part in _arrays(net))


def draw_scores(net):
    """Draw the highest and the lowest score over the number of pixels that are on."""
    from cnnhw.pictures.charts.curve import curves

    on, score = IMAGES.sum(axis=1), _one_score(net)
    ends = {"highest": np.max, "lowest": np.min}
    lines = {name: [float(end(score[on == s])) for s in range(5)] for name, end in ends.items()}
    caption = "wanted: above 0 where one pixel is on, and nowhere else"
    return curves(range(5), lines, "pixels that are on", "score", caption)


_NOTEBOOK = "01_weighted_sums"


OPENS = (
    Open(
        name="exactly_one",
        notebook=_NOTEBOOK,
        points=4,
        rule="the score is above 0 exactly when one of the four pixels is on",
        wants=tuple,
        properties=(
            ("filters1 (K, 4), bias1 (K,), filters2 (1, K) and bias2 (1,) fit together", fits_together),
            (
                "the score is above 0 for each of the 4 images with one pixel on",
                lambda net: fits_together(net) and above_zero(net)[ONE_ON].all(),
            ),
            (
                "the score is 0 or less for the other 12 images",
                lambda net: fits_together(net) and not above_zero(net)[~ONE_ON].any(),
            ),
            (
                f"at most {BUDGET} words of weights and biases",
                lambda net: net_words(net) <= BUDGET,
            ),
        ),
        score=net_words,
        unit="words",
        bar=BUDGET,
        best=(13, "one hidden neuron is too few, since its score only rises or falls; two take 13 words"),
        draw=draw_scores,
        seconds=30.0,
    ),
)
