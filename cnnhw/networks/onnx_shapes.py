"""The shape of every value in an ONNX model: what ONNX infers, and where it cannot, what the file says."""

import copy

from cnnhw.errors import CourseError

Shapes = dict[str, tuple[int, ...]]


class CannotInfer(CourseError):
    """Sizes that do not follow from those of the input."""


def inferred_shapes(model, batch: int | None) -> Shapes:
    """Give the shapes of all values whose every size is known.

    model    an onnx.ModelProto, which is not changed
    batch    what to put where the first input leaves its batch open; None when it does not
    returns  name -> shape. A shape that the file states is used only where ONNX does not find one by itself:
             an exporter may have left shapes of another batch
    raises   CannotInfer if the sizes contradict each other
    """
    model = copy.deepcopy(model)
    stated = list(model.graph.value_info)
    del model.graph.value_info[:]
    symbols = _put_batch(model.graph.input, batch)
    found = _infer(model)
    weights = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    weights |= {tensor.values.name: tuple(tensor.dims) for tensor in model.graph.sparse_initializer}
    for value in (*stated, *model.graph.output):
        for dim in value.type.tensor_type.shape.dim:
            if dim.dim_param in symbols:
                dim.dim_value = batch
    missing = [value for value in stated if value.name not in found and _shape(value) is not None]
    if missing:
        model.graph.value_info.extend(missing)
        found = {value.name: _shape(value) for value in missing} | _infer(model)
    return found | weights


def _put_batch(inputs, batch: int | None) -> set[str]:
    """Set the open sizes of the inputs, all of which are batches, and give the names they had."""
    symbols = set()
    for value in inputs:
        for dim in value.type.tensor_type.shape.dim:
            if not dim.HasField("dim_value") or dim.dim_value <= 0:
                symbols.add(dim.dim_param)
                dim.dim_value = batch
    return symbols - {""}


def _infer(model) -> Shapes:
    import onnx

    try:
        graph = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    except onnx.shape_inference.InferenceError as error:
        raise CannotInfer(
            "the sizes of an ONNX model must follow from its input",
            " ".join(str(error).split()),
            "check the model with onnx.checker.check_model(model, full_check=True)",
        ) from None
    shapes = {value.name: _shape(value) for value in (*graph.input, *graph.value_info, *graph.output)}
    return {name: shape for name, shape in shapes.items() if shape is not None}


def _shape(value) -> tuple[int, ...] | None:
    """The sizes of a value, or None when one of them is open."""
    dims = value.type.tensor_type.shape.dim
    if value.type.tensor_type.HasField("shape") and all(dim.HasField("dim_value") for dim in dims):
        return tuple(dim.dim_value for dim in dims)
    return None
