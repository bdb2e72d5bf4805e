"""A network from an ONNX file: its convolutions and matrix products, with the shapes that ONNX infers."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from cnnhw.errors import CourseError, whole_number
from cnnhw.networks.capture import check_batch, missing_extra
from cnnhw.networks.network import Network
from cnnhw.networks.onnx_graph import capture_graph, check_operator
from cnnhw.networks.onnx_shapes import CannotInfer, inferred_shapes


def from_onnx(
    model, *, N: int | None = None, sizes: Mapping[str, int] | None = None, name: str = ""
) -> Network:
    """Read a network from an ONNX model.

    model    path of a file, or an onnx.ModelProto; weights stored beside the file are not needed
    N        images in the batch; needed when the model leaves the batch open
    sizes    name -> size, for other sizes that it leaves open: by the model's own names, or by the letters
             C, H and W of an input (N, C, H, W), or C and W of (N, C, W)
    name     defaults to the file's name without its ending, or the name of the graph
    returns  Network with a layer for each Conv, Gemm and MatMul with constant weights, in the model's order.
             A product with T rows an image becomes a 1x1 layer over H=T positions
    raises   CourseError if the optional package onnx is missing, the file cannot be read, a size is open, an
             operator does MACs that no LayerShape describes or is not known, or two layers share parts of
             their weights; ShapeError if a layer cannot exist
    """
    model, name = _model(model, name)
    for node in model.graph.node:
        check_operator(node)
    weights = {tensor.name for tensor in (*model.graph.initializer, *_sparse(model))}
    inputs = [value for value in model.graph.input if value.name not in weights]
    _put_sizes(model, inputs, dict(sizes or {}))
    is_open = _check_sizes(inputs, N)
    network = _network(model, name, N if is_open else None)
    if is_open:
        with contextlib.suppress(CannotInfer):  # then an operator inside holds this batch as a number
            check_batch(network, _network(model, name, N + 1))
    return network if N is None else network.with_batch(N)


def _sparse(model):
    return [tensor.values for tensor in model.graph.sparse_initializer]


def _network(model, name: str, batch: int | None) -> Network:
    """The network at one batch, which replaces an open one."""
    shapes = inferred_shapes(model, batch)
    capture = capture_graph(model.graph, shapes)
    return capture.network(name, "an ONNX model")


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


def _put_sizes(model, inputs, sizes: dict[str, int]) -> None:
    """Put sizes where the model leaves them open, under its names for them everywhere.

    raises  CourseError for a size that is none, or a name that no input has
    """
    named, used = {}, set()
    for name, size in sizes.items():
        if whole_number(size) is None:
            raise CourseError(
                "a size is a whole number, 1 or more", f"sizes[{name!r}]={size!r}", f"write {{{name!r}: 224}}"
            )
    for value in inputs:
        dims = value.type.tensor_type.shape.dim
        letters = {3: "NCW", 4: "NCHW"}.get(len(dims), "")
        for axis, dim in enumerate(dims):
            own = [name for name in (dim.dim_param, letters[axis : axis + 1]) if name in sizes]
            if own and not dim.dim_value:
                named |= {dim.dim_param: sizes[own[0]]} if dim.dim_param else {}
                used.add(own[0])
                dim.dim_value = sizes[own[0]]
    if unused := sorted(set(sizes) - used):
        raise CourseError(
            "sizes are those that an input of the model leaves open",
            f"{', '.join(unused)}, which none has",
            "use the names that from_onnx(model) asks for, or H and W",
        )
    for value in (*model.graph.input, *model.graph.value_info, *model.graph.output):
        for dim in value.type.tensor_type.shape.dim:
            if dim.dim_param in named:
                dim.dim_value = named[dim.dim_param]


def _check_sizes(inputs, N: int | None) -> bool:
    """Tell whether the batch is open; any other open size is an error, and so is an open batch without N."""
    is_open = False
    for value in inputs:
        for axis, dim in enumerate(value.type.tensor_type.shape.dim):
            if dim.HasField("dim_value") and dim.dim_value > 0:
                continue
            if axis > 0 or N is None:
                size = f"size {axis} open ({dim.dim_param or 'no number'})"
                other = dim.dim_param or "NCHW"[axis : axis + 1]
                change = f"write from_onnx(model, {'N=1' if axis == 0 else f'sizes={{{other!r}: 224}}'})"
                got = f"input {value.name} with {size}"
                raise CourseError("every size of a layer must be a number", got, change)
            is_open = True
    return is_open
