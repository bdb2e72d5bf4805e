"""A reader's CSV file: what is read, and what each mistake is told."""

from dataclasses import replace

import pytest
from drawn import uneven_layers
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnhw import CourseError, LayerShape, ShapeError, networks


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode(encoding))
    return networks.from_csv(path)


def test_the_smallest_file(tmp_path):
    network = read(tmp_path, "layer,M,C,H,R\nA,5,3,11,7\n")
    assert dict(network.layers) == {"A": LayerShape(M=5, C=3, H=11, R=7)}
    assert (network.name, network.title, network.source, network.glue) == ("mine", "mine", "mine.csv", None)


def test_every_column_in_any_order_with_remarks_and_blank_lines(tmp_path):
    text = (
        "\ufefflayer, note ,S,R,W,H,C,M,U,P,G,N,type,then\r\n"
        'A,"first, and ""best""",3,5,13,11,4,6,2,1,2,7,conv,relu; max_pool 2/2\r\n'
        ",,,,,,,,,,,,,\r\n"
        "B,,3,2,3,2,6,11,,,,7,FC,\r\n"
    )
    network = read(tmp_path, text)
    assert network.layers["A"] == LayerShape(N=7, M=6, C=4, H=11, W=13, R=5, S=3, U=2, P=1, G=2)
    assert (network.layers["A"].E, network.layers["A"].F) == (5, 7)
    assert list(network.fc) == ["B"]


def test_type_decides_only_where_the_filter_covers_the_ifmap(tmp_path):
    rows = "layer,type,M,C,H,R\nA,CONV,5,3,1,1\nB,FC,5,3,1,1\nC,,5,3,1,1\nD,,5,3,2,1\n"
    network = read(tmp_path, rows)
    assert (list(network.conv), list(network.fc)) == (["A", "D"], ["B", "C"])


HEAD = "layer,M,C,H,R\n"
MISTAKES = {
    "empty": (
        "",
        "the header must have the columns layer, M, C, H, R",
        "mine.csv, line 1: no column 'layer', 'M', 'C', 'H', 'R'",
    ),
    "missing column": (
        "layer,M,C,R\nA,5,3,7\n",
        "the header must have the columns layer, M, C, H, R",
        "mine.csv, line 1: no column 'H'",
    ),
    "unknown column": (
        "layer,M,C,H,R,stride\nA,5,3,9,7,2\n",
        "every column must be one that is known, so that a typing error is not lost",
        "mine.csv, line 1: the column 'stride'",
    ),
    "column twice": (
        "layer,M,C,H,R,M\nA,5,3,9,7,5\n",
        "a column must not appear twice",
        "mine.csv, line 1: the column 'M'",
    ),
    "too many cells": (
        HEAD + "A,5,3,9,7\nB,5,3,9,7,1\n",
        "a row must not be longer than the header",
        "mine.csv, line 3: more than 5 cells",
    ),
    "empty size": (
        HEAD + "A,5,,9,7\n",
        "C of a layer must be given",
        "mine.csv, line 2, column C: an empty cell",
    ),
    "short row": (
        HEAD + "A,5,3,9\n",
        "R of a layer must be given",
        "mine.csv, line 2, column R: an empty cell",
    ),
    "not a number": (HEAD + "A,5,3,9.0,7\n", "H must be a whole number", "mine.csv, line 2, column H: '9.0'"),
    "underscore": (HEAD + "A,1_0,3,9,7\n", "M must be a whole number", "mine.csv, line 2, column M: '1_0'"),
    "no name": (
        HEAD + ",5,3,9,7\n",
        "every layer needs a name of its own",
        "mine.csv, line 2, column layer: an empty cell",
    ),
    "name twice": (
        HEAD + "A,5,3,9,7\n\nA,5,5,3,3\n",
        "every layer needs a name of its own",
        "mine.csv, line 4, column layer: 'A' again",
    ),
    "wrong type": (
        "layer,type,M,C,H,R\nA,POOL,5,3,9,7\n",
        "type is CONV or FC",
        "mine.csv, line 2, column type: 'POOL'",
    ),
    "fc that is none": (
        "layer,type,M,C,H,R\nA,FC,5,3,9,7\n",
        "the filter of an FC layer covers its whole ifmap: H = R, W = S, P = 0, G = 1",
        "mine.csv, line 2, column type: FC with H=9, W=9, R=7, S=7, P=0",
    ),
    "no rows": (HEAD, "a network needs at least one layer", "mine.csv: 'mine' with no layers"),
    "unknown step": (
        "layer,M,C,H,R,then\nA,5,3,9,7,gelu\nB,5,5,3,3,\n",
        "what follows a layer must be relu, lrn, max_pool or avg_pool",
        "mine.csv: 'gelu'",
    ),
    "nul": (HEAD + "A,5,\0,9,7\n", None, None),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_in_three_lines_with_its_place(mistake, tmp_path):
    text, rule, got = MISTAKES[mistake]
    with pytest.raises(CourseError) as error:
        read(tmp_path, text)
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    assert rule is None or lines[:2] == [rule, f"  got {got}"]
    assert "mine.csv" in lines[1]


@pytest.mark.parametrize(
    ("row", "rule", "got"),
    [
        (
            "A,5,3,9,11",
            "the filter must fit into the padded ifmap",
            "mine.csv, line 2: R=11 but H + 2P = 9 + 2*0 = 9",
        ),
        ("A,0,3,9,7", "M must be a whole number, 1 or more", "mine.csv, line 2: M=0"),
        ("A,5,3,9,-7", "R must be a whole number, 1 or more", "mine.csv, line 2: R=-7"),
    ],
)
def test_an_impossible_shape_keeps_its_error_and_gains_a_place(row, rule, got, tmp_path):
    with pytest.raises(ShapeError) as error:
        read(tmp_path, HEAD + row + "\n")
    assert str(error.value).splitlines()[:2] == [rule, f"  got {got}"]


def test_a_chain_that_does_not_fit_names_the_file(tmp_path):
    with pytest.raises(ShapeError) as error:
        read(tmp_path, "layer,M,C,H,R,then\nA,5,3,9,7,relu\nB,5,5,4,3,\n")
    assert "mine.csv: B with C, H, W = (5, 4, 4)" in str(error.value)


def test_a_file_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(CourseError) as error:
            networks.from_csv(path)
        lines = str(error.value).splitlines()
        assert lines[0] == "the CSV file of a network must be readable"
        assert str(path) in lines[1]


def test_a_file_in_another_encoding(tmp_path):
    with pytest.raises(CourseError) as error:
        read(tmp_path, "layer,M,C,H,R,note\nA,5,3,9,7,größer\n", encoding="latin-1")
    assert str(error.value).splitlines()[0] == "the CSV file of a network must be UTF-8 text"
    assert "mine.csv, byte 31" in str(error.value)


@settings(max_examples=40)
@given(st.lists(uneven_layers(), min_size=1, max_size=4))
def test_slides_of_their_own_come_back(tmp_path_factory, layers):
    path = tmp_path_factory.mktemp("csv") / "mine.csv"
    network = networks.from_layers("mine", [replace(layer, N=1) for layer in layers])
    networks.to_csv(network, path)
    assert networks.from_csv(path).layers == network.layers


@pytest.mark.parametrize(("cell", "got"), [("1 2 3", "'1 2 3'"), ("1 2 3 4 5", "'1 2 3 4 5'")])
def test_too_many_numbers(cell, got, tmp_path):
    (tmp_path / "mine.csv").write_text(f"layer,M,C,H,R,P\nA,5,3,9,3,{cell}\n", encoding="utf-8")
    with pytest.raises(CourseError) as error:
        networks.from_csv(tmp_path / "mine.csv")
    assert str(error.value).splitlines() == [
        "P is said by 1 or 2 or 4 numbers", f"  got mine.csv, line 2, column P: {got}",
        "  write one number for all, or rows before columns, as in 2 1",
    ]  # fmt: skip


def test_shared_filters_come_back(tmp_path):
    layers = {"A": LayerShape(M=3, C=3, H=9, R=3, P=1), "B": LayerShape(M=3, C=3, H=9, R=3, P=1)}
    network = networks.Network(name="mine", layers=layers, shared={"B": "A"})
    networks.to_csv(network, tmp_path / "mine.csv")
    again = networks.from_csv(tmp_path / "mine.csv")
    assert again.shared == {"B": "A"} and again.filter_words == 81 == network.filter_words


@pytest.mark.parametrize("shares", [{"A": "B"}, {"B": "C"}, {"C": "A"}, {"X": "A"}, {"B": "A", "D": "B"}])
def test_what_cannot_be_shared(shares):
    same = LayerShape(M=3, C=3, H=9, R=3, P=1)
    layers = {"A": same, "B": same, "C": LayerShape(M=3, C=3, H=9, R=1), "D": same}
    with pytest.raises(CourseError, match="shares the filters of an earlier one"):
        networks.Network(name="mine", layers=layers, shared=shares)
