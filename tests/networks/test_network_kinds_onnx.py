"""Kinds of ONNX models that a reader was once told a wrong number for, or refused without need."""

import numpy as np
import pytest

from cnnhw import CourseError, LayerShape, networks

onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnx.helper import make_node as node  # noqa: E402

FLOAT = TensorProto.FLOAT


def words(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def zeros(name, *shape):
    return words(name, np.zeros(shape, np.float32))


def model(nodes, weights=(), ifmap=(1, 3, 8, 8), stated=()):
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", FLOAT, ifmap)],
        [helper.make_tensor_value_info("y", FLOAT, None)],
        list(weights),
        value_info=[helper.make_tensor_value_info(name, FLOAT, shape) for name, shape in stated],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])


def layers(*args, N=None, **options):
    return list(networks.from_onnx(model(*args, **options), N=N).layers.values())


def refusal(*args, N=None, **options):
    with pytest.raises(CourseError) as error:
        networks.from_onnx(model(*args, **options), N=N)
    assert len(str(error.value).splitlines()) == 3
    return error.value.got


CONV = LayerShape(M=5, C=3, H=8, R=3)
SIZES = words("sizes", [5, 3, 3, 3])
MADE = {
    "ConstantOfShape": [node("ConstantOfShape", ["sizes"], ["w"])],
    "Expand of a scalar": [node("Expand", ["one", "sizes"], ["w"])],
    "Expand": [node("Expand", ["column", "sizes"], ["w"])],
    "Tile": [node("Tile", ["slice", "times"], ["w"])],
    "Constant": [node("Constant", [], ["w"], value=zeros("", 5, 3, 3, 3))],
    "of the ifmap's sizes": [node("Shape", ["slice"], ["s"]), node("Mul", ["s", "times"], ["t"]),
                             node("ConstantOfShape", ["t"], ["w"])],
}  # fmt: skip
SOURCES = [
    SIZES, zeros("one", 1), zeros("column", 5, 1, 1, 1), zeros("slice", 5, 1, 3, 3),
    words("times", [1, 3, 1, 1]),
]  # fmt: skip


@pytest.mark.parametrize("case", MADE)
def test_a_weight_that_is_made_is_one_layers_weight(case):
    assert layers([*MADE[case], node("Conv", ["x", "w"], ["y"])], SOURCES) == [CONV]


def test_two_made_weights_are_two():
    made = [node("ConstantOfShape", ["sizes"], ["w1"]), node("ConstantOfShape", ["sizes"], ["w2"])]
    chain = [node("MatMul", ["x", "w1"], ["a"]), node("MatMul", ["a", "w2"], ["y"])]
    assert layers([*made, *chain], [words("sizes", [8, 8])], (1, 8)) == [LayerShape.fc(M=8, C=8)] * 2


USED_TWICE = {
    "Constant": ([node("Constant", [], ["w"], value=zeros("", 8, 8))], "w", "w"),
    "Identity": ([node("Identity", ["a"], ["w"])], "a", "w"),
    "Transpose": ([node("Transpose", ["a"], ["w"])], "a", "w"),
    "a mask": ([node("Mul", ["a", "b"], ["w"]), node("Mul", ["a", "b"], ["v"])], "w", "v"),
    "Expand": ([node("Expand", ["c", "sizes"], ["w"]), node("Expand", ["c", "sizes"], ["v"])], "w", "v"),
    "ConstantOfShape": ([node("ConstantOfShape", ["sizes"], ["w"])], "w", "w"),
}


@pytest.mark.parametrize("case", USED_TWICE)
def test_a_weight_that_two_layers_use_is_not_counted_twice(case):
    made, one, other = USED_TWICE[case]
    chain = [node("MatMul", ["x", one], ["h"]), node("MatMul", ["h", other], ["y"], "two")]
    weights = [zeros("a", 8, 8), zeros("b", 8, 8), zeros("c", 8, 1), words("sizes", [8, 8])]
    network = networks.from_onnx(model([*made, *chain], weights, (1, 8)))
    assert list(network.shared) == ["two"] and (network.filter_words, network.macs) == (64, 128)


def test_weights_with_one_mask_and_parts_of_one_weight_are_several():
    fc = LayerShape.fc(M=8, C=8)
    chain = [node("MatMul", ["x", "w"], ["h"]), node("MatMul", ["h", "v"], ["y"])]
    masked = [node("Mul", ["a", "m"], ["w"]), node("Mul", ["b", "m"], ["v"])]
    assert layers([*masked, *chain], [zeros(name, 8, 8) for name in "abm"], (1, 8)) == [fc, fc]
    parts = [node("Split", ["a"], ["w", "v"], axis=1, num_outputs=2)]
    assert layers([*parts, *chain], [zeros("a", 8, 16)], (1, 8)) == [fc, fc]


MULTIPLIES = {
    "multiply and sum": [node("Mul", ["x", "v"], ["a"]), node("ReduceSum", ["a", "last"], ["y"], "n")],
    "sum without axes": [node("Mul", ["x", "v"], ["a"]), node("ReduceSum", ["a"], ["y"], "n", keepdims=0)],
    "multiply and mean": [node("Mul", ["x", "v"], ["a"]), node("ReduceMean", ["a", "last"], ["y"], "n")],
    "divide and sum": [node("Div", ["x", "v"], ["a"]), node("Cast", ["a"], ["b"], to=FLOAT),
                       node("ReduceSum", ["b", "last"], ["y"], "n")],
    "all with all": [node("Unsqueeze", ["x", "last"], ["a"]), node("Mul", ["a", "v"], ["y"], "n")],
    "two ifmaps": [node("Relu", ["x"], ["a"]), node("MatMul", ["a", "x"], ["y"], "n")],
    "stacked weights": [node("MatMul", ["x", "stack"], ["y"], "n")],
    "Einsum": [node("Einsum", ["x", "w"], ["y"], "n", equation="nc,mc->nm")],
}  # fmt: skip


@pytest.mark.parametrize("case", MULTIPLIES)
def test_what_multiplies_is_counted_or_refused(case):
    weights = [zeros("v", 8), zeros("w", 5, 8), zeros("stack", 3, 8, 5), words("last", [-1])]
    ifmap = (8, 8) if case == "two ifmaps" else (2, 8)
    assert refusal(MULTIPLIES[case], weights, ifmap).startswith("n")


def test_weights_on_either_side_and_vectors():
    fc = LayerShape.fc(N=2, M=5, C=8)
    assert layers([node("Gemm", ["x", "w"], ["y"], transB=1)], [zeros("w", 5, 8)], (2, 8)) == [fc]
    assert layers([node("MatMul", ["x", "w"], ["y"])], [zeros("w", 8)], (2, 8)) == [
        LayerShape.fc(N=2, M=1, C=8)
    ]
    left = [node("MatMul", ["w", "x"], ["y"])]
    assert layers(left, [zeros("w", 5, 8)], (2, 8, 7)) == [LayerShape(N=2, M=5, C=8, H=7, W=1, R=1)]
    one_matrix = [node("MatMul", ["x", "w"], ["y"])]
    assert layers(one_matrix, [zeros("w", 1, 8, 5)], (1, 7, 8)) == [LayerShape(M=5, C=8, H=7, W=1, R=1)]


def test_what_is_no_product_of_matrices_passes():
    fc = node("MatMul", ["p", "w"], ["y"])
    for pooled in (
        [node("Mul", ["x", "scale"], ["a"]), node("GlobalAveragePool", ["a"], ["b"]),
         node("Flatten", ["b"], ["p"])],
        [node("Mul", ["x", "x"], ["a"]), node("ReduceSum", ["a", "hw"], ["p"], keepdims=0)],
    ):  # fmt: skip
        weights = [zeros("w", 3, 5), zeros("scale", 3, 1, 1), words("hw", [2, 3])]
        assert layers([*pooled, fc], weights) == [LayerShape.fc(M=5, C=3)]


def test_the_batch_is_not_part_of_a_layer():
    weights, open_batch = [zeros("w", 8, 5), words("first", [0])], ("batch", 8)
    over_images = [node("ReduceMean", ["x", "first"], ["a"]), node("MatMul", ["a", "w"], ["y"], "fc")]
    for N in (1, 2):
        assert layers([node("MatMul", ["x", "w"], ["y"])], weights, open_batch, N=N) == [
            LayerShape.fc(N=N, M=5, C=8)
        ]
        assert "images" in refusal(over_images, weights, open_batch, N=N)
    fixed_inside = [node("Reshape", ["x", "flat"], ["a"]), node("MatMul", ["a", "w"], ["y"])]
    weights += [words("flat", [1, 8])]
    assert layers(fixed_inside, weights, open_batch, N=1) == [LayerShape.fc(M=5, C=8)]
    assert refusal(fixed_inside, weights, open_batch, N=2).endswith("from (2, 8) to (1, 8)")


def test_a_files_own_shapes_are_used_where_none_follow():
    """NonZero gives a row for each word that is not 0; only the exporter may know how many."""
    nodes = [node("NonZero", ["x"], ["at"]), node("Cast", ["at"], ["a"], to=FLOAT),
             node("Transpose", ["a"], ["b"], perm=[1, 0]), node("MatMul", ["b", "w"], ["y"])]  # fmt: skip
    weights = [zeros("w", 2, 5)]
    assert refusal(nodes, weights, (1, 8)) == "'b', whose shape ONNX cannot infer"
    assert layers(nodes, weights, (1, 8), stated=[("b", (7, 2))]) == [LayerShape(M=5, C=2, H=7, W=1, R=1)]
    named = model(nodes, weights, (1, "words"), stated=[("b", ("words", 2))])
    (shape,) = networks.from_onnx(named, sizes={"words": 7}).layers.values()
    assert shape == LayerShape(M=5, C=2, H=7, W=1, R=1)
    known_before = layers(nodes, weights, (1, 8), stated=[("a", (2, 7))])
    assert known_before == [LayerShape(M=5, C=2, H=7, W=1, R=1)]


SCALED = ["q", "scale", "zero", "w", "scale", "zero", "scale", "zero"]
MAP, ROW = ((5, 3, 3, 3), (1, 3, 8, 8), CONV), ((8, 5), (1, 8), LayerShape.fc(M=5, C=8))


@pytest.mark.parametrize(
    ("operator", "inputs", "sizes"),
    [("QLinearConv", SCALED, MAP), ("ConvInteger", ["q", "w", "zero"], MAP),
     ("QLinearMatMul", SCALED, ROW), ("MatMulInteger", ["q", "w", "zero"], ROW)],
)  # fmt: skip
def test_quantised_layers_are_read(operator, inputs, sizes):
    """The filters are the fourth input where a scale and a zero point stand behind the first."""
    filters, ifmap, wanted = sizes
    nodes = [
        node("QuantizeLinear", ["x", "scale", "zero"], ["q"]), node(operator, inputs, ["z"], "layer"),
        node("Cast", ["z"], ["y"], to=FLOAT),
    ]  # fmt: skip
    weights = [
        words("scale", np.float32(0.5)), words("zero", np.uint8(3)), words("w", np.ones(filters, np.uint8)),
    ]  # fmt: skip
    assert layers(nodes, weights, ifmap) == [wanted]


def test_shapes_left_from_another_batch_do_not_count():
    nodes = [node("Relu", ["x"], ["a"]), node("MatMul", ["a", "w"], ["y"])]
    assert layers(nodes, [zeros("w", 8, 5)], ("batch", 8), stated=[("a", (9, 8))], N=3) == [
        LayerShape.fc(N=3, M=5, C=8)
    ]


FLATTENED = {
    "height first": [node("Transpose", ["c"], ["t"], perm=[0, 2, 3, 1]), node("Flatten", ["t"], ["f"])],
    "reshaped": [node("Transpose", ["c"], ["t"], perm=[0, 2, 3, 1]), node("Reshape", ["t", "flat"], ["f"])],
    "width first": [node("Transpose", ["c"], ["t"], perm=[0, 3, 2, 1]), node("Relu", ["t"], ["r"]),
                    node("Flatten", ["r"], ["f"])],
    "as it is": [node("Flatten", ["c"], ["f"])],
}  # fmt: skip


@pytest.mark.parametrize("case", FLATTENED)
def test_a_flattened_map_keeps_its_sizes_in_any_order(case):
    nodes = [node("Conv", ["x", "k"], ["c"]), *FLATTENED[case], node("MatMul", ["f", "w"], ["y"])]
    weights = [zeros("k", 4, 3, 1, 1), zeros("w", 120, 7), words("flat", [0, -1])]
    assert layers(nodes, weights, (2, 3, 5, 6))[1] == LayerShape.fc(N=2, M=7, C=4, H=5, W=6)


def test_a_filter_that_sees_one_channel_is_no_fc():
    network = networks.from_onnx(
        model([node("Conv", ["x", "w"], ["y"], group=512)], [zeros("w", 512, 1, 7, 7)], (1, 512, 7, 7))
    )
    assert (len(network.conv), len(network.fc)) == (1, 0)
