"""A network from an ONNX file: its convolutions and matrix products, with the shapes that ONNX infers."""

from math import prod
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw.networks.capture import Capture, Value, ifmap_value, missing_extra, passed_on
from cnnhw.networks.network import Network
from cnnhw.networks.onnx_operators import CHANGES_ORDER, KEEPS_ORDER, LAYERS, REFUSED, WITHOUT_MACS


def from_onnx(model, *, N: int | None = None, name: str = "") -> Network:
    """Read a network from an ONNX model.

    model    path of a file, or an onnx.ModelProto; weights stored beside the file are not needed
    N        images in the batch; needed when the model leaves the batch open
    name     defaults to the file's name without its ending, or the name of the graph
    returns  Network with a layer for each Conv, Gemm and MatMul with constant weights, in the model's order.
             A product with T rows an image becomes a 1x1 layer over H=T positions
    raises   CourseError if the optional package onnx is missing, the file cannot be read, a size is open, an
             operator does MACs that no LayerShape describes or is not known, or two layers share weights;
             ShapeError if a layer cannot exist
    """
    model, name = _model(model, name)
    for node in model.graph.node:
        _check_operator(node)
    weights = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    weights |= {tensor.values.name: tuple(tensor.dims) for tensor in model.graph.sparse_initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    _fix_batch(inputs, N)
    shapes = _inferred_shapes(model) | weights
    values = {weight: Value(shape, frozenset({weight})) for weight, shape in weights.items()}
    values |= {value.name: ifmap_value(_known(value.name, shapes)) for value in inputs}
    capture = _capture(model.graph.node, values, shapes, batch=values[inputs[0].name].shape[0])
    network = capture.network(name, "an ONNX model")
    return network if N is None else network.with_batch(N)


def _model(model, name: str):
    """The model with its local functions unfolded, and its name."""
    try:
        import onnx
        import onnx.inliner
    except ImportError:
        raise missing_extra("onnx") from None
    if isinstance(model, (str, Path)):
        name = name or Path(model).stem
        model = _load(Path(model))
    elif not isinstance(model, onnx.ModelProto):
        raise CourseError(
            "an ONNX network is the path of a file or an onnx.ModelProto",
            f"a {type(model).__name__}",
            "write from_onnx('model.onnx'); for a PyTorch module there is from_torch",
        )
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    if not inputs or not inputs[0].type.tensor_type.shape.dim or not model.graph.node:
        raise CourseError(
            "an ONNX model must have an input, the batch first, and at least one operator",
            f"{len(inputs)} inputs and {len(model.graph.node)} operators",
            "export the model again; this one is empty, or its first input has no sizes",
        )
    copy = onnx.inliner.inline_local_functions(model)  # a copy: the reader's model is not ours to change
    return copy, name or model.graph.name or "onnx"


def _load(path: Path):
    import onnx
    from google.protobuf.message import DecodeError

    try:
        return onnx.load_model_from_string(path.read_bytes())
    except OSError as error:
        raise CourseError(
            "the ONNX file must be readable",
            f"{path} ({error.strerror or error})",
            "check the folder and the spelling; a relative path starts at the current folder",
        ) from None
    except DecodeError:
        raise CourseError(
            "the file must be an ONNX model",
            f"{path.name}, which does not decode as one",
            "export it again, or fetch it again if the download broke off",
        ) from None


def _check_operator(node) -> None:
    known = node.op_type in WITHOUT_MACS | LAYERS
    if known and node.domain in ("", "ai.onnx"):
        return
    does_macs = node.op_type in REFUSED and node.domain in ("", "ai.onnx")
    raise CourseError(
        "every operator that does MACs must be a convolution or a product with constant weights",
        f"{_label(node)}, a {node.op_type}" + ("" if does_macs else ", which is not known here"),
        "remove it from the model, or give the layers by hand with from_layers",
    )


def _fix_batch(inputs, N: int | None) -> None:
    """Set an open batch to 1; any other open size is an error, and so is an open batch without N."""
    for value in inputs:
        for axis, dim in enumerate(value.type.tensor_type.shape.dim):
            if dim.HasField("dim_value") and dim.dim_value > 0:
                continue
            if axis > 0 or N is None:
                size = f"size {axis} open ({dim.dim_param or 'no number'})"
                change = "write from_onnx(model, N=1)" if axis == 0 else "export the model with fixed sizes"
                got = f"input {value.name} with {size}"
                raise CourseError("every size of a layer must be a number", got, change)
            dim.dim_value = 1


def _inferred_shapes(model) -> dict[str, tuple[int, ...]]:
    import onnx

    del model.graph.value_info[:]  # shapes that an exporter left may still hold the open batch
    try:
        graph = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    except onnx.shape_inference.InferenceError as error:
        raise CourseError(
            "the sizes of an ONNX model must follow from its input",
            " ".join(str(error).split()),
            "check the model with onnx.checker.check_model(model, full_check=True)",
        ) from None
    found = {}
    for value in (*graph.input, *graph.value_info, *graph.output):
        dims = value.type.tensor_type.shape.dim
        if value.type.tensor_type.HasField("shape") and all(dim.HasField("dim_value") for dim in dims):
            found[value.name] = tuple(dim.dim_value for dim in dims)
    return found


def _capture(nodes, values: dict[str, Value], shapes: dict, batch: int) -> Capture:
    sizes = {weight: prod(value.shape) for weight, value in values.items() if value.weights}
    capture = Capture(batch, sizes)
    for node in nodes:
        inputs = [_made(values, name, node) for name in node.input if name]
        if node.op_type in LAYERS and any(value.weights is None for value in inputs):
            for name in node.input[:2]:
                _known(name, shapes)
            _add_layer(capture, node, *inputs[:2])
        kind = "reshape" if node.op_type in KEEPS_ORDER else "plain"
        kind = "permute" if node.op_type in CHANGES_ORDER else kind
        for output in filter(None, node.output):
            # A shape that stays open may never be needed; it is asked for when a layer reads it.
            values[output] = passed_on(inputs, shapes.get(output, ()), kind)
    return capture


def _add_layer(capture: Capture, node, ifmap: Value, filters: Value) -> None:
    import onnx

    about = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
    if node.op_type == "Conv":
        strides, dilations = about.get("strides", [1, 1]), about.get("dilations", [1, 1])
        pads = _pads(about, ifmap, filters, strides)
        capture.add_conv(_label(node), ifmap, filters, strides, pads, dilations, about.get("group", 1))
        return
    if ifmap.weights is not None or len(filters.shape) != 2 or about.get("transA"):
        raise CourseError(
            "a matrix product must have the ifmap on the left and one matrix of weights on the right",
            f"{_label(node)} with shapes {ifmap.shape} and {filters.shape}",
            "leave such operators, attention among them, out of the network",
        )
    K_M = filters.shape[::-1] if about.get("transB") else filters.shape
    capture.add_fc(_label(node), ifmap, Value(K_M, filters.weights))


def _pads(about: dict, ifmap: Value, filters: Value, strides) -> list[int]:
    """Padding as top, left, bottom, right; SAME asks for enough that E = ceil(H / U)."""
    auto = about.get("auto_pad", b"NOTSET").decode()
    if auto == "NOTSET":
        return list(about.get("pads", [0] * 4))
    if auto == "VALID" or len(ifmap.shape) != 4:
        return [0] * 4
    sizes = zip(ifmap.shape[2:], filters.shape[2:], strides, strict=True)
    missing = [max((-(-H // U) - 1) * U + R - H, 0) for H, R, U in sizes]
    small, large = [words // 2 for words in missing], [words - words // 2 for words in missing]
    return small + large if auto == "SAME_UPPER" else large + small


def _made(values: dict[str, Value], name: str, node) -> Value:
    if name not in values:
        raise CourseError(
            "an operator must read values that were made before it",
            f"{_label(node)}, which reads {name!r}",
            "check the model with onnx.checker.check_model(model)",
        )
    return values[name]


def _known(name: str, shapes: dict) -> tuple[int, ...]:
    if name not in shapes:
        raise CourseError(
            "every size of a layer must be a number",
            f"{name!r}, whose shape ONNX cannot infer",
            "export the model with fixed sizes",
        )
    return shapes[name]


def _label(node) -> str:
    return node.name or next(filter(None, node.output), node.op_type)
