"""`cnnhw network`: a reader's own network, with what each dataflow needs."""

import pytest

from cnnhw import LayerShape, networks
from cnnhw.chips import isca16
from cnnhw.course import cli
from cnnhw.dataflows import DATAFLOWS
from cnnhw.mapper import search


def printed(capsys, *words):
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_own_network_from_a_csv_file(capsys, tmp_path):
    networks.to_csv(networks.alexnet(), tmp_path / "mine.csv")
    lines = printed(capsys, "network", str(tmp_path / "mine.csv"), "--batch", "4").splitlines()
    assert lines[0] == "mine: 5 CONV and 3 FC layers, 2,897,627,264 MACs, 60,954,656 filter words, N=4"
    assert lines[1].split()[-3:] == ["ExF", "weights", "MACs"]
    assert lines[2].split()[-3:] == ["55x55", "34,848", "421,660,800"]
    assert lines[-2].split() == ["total", "60,954,656", "2,897,627,264"]
    assert lines[-1] == "CONV layers do 91.9 % of the MACs."


def test_own_network_from_an_onnx_file(capsys, tmp_path):
    onnx = pytest.importorskip("onnx")
    values = [
        onnx.helper.make_tensor_value_info(name, 1, shape) for name, shape in (("x", ["N", 3]), ("y", None))
    ]
    weight = onnx.helper.make_tensor("w", 1, [3, 2], [0.0] * 6)
    product = onnx.helper.make_node("MatMul", ["x", "w"], ["y"], "fc")
    graph = onnx.helper.make_graph([product], "g", values[:1], values[1:], [weight])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    (tmp_path / "mine.onnx").write_bytes(model.SerializeToString())
    text = printed(capsys, "network", str(tmp_path / "mine.onnx"), "--batch", "5")
    assert text.startswith("mine: 0 CONV and 1 FC layers, 30 MACs, 6 filter words, N=5")


def test_a_mistake_in_the_file_is_told_without_a_traceback(capsys, tmp_path):
    (tmp_path / "mine.csv").write_text("layer,M,C,H,R\nA,5,3,9,x\n", encoding="utf-8")
    assert cli.main(["network", str(tmp_path / "mine.csv")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "CourseError: R must be a whole number",
        "  got mine.csv, line 2, column R: 'x'",
        "  write R in digits only",
    ]


def test_what_each_dataflow_needs(capsys, tmp_path):
    layers = [LayerShape(M=8, C=4, H=10, R=3), LayerShape(M=8, C=8, H=8, R=3), LayerShape(M=8, C=8, H=8, R=3)]
    networks.to_csv(networks.from_layers("mine", layers), tmp_path / "mine.csv")
    text = printed(capsys, "network", str(tmp_path / "mine.csv"), "--dataflows", "--pes", "64")
    head, *rows = text.split("(ISCA 2016)\n")[1].splitlines()
    assert head.split() == ["layer", *DATAFLOWS] and len(rows) == 3 and rows[1][24:] == rows[2][24:]
    plan = search(DATAFLOWS["RS"], layers[0], isca16("RS", 64))
    moved = sum(words for (level, _), words in plan.words.items() if level == "DRAM") / layers[0].macs
    assert rows[0].split()[-2:] == [f"{plan.energy_per_mac:.2f}", f"{moved:.4f}"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--size", "H=x"], """CourseError: --size gives a name and a whole number, 1 or more
  got --size H=x
  write --size height=640, once for each open size
"""),
        (["--size", "H=9"], """CourseError: only an ONNX file leaves sizes open
  got mine.csv with H
  leave --size out, or change the file
"""),
    ],
)  # fmt: skip
def test_sizes_that_cannot_be(words, said, capsys, tmp_path):
    networks.to_csv(networks.alexnet(), tmp_path / "mine.csv")
    assert cli.main(["network", str(tmp_path / "mine.csv"), *words]) == 1
    assert capsys.readouterr().err == said
