"""The fitting explorer, moved by Python: every choice gives a picture, or three lines that say why not."""

import re

from cnnhw.widgets import explore_fitting


def test_every_control_is_labelled():
    explorer = explore_fitting()
    controls = [child for child in explorer.children if child is not explorer.view]
    assert [control.description for control in controls] == [
        "layer", "filter rows", "PE rows", "PE columns", "e, strip (0: best)"
    ]  # fmt: skip


def test_it_starts_with_the_first_layer_on_eyeriss():
    shown = explore_fitting().view.value
    assert "2 sets of 11 x 7 PEs: r = 1 on channels, t = 2 on filters." in shown
    assert "154 PEs work in a full strip, 151.2 of 168 on average: 90.0%." in shown
    assert "p = 16 filters and q = 1 channels take turns" in shown
    assert "the layer takes 72 passes" in shown  # of 288 at a batch of 4


def test_a_wide_set_is_folded():
    explorer = explore_fitting()
    explorer.layer.value = dict(explorer.layer.options)["AlexNet CONV2"]
    explorer.e.value = 27
    assert "1 set of 5 x 27 PEs, folded into 2 parts" in explorer.view.value
    assert "135 PEs work" in explorer.view.value


def test_a_filter_too_high_for_the_array_says_so_in_three_lines():
    explorer = explore_fitting()
    explorer.rows.value = 10
    text = re.sub(r"<[^>]+>", "", explorer.view.value)
    assert text == (
        "CapacityError: a set takes height PE rows for each part that its strip is folded into\n"
        "  got e=7, height=11 on an array of 10 x 14, for R=11 and E=55\n"
        "  use a smaller height, or a larger array"
    )


def test_cut_filters_fit_and_what_shares_the_work_is_named():
    explorer = explore_fitting()
    explorer.layer.value = dict(explorer.layer.options)["ResNet-50 conv1, 7x7"]
    assert "98 PEs work in a full strip" in explorer.view.value
    with explorer.together():
        explorer.whole.value, explorer.e.value = False, 14
    assert "filter rows in 7 turns. 168 PEs work" in explorer.view.value
    explorer.layer.value = dict(explorer.layer.options)["depthwise 3x3, 512 groups"]
    assert "4 sets of 3 x 14 PEs: r = 1 on channels, t = 1 on filters, 4 on groups." in explorer.view.value
    assert "p = 1 filters and q = 1 channels take turns" in explorer.view.value


def test_every_layer_is_a_picture_on_every_corner():
    explorer = explore_fitting()
    explorer.e.value = 0
    for name, shape in explorer.layer.options:
        for rows in (max(shape.R, 1), 32):
            for cols in (1, 32):
                with explorer.together():
                    explorer.layer.value, explorer.rows.value, explorer.cols.value = shape, rows, cols
                    explorer.whole.value = cols == 1
                assert "<figure" in explorer.view.value, (name, rows, cols)
