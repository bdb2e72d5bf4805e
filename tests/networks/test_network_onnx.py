"""Networks from ONNX models that are built here, operator by operator."""

import sys

import numpy as np
import pytest

from cnnhw import CourseError, LayerShape, ShapeError, networks

onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper  # noqa: E402
from onnx.helper import make_node as node  # noqa: E402


def weight(name, *shape):
    """A weight without words: from_onnx needs only its sizes, and a VGG-16 would be half a gigabyte."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="not_here.bin")
    return tensor


def model(nodes, weights=(), ifmap=(1, 3, 17, 13), **options):
    graph = helper.make_graph(
        nodes,
        "drawn_by_hand",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ifmap)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        list(weights),
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], **options)


def small():
    """Two convolutions, a pooling, a flattening and two FC layers."""
    return [
        node("Conv", ["x", "w1", "b1"], ["c1"], "conv1", pads=[2] * 4, strides=[2, 2]),
        node("BatchNormalization", ["c1", "s", "s", "s", "s"], ["n1"], "norm"),
        node("Relu", ["n1"], ["r1"]),
        node("Conv", ["r1", "w2"], ["c2"], "conv2", group=2),
        node("MaxPool", ["c2"], ["p2"], kernel_shape=[2, 2], strides=[1, 1]),
        node("Flatten", ["p2"], ["f"]),
        node("Dropout", ["f"], ["d"]),
        node("Gemm", ["d", "w3"], ["g3"], "fc3", transB=1),
        node("MatMul", ["g3", "w4"], ["y"], "fc4"),
    ]


SMALL_WEIGHTS = [
    weight("w1", 10, 3, 5, 3), weight("b1", 10), weight("s", 10), weight("w2", 14, 5, 3, 3),
    weight("w3", 11, 14 * 6 * 5), weight("w4", 11, 7),
]  # fmt: skip
SMALL = {
    "conv1": LayerShape(M=10, C=3, H=17, W=13, R=5, S=3, U=2, P=2),
    "conv2": LayerShape(M=14, C=10, H=9, W=8, R=3, G=2),
    "fc3": LayerShape.fc(M=11, C=14, H=6, W=5),
    "fc4": LayerShape.fc(M=7, C=11),
}


def three_lines(error):
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    return lines


def test_layers_are_captured_in_order():
    network = networks.from_onnx(model(small(), SMALL_WEIGHTS))
    assert list(network.layers.items()) == list(SMALL.items())
    assert (network.name, list(network.fc)) == ("drawn_by_hand", ["fc3", "fc4"])


def test_a_file_gives_the_same_and_the_model_is_not_changed(tmp_path):
    made = model(small(), SMALL_WEIGHTS)
    before = made.SerializeToString(deterministic=True)
    (tmp_path / "mine.onnx").write_bytes(before)
    from_file = networks.from_onnx(tmp_path / "mine.onnx")
    assert dict(from_file.layers) == dict(networks.from_onnx(made).layers)
    assert from_file.name == "mine" and networks.from_onnx(str(tmp_path / "mine.onnx"), name="b").name == "b"
    assert made.SerializeToString(deterministic=True) == before


def test_an_open_batch_needs_N():
    open_batch = model(small(), SMALL_WEIGHTS, ifmap=("batch", 3, 17, 13))
    network = networks.from_onnx(open_batch, N=6)
    assert dict(network.layers) == dict(networks.from_layers("a", SMALL).with_batch(6).layers)
    with pytest.raises(CourseError) as error:
        networks.from_onnx(open_batch)
    assert three_lines(error) == [
        "every size of a layer must be a number",
        "  got input x with size 0 open (batch)",
        "  write from_onnx(model, N=1)",
    ]


def test_an_open_height_is_an_error():
    with pytest.raises(CourseError) as error:
        networks.from_onnx(model(small(), SMALL_WEIGHTS, ifmap=(1, 3, "height", 13)), N=1)
    assert three_lines(error)[1:] == [
        "  got input x with size 2 open (height)",
        "  write from_onnx(model, sizes={'height': 224})",
    ]


@pytest.mark.parametrize("name", ["height", "H"])
def test_open_sizes_are_put_by_name_or_letter(name):
    open_sizes = model(small(), SMALL_WEIGHTS, ifmap=("batch", 3, "height", 13))
    closed = networks.from_onnx(model(small(), SMALL_WEIGHTS), N=2)
    assert networks.from_onnx(open_sizes, N=2, sizes={name: 17}).layers == closed.layers


@pytest.mark.parametrize(
    ("sizes", "got"),
    [({"width": 9}, "width, which none has"), ({"W": 9}, "W, which none has"), ({"H": 0}, "sizes['H']=0")],
)
def test_sizes_that_no_input_leaves_open(sizes, got):
    with pytest.raises(CourseError) as error:
        networks.from_onnx(model(small(), SMALL_WEIGHTS, ifmap=(1, 3, "height", 13)), sizes=sizes)
    assert three_lines(error)[1] == f"  got {got}"


def test_alexnet_operator_by_operator():
    chain, weights, flows = [], [], "x"
    for number, (name, shape) in enumerate(networks.alexnet().layers.items()):
        conv = name.startswith("CONV")
        sizes = (shape.M, shape.seen, shape.R, shape.S) if conv else (shape.M, shape.ifmap_words)
        weights.append(weight(f"w{number}", *sizes))
        if name == "FC6":
            chain.append(node("Reshape", [flows, "flat"], ["flattened"]))
            flows = "flattened"
        about = {"strides": [shape.U] * 2, "pads": [shape.P] * 4, "group": shape.G} if conv else {"transB": 1}
        chain.append(node("Conv" if conv else "Gemm", [flows, f"w{number}"], [f"o{number}"], name, **about))
        flows = f"o{number}"
        for step in networks.alexnet().glue[name]:
            if step == "max_pool 3/2":
                chain.append(node("MaxPool", [flows], [flows + "p"], kernel_shape=[3, 3], strides=[2, 2]))
                flows += "p"
    chain.append(node("Softmax", [flows], ["y"]))
    weights.append(onnx.numpy_helper.from_array(np.array([0, -1]), "flat"))
    network = networks.from_onnx(model(chain, weights, ifmap=(1, 3, 227, 227)))
    assert dict(network.layers) == dict(networks.alexnet().layers)


def test_a_residual_block_with_a_projection():
    block = [
        node("Conv", ["x", "w1"], ["a"], "res3a_branch2a", strides=[2, 2]),
        node("Conv", ["a", "w2"], ["b"], "res3a_branch2b", pads=[1] * 4),
        node("Conv", ["b", "w3"], ["c"], "res3a_branch2c"),
        node("Conv", ["x", "w4"], ["d"], "res3a_branch1", strides=[2, 2]),
        node("Add", ["c", "d"], ["y"]),
    ]
    weights = [
        weight("w1", 128, 256, 1, 1), weight("w2", 128, 128, 3, 3),
        weight("w3", 512, 128, 1, 1), weight("w4", 512, 256, 1, 1),
    ]  # fmt: skip
    network = networks.from_onnx(model(block, weights, ifmap=(1, 256, 56, 56)))
    assert all(shape == networks.resnet50().layers[name] for name, shape in network.layers.items())
    assert len(network.layers) == 4


def test_same_padding_where_it_is_symmetric():
    same = [node("Conv", ["x", "w"], ["y"], "c", auto_pad="SAME_UPPER", strides=[2, 2])]
    network = networks.from_onnx(model(same, [weight("w", 5, 3, 5, 5)], ifmap=(1, 3, 17, 13)))
    assert network.layers["c"] == LayerShape(M=5, C=3, H=17, W=13, R=5, U=2, P=2)
    assert (network.layers["c"].E, network.layers["c"].F) == (9, 7)
    valid = [node("Conv", ["x", "w"], ["y"], "c", auto_pad="VALID")]
    assert networks.from_onnx(model(valid, [weight("w", 5, 3, 5, 5)])).layers["c"].P == 0


def test_rows_of_a_product_are_positions():
    network = networks.from_onnx(
        model([node("MatMul", ["x", "w"], ["y"], "m")], [weight("w", 5, 11)], (1, 7, 5))
    )
    assert network.layers["m"] == LayerShape(M=11, C=5, H=7, W=1, R=1)


def test_weights_on_the_left():
    network = networks.from_onnx(
        model([node("MatMul", ["w", "x"], ["y"], "m")], [weight("w", 11, 5)], (2, 5, 7))
    )
    assert network.layers["m"] == LayerShape(N=2, M=11, C=5, H=7, W=1, R=1)


def test_weights_that_are_made_of_constants():
    chain = [node("Transpose", ["w"], ["t"], perm=[1, 0]), node("MatMul", ["x", "t"], ["y"], "m")]
    network = networks.from_onnx(model(chain, [weight("w", 11, 5)], (2, 5)))
    assert network.layers["m"] == LayerShape.fc(M=11, C=5, N=2)


W = weight("w", 5, 3, 3, 3)
REFUSED = {
    "transposed": ([node("ConvTranspose", ["x", "v"], ["y"], "up")], "got up, a ConvTranspose"),
    "recurrent": ([node("LSTM", ["x", "w", "w"], ["y"], "rnn", hidden_size=3)], "got rnn, a LSTM"),
    "unknown": (
        [node("Blur", ["x"], ["y"], domain="com.example")],
        "got y, a com.example::Blur, which is not known here",
    ),
    "determinant": ([node("Det", ["x"], ["y"])], "got y, a Det"),
    "attention": (
        [node("Transpose", ["x"], ["t"], perm=[0, 1, 3, 2]), node("MatMul", ["x", "t"], ["y"], "qk")],
        "got qk with shapes (1, 3, 16, 17) and (1, 3, 17, 16)",
    ),
    "computed filters": (
        [node("GlobalMaxPool", ["x"], ["most"]), node("Conv", ["x", "most"], ["y"], "c")],
        "got c, which multiplies two values that both depend on the ifmap",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_layer_shape_describes(case):
    nodes, got = REFUSED[case]
    weights = [W, weight("k", 3, 3, 1, 1), weight("v", 3, 5, 3, 3), weight("u", 4, 16)]
    with pytest.raises(CourseError) as error:
        networks.from_onnx(model(nodes, weights, ifmap=(1, 3, 16, 17)))
    assert three_lines(error)[1] == f"  {got}"


def test_weights_that_layers_share_are_there_once():
    nodes = [node("Conv", ["x", "k"], ["a"], "one"), node("Conv", ["a", "k"], ["y"], "two")]
    network = networks.from_onnx(model(nodes, [weight("k", 3, 3, 1, 1)], ifmap=(1, 3, 16, 17)))
    assert network.shared == {"two": "one"} and network.filter_words == 9
    assert network.macs == 2 * 9 * 16 * 17


UNEVEN = {
    "dilated": ({"dilations": [2, 2]}, {"D": 2}),
    "strides": ({"strides": [1, 2]}, {"U": (1, 2)}),
    "paddings": ({"pads": [1, 0, 1, 0]}, {"P": (1, 0)}),
    "every side": ({"pads": [0, 1, 2, 3]}, {"P": ((0, 2), (1, 3))}),
    "one side": ({"auto_pad": "SAME_UPPER", "strides": [2, 2]}, {"U": 2, "P": ((0, 1), (1, 1))}),
    "lower": ({"auto_pad": "SAME_LOWER", "strides": [2, 2]}, {"U": 2, "P": ((1, 0), (1, 1))}),
    "lower, dilated": ({"auto_pad": "SAME_LOWER", "dilations": [2, 1]}, {"D": (2, 1), "P": (2, 1)}),
    "valid": ({"auto_pad": "VALID", "dilations": [1, 3]}, {"D": (1, 3)}),
}


@pytest.mark.parametrize("case", UNEVEN)
def test_slides_of_their_own_along_each_axis(case):
    about, slides = UNEVEN[case]
    network = networks.from_onnx(model([node("Conv", ["x", "w"], ["y"], "c", **about)], [W], (1, 3, 16, 17)))
    assert network.layers == {"c": LayerShape(M=5, C=3, H=16, W=17, R=3, **slides)}


def test_a_convolution_over_one_dimension_is_a_layer_of_one_row():
    nodes = [node("Conv", ["x", "w"], ["y"], "c", pads=[4, 0], dilations=[2], strides=[3])]
    network = networks.from_onnx(model(nodes, [weight("w", 5, 3, 3)], (1, 3, 17)))
    row = LayerShape(M=5, C=3, H=1, W=17, R=1, S=3, U=(1, 3), D=(1, 2), P=((0, 0), (4, 0)))
    assert network.layers == {"c": row} and row.F == 6


def test_convolutions_over_three_dimensions():
    with pytest.raises(CourseError) as error:
        networks.from_onnx(
            model([node("Conv", ["x", "w"], ["y"], "c")], [weight("w", 5, 3, 3, 3, 3)], (1, 3, 7, 7, 7))
        )
    assert three_lines(error)[:2] == [
        "only convolutions over one or two dimensions can be described",
        "  got c with filters of shape (5, 3, 3, 3, 3)",
    ]


def test_a_layer_that_cannot_exist():
    with pytest.raises(ShapeError, match="conv1 with ifmap C=4, G=1 but filters with 3 channels"):
        networks.from_onnx(model(small(), SMALL_WEIGHTS, ifmap=(1, 4, 17, 13)))


def test_sizes_that_do_not_follow():
    with pytest.raises(CourseError) as error:
        networks.from_onnx(model([node("MatMul", ["x", "w"], ["y"], "m")], [weight("w", 5, 11)], (2, 7)))
    assert three_lines(error)[0] == "the sizes of an ONNX model must follow from its input"


def test_a_network_without_layers():
    with pytest.raises(CourseError, match="a network needs at least one layer"):
        networks.from_onnx(model([node("Relu", ["x"], ["y"])]))


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (None, "the ONNX file must be readable"),
        (b"not a model at all", "the file must be an ONNX model"),
        (b"", "an ONNX model must have an input, the batch first, and at least one operator"),
    ],
)
def test_files_that_are_no_model(content, rule, tmp_path):
    path = tmp_path / "mine.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CourseError) as error:
        networks.from_onnx(path)
    assert three_lines(error)[0] == rule


def test_a_broken_download(tmp_path):
    whole = model(small(), SMALL_WEIGHTS).SerializeToString()
    (tmp_path / "mine.onnx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CourseError) as error:
        networks.from_onnx(tmp_path / "mine.onnx")
    assert "mine.onnx" in three_lines(error)[1]


def test_another_kind_of_model():
    with pytest.raises(CourseError) as error:
        networks.from_onnx(42)
    assert three_lines(error)[:2] == [
        "an ONNX network is the path of a file or an onnx.ModelProto",
        "  got a int",
    ]


def test_a_missing_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(CourseError) as error:
        networks.from_onnx("mine.onnx")
    assert three_lines(error) == [
        "reading this kind of network needs the optional package onnx",
        "  got no module named 'onnx' in this environment",
        "  in the course's folder: python3 course.py add onnx; elsewhere: pip install 'cnnhw[onnx]'",
    ]
