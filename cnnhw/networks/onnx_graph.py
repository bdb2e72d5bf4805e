"""Follow an ONNX graph operator by operator, and write down its layers."""

from dataclasses import replace
from math import prod

from cnnhw.errors import CourseError
from cnnhw.networks.capture import MACS_ARE_LAYERS, Capture, refused
from cnnhw.networks.onnx_operators import (
    CONVOLUTIONS,
    COPIES,
    FACTORS,
    LAYERS,
    MAKES,
    PRODUCTS,
    REFUSED,
    REPEATS,
    RESHAPES,
    SUMS,
    WITHOUT_MACS,
)
from cnnhw.networks.onnx_shapes import CannotInfer, Shapes
from cnnhw.networks.values import (
    Value,
    ifmap_value,
    is_outer,
    made_map,
    made_rows,
    passed_on,
    permuted,
    reshaped,
    varying_together,
)


def capture_graph(graph, shapes: Shapes) -> Capture:
    """Give the layers of a graph.

    graph    an onnx.GraphProto, each of its operators checked
    shapes   the shape of every value that a layer reads
    returns  Capture
    raises   CourseError if an operator does MACs that no LayerShape describes, or is not known
    """
    weights = {tensor.name for tensor in graph.initializer}
    weights |= {tensor.values.name for tensor in graph.sparse_initializer}
    inputs = [value.name for value in graph.input if value.name not in weights]
    batch = _known(inputs[0], shapes)[0]
    follow = _Follow(Capture(batch, {weight: prod(shapes[weight]) for weight in weights}), shapes)
    for weight in weights:
        follow.values[weight] = Value(shapes[weight], frozenset({weight}), None, weight)
    for name in inputs:
        follow.values[name] = ifmap_value(_known(name, shapes))
    for node in graph.node:
        follow.node(node)
    return follow.capture


def check_operator(node) -> None:
    """Refuse an operator that is not a layer and not known to do without MACs."""
    own = node.domain in ("", "ai.onnx")
    if own and node.op_type in LAYERS | WITHOUT_MACS:
        return
    name = node.op_type if own else f"{node.domain}::{node.op_type}"
    known = own and node.op_type in REFUSED
    raise CourseError(
        MACS_ARE_LAYERS,
        f"{_label(node)}, a {name}" + ("" if known else ", which is not known here"),
        "remove it from the model, or give the layers by hand with from_layers",
    )


class _Follow:
    """Values by name, as far as the graph was followed."""

    def __init__(self, capture: Capture, shapes: Shapes):
        self.capture, self.shapes = capture, shapes
        self.values: dict[str, Value] = {}

    def node(self, node) -> None:
        """Follow one operator."""
        inputs = [self._made_before(name, node) for name in node.input if name]
        layer = None
        if node.op_type in LAYERS:
            factors = [node.input[place] for place in FACTORS.get(node.op_type, (0, 1))]
            if not all(self.values[name].constant for name in factors):
                layer = self._layer(node, *map(self._with_shape, factors))
        if node.op_type in SUMS:
            self._check_sum(node, inputs[0])
        for number, output in enumerate(node.output):
            if output:
                # A shape that stays open may never be needed; it is asked for when a layer reads it.
                made = layer or self._passed(node, inputs, output, number)
                self.values[output] = made

    def _layer(self, node, ifmap: Value, filters: Value) -> Value:
        about = _attributes(node)
        made = self.shapes.get(node.output[0], ())
        if node.op_type in CONVOLUTIONS:
            ones = [1] * (len(filters.shape) - 2)
            strides, dilations = about.get("strides", ones), about.get("dilations", ones)
            pads = _pads(about, ifmap, filters, strides, dilations)
            groups = about.get("group", 1)
            self.capture.add_conv(_label(node), ifmap, filters, strides, pads, dilations, groups)
            return made_map(made) if len(made) == 4 else Value(made)
        left = ifmap.turned() if about.get("transA") else ifmap
        right = filters.turned() if about.get("transB") else filters
        if len(right.shape) == 1:
            right = Value((*right.shape, 1), right.weights, right.axes and (*right.axes, ()), right.key)
        if len(left.shape) == 1:
            left = Value((1, *left.shape), left.weights, left.axes and ((), *left.axes), left.key)
        rows = self.capture.add_product(_label(node), left, right)
        if right.constant or len(made) < 2:
            return made_rows(rows, made)
        return made_rows(rows, (*made[:-2], made[-1], made[-2])).turned()

    def _passed(self, node, inputs: list[Value], output: str, number: int) -> Value:
        """What is known of a value that an operator without MACs made."""
        name, shape = node.op_type, self.shapes.get(output, ())
        if name in RESHAPES and shape and inputs[0].shape and prod(shape) != prod(inputs[0].shape):
            raise CannotInfer(
                "a reshape keeps the number of words",
                f"{_label(node)} from {inputs[0].shape} to {shape}",
                "use the batch that the model was exported with; a size inside it holds that batch",
            )
        constant = all(value.constant for value in inputs)
        enlarged = name in REPEATS and prod(inputs[0].shape) == 1 and prod(shape) > 1
        if name in MAKES or (constant and (not inputs or enlarged)):
            self.capture.sizes[output] = prod(shape)
            return Value(shape, frozenset({output}), None, output)
        key = name, number, _static(node), tuple(value.key for value in inputs)
        if name in RESHAPES | COPIES | {"Transpose"}:
            key = inputs[0].key
        if name in RESHAPES | COPIES:
            # What says the new shape or the number type is no part of the words.
            return reshaped(inputs[0], shape, key) if constant or shape else Value(shape)
        if name == "Transpose" and shape:
            order = _attributes(node).get("perm", range(len(shape))[::-1])
            return permuted(inputs[0], shape, order, key)
        value = passed_on(inputs, shape, key if constant else None)
        return value if constant or name not in PRODUCTS else self._product(node, inputs, value)

    def _product(self, node, inputs: list[Value], value: Value) -> Value:
        """An element-wise product, with the axes along which both of its factors vary."""
        left, right = inputs
        if node.input[0] == node.input[1] or not value.shape:
            return value
        if is_outer(left, right, value.shape):
            what = f"{_label(node)}, a {node.op_type} of all words of {left.shape} with all of {right.shape}"
            raise refused(what)
        weighted = left.constant or right.constant
        return replace(value, factors=varying_together(left, right, value.shape), weighted=weighted)

    def _check_sum(self, node, value: Value) -> None:
        """A sum over an axis along which two factors vary is a product of matrices, written in two steps."""
        made = self.shapes.get(node.output[0], ())
        if len(made) == len(value.shape) and node.op_type != "CumSum":
            summed = {axis for axis, size in enumerate(made) if size != value.shape[axis]}
        else:
            summed = value.factors  # which axes went is not known: any of them
        if summed & value.factors and (value.weighted or "Sum" in node.op_type):
            raise refused(f"{_label(node)}, a {node.op_type} over a product of two tensors")

    def _made_before(self, name: str, node) -> Value:
        if name not in self.values:
            raise CourseError(
                "an operator must read values that were made before it",
                f"{_label(node)}, which reads {name!r}",
                "check the model with onnx.checker.check_model(model)",
            )
        return self.values[name]

    def _with_shape(self, name: str) -> Value:
        return replace(self.values[name], shape=_known(name, self.shapes))


def _attributes(node) -> dict:
    import onnx

    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def _static(node) -> bytes:
    return b"".join(sorted(attribute.SerializeToString() for attribute in node.attribute))


def _pads(about: dict, ifmap: Value, filters: Value, strides, dilations) -> list[int]:
    """Padding as top, left, bottom, right, or left, right; SAME asks for enough that E = ceil(H / U)."""
    auto = about.get("auto_pad", b"NOTSET").decode()
    if auto == "NOTSET":
        return list(about.get("pads", [0] * 2 * len(strides)))
    if auto == "VALID" or len(ifmap.shape) != len(filters.shape):
        return [0] * 2 * len(strides)
    sizes = zip(ifmap.shape[2:], filters.shape[2:], strides, dilations, strict=True)
    missing = [max((-(-H // U) - 1) * U + D * (R - 1) + 1 - H, 0) for H, R, U, D in sizes]
    small, large = [words // 2 for words in missing], [words - words // 2 for words in missing]
    return small + large if auto == "SAME_UPPER" else large + small


def _known(name: str, shapes: Shapes) -> tuple[int, ...]:
    if name not in shapes:
        raise CourseError(
            "every size of a layer must be a number",
            f"{name!r}, whose shape ONNX cannot infer",
            "export the model with fixed sizes",
        )
    return shapes[name]


def _label(node) -> str:
    return node.name or next(filter(None, node.output), node.op_type)
