"""`cnnhw dataflows`: the bars of ISCA 2016 and the SURVEY, and a layer's formulas beside its nests."""

import re

import pytest

from cnnhw.course import cli
from cnnhw.dataflows import DATAFLOWS


def printed(capsys, *words, code=0):
    assert cli.main(["dataflows", *words]) == code
    return capsys.readouterr()


def test_every_bar_of_survey_figures_33_and_34_is_within_a_hundredth(capsys):
    lines = printed(capsys).out.splitlines()
    bars = [line.split() for line in lines if line.strip().startswith(tuple(DATAFLOWS))]
    assert [bar[0] for bar in bars] == [*DATAFLOWS] * 2
    assert {bar[-1] for bar in bars} == {"yes"}
    assert all(abs(float(published) - float(computed)) <= 0.01 for _, published, computed, _ in bars)


def test_claims_say_whether_they_hold(capsys):
    claims = printed(capsys).out.split("Claims")[1].splitlines()[1:]
    assert [claim.split(":")[0].strip() for claim in claims] == ["holds", "holds", "holds", "fails"]


@pytest.mark.parametrize("layer", ["CONV1", "FC7"])
def test_a_layer_has_a_reason_for_every_difference(capsys, layer):
    text = printed(capsys, "--layer", layer, "--batch", "4").out
    assert [name for name in DATAFLOWS if f"\n  {name} with " in text] == [*DATAFLOWS]
    assert "not explained" not in text
    blocks = re.split(r"\n    (?=DRAM|GLB|NoC|RF)", text)[1:]
    assert len(blocks) == 6 * 4 * 3
    for block in blocks:
        differs = block.splitlines()[0].split()[-1] != "0"
        assert differs == bool(re.search(r"^ {12}[+-][0-9,]+: \w", block, re.MULTILINE)), block


def test_a_dataflow_that_does_not_fit_says_why(capsys):
    assert "WS: WS needs that" in printed(capsys, "--layer", "CONV1", "--batch", "64").out


def test_another_layer_is_refused_in_three_lines(capsys):
    assert printed(capsys, "--layer", "CONV9", code=1).err.splitlines() == [
        "CourseError: AlexNet has eight layers",
        "  got --layer CONV9",
        "  use one of CONV1, CONV2, CONV3, CONV4, CONV5, FC6, FC7, FC8",
    ]
