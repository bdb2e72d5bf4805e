"""Watch a PyTorch module run on meta tensors, which have shapes but no words. Imports torch."""

from dataclasses import replace
from math import prod

import numpy as np
import torch
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.utils._python_dispatch import TorchDispatchMode

from cnnhw.errors import CourseError
from cnnhw.networks.capture import Capture, refused, shared
from cnnhw.networks.torch_arguments import order, place, static, tensors, written
from cnnhw.networks.torch_operators import (
    COUNTED,
    MAKES,
    PERMUTES,
    PRODUCTS,
    RESHAPES,
    SUMS,
    plain_name,
    verdict,
)
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

ADDING = ("addmm", "baddbmm", "addmv")  # the product comes after what it is added to
CHECKS = frozenset({"_assert_tensor_metadata", "_assert_async", "_assert_scalar", "sym_constrain_range"})
RECURRENT = (torch.nn.RNNBase, torch.nn.RNNCellBase)


class CannotRun(CourseError):
    """A module that does not run on the shape that was given."""


class Watch(TorchDispatchMode):
    """Sees every operator of one run, with the shapes of what it reads and makes.

    module   a torch.nn.Module in evaluation mode
    capture  where the layers go
    """

    def __init__(self, module: torch.nn.Module, capture: Capture):
        super().__init__()
        self.module, self.capture = module, capture
        self.paths = {part: path for path, part in module.named_modules()}
        self.own: frozenset[str] = frozenset()  # names of the module's weights
        self.running: list[str] = []  # paths of the modules that are running, outermost first
        self.keys: dict[tuple, int] = {}  # how a constant was made -> a number for it
        self.outside: dict[tuple, tuple[torch.Tensor, Value]] = {}  # constants that the module does not own
        self.taken: dict[int, np.ndarray] = {}  # by storage: the words that are filters of a layer
        # By id; the tensor is kept too, so that no other one can get its id.
        self.known: dict[int, tuple[torch.Tensor, Value]] = {}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # PyTorch's compiler is not used here, and importing it takes seconds

    def run(self, ifmap_shape: tuple[int, ...]) -> Capture:
        """Run the module once on an ifmap of this shape.

        returns  the capture
        raises   CannotRun if it does not run, CourseError if it does MACs that no LayerShape describes
        """
        hooks = register_module_forward_pre_hook(self._enter), register_module_forward_hook(self._leave)
        try:
            with torch.no_grad(), torch.device("meta"):
                ifmap = torch.empty(ifmap_shape)
                self._know(ifmap, ifmap_value(ifmap_shape))
                weights = self._weights()
                with self:
                    torch.func.functional_call(self.module, weights, (ifmap,))
        except CourseError:
            raise
        except Exception as error:  # whatever the reader's module raises is explained, and kept as the cause
            what = f"{type(error).__name__}: {' '.join(str(error).split())}"
            raise CannotRun(
                "the module must run on an ifmap of the given shape",
                f"{ifmap_shape}, and in {self._where()} {what}",
                "try module(torch.zeros(ifmap_shape)); the sizes must follow from shapes, not from values",
            ) from error
        finally:
            for hook in hooks:
                hook.remove()
        return self.capture

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func.namespace == "aten":
            with self:  # an operator that is made of others is seen as those
                parts = func.decompose(*args, **kwargs)
            if parts is not NotImplemented:
                return parts
        args, kwargs = self._as_meta(args), self._as_meta(kwargs)
        inputs = [self._value(tensor) for tensor in tensors((args, kwargs))]
        from_ifmap = any(not value.constant for value in inputs)
        if from_ifmap and plain_name(func.overloadpacket.__name__) in CHECKS:
            return None
        if from_ifmap:
            self._check(func, args, kwargs)
        made = func(*args, **kwargs)
        # Only now, so that a product that cannot run is an error of PyTorch's own words.
        layer = self._layer(func, args, made) if from_ifmap else None
        for number, tensor in enumerate(tensors(made)):
            self._know(tensor, layer or self._made(func, args, kwargs, inputs, tensor, number))
        if from_ifmap:
            for tensor in written(func, args, kwargs):
                self._overwritten(tensor)
        return made

    def _check(self, func, args, kwargs) -> None:
        """Refuse an operator that does MACs which no LayerShape describes, or may do so, before it runs."""
        name = plain_name(func.overloadpacket.__name__)
        if name == "convolution" and args[6]:
            self._refuse("a transposed convolution")
        said = verdict(func.namespace, name)
        if said in ("refused", "not known"):
            full = name if func.namespace == "aten" else f"{func.namespace}::{name}"
            self._refuse(f"the operator {full}" + ", which is not known here" * (said == "not known"))
        if any(tensor.is_complex() for tensor in tensors((args, kwargs))):
            self._refuse(f"the operator {name} on complex numbers, one product of which is several MACs,")
        if name in SUMS:
            self._check_sum(name, args, kwargs)

    def _check_sum(self, name: str, args, kwargs) -> None:
        """A sum over an axis along which two factors vary is a product of matrices, written in two steps."""
        value = self._value(args[0])
        axes = args[1] if len(args) > 1 else kwargs.get("dim")
        axes = [axes] if isinstance(axes, int) else axes or range(len(value.shape))
        summed = {axis % len(value.shape) for axis in axes} & value.factors
        # A mean of two maps' product is what x * sigmoid(x) and a pooling make; it is no layer.
        if summed and (value.weighted or name != "mean"):
            self._refuse(f"the operator {name} over a product of two tensors")

    def _layer(self, func, args, made) -> Value | None:
        """Write down an operator that ran, if it is a layer, and give what it made."""
        name = plain_name(func.overloadpacket.__name__)
        if name == "convolution":
            ifmap, filters, _, strides, pads, dilations, _, _, groups = args
            ifmap, filters = self._value(ifmap), self._value(filters)
            if ifmap.constant and filters.constant:
                return None
            label = self._label(filters, "conv")
            self._take(label, args[1])
            self.capture.add_conv(label, ifmap, filters, strides, [*pads, *pads], dilations, groups)
            return made_map(made.shape) if made.dim() == 4 else Value(tuple(made.shape))
        if name not in COUNTED:
            return None
        left, right = map(self._matrix, args[1:3] if name in ADDING else args[:2])
        if len(right.shape) == 1:
            right = Value((*right.shape, 1), right.weights, right.axes and (*right.axes, ()), right.key)
        if len(left.shape) == 1:
            left = Value((1, *left.shape), left.weights, left.axes and ((), *left.axes), left.key)
        if left.constant and right.constant:
            return None
        label = self._label(right if right.constant else left, "linear")
        for tensor in args[1:3] if name in ADDING else args[:2]:
            self._take(label, tensor)
        try:
            ifmap = self.capture.add_product(label, left, right)
        except CourseError as error:
            self._refuse_product(error, left, right)
        if right.constant:
            return made_rows(ifmap, made.shape)
        return made_rows(ifmap, (*made.shape[:-2], *made.shape[:-3:-1])).turned() if made.dim() > 1 else None

    def _made(self, func, args, kwargs, inputs: list[Value], tensor: torch.Tensor, number: int) -> Value:
        """What is known of a tensor that an operator without MACs made."""
        name = plain_name(func.overloadpacket.__name__)
        constant = all(value.constant for value in inputs)
        enlarged = name in ("expand", "repeat") and inputs[0].shape.count(1) == len(inputs[0].shape)
        if name in MAKES or (constant and (not inputs or (enlarged and tensor.numel() > 1))):
            return self._new_weight(tuple(tensor.shape))
        key = None
        if constant:
            how = func, static((args, kwargs)), tuple(value.key for value in inputs), number
            key = inputs[0].key if name in RESHAPES | PERMUTES else self.keys.setdefault(how, len(self.keys))
        if name in RESHAPES and inputs:
            return reshaped(inputs[0], tensor.shape, key)
        if name in PERMUTES:
            return permuted(inputs[0], tensor.shape, order(name, args), key)
        value = passed_on(inputs, tensor.shape, key)
        if constant or name not in PRODUCTS:
            return value
        return self._product(name, args, value)

    def _product(self, name: str, args, value: Value) -> Value:
        """An element-wise product, with the axes along which both of its factors vary."""
        factors = [arg for arg in args[name.startswith("addc") :][:2] if isinstance(arg, torch.Tensor)]
        if len(factors) < 2 or factors[0] is factors[1]:
            return value
        left, right = map(self._value, factors)
        if is_outer(left, right, value.shape):
            self._refuse(f"the operator {name} of all words of {left.shape} with all of {right.shape}")
        weighted = left.constant or right.constant
        return replace(value, factors=varying_together(left, right, value.shape), weighted=weighted)

    def _matrix(self, tensor: torch.Tensor) -> Value:
        """A factor of a product; a stack of one matrix again and again is that matrix."""
        value = self._value(tensor)
        once = tensor.dim() == 3 and tensor.stride(0) == 0 and value.constant
        return replace(value, shape=value.shape[1:]) if once else value

    def _take(self, label: str, tensor: torch.Tensor) -> None:
        """Mark the words of a layer's filters that are a part of a weight; none may be marked yet."""
        storage, value = tensor.untyped_storage(), self._value(tensor)
        words = storage.nbytes() // tensor.element_size()
        if value.constant and tensor.numel() < words:
            taken = self.taken.setdefault(storage._cdata, np.zeros(words, dtype=bool))
            start = taken[tensor.storage_offset() :]
            part = np.lib.stride_tricks.as_strided(start, tensor.shape, tensor.stride())
            if part.any():
                raise shared(label, value)
            part[...] = True

    def _refuse_product(self, error: CourseError, left: Value, right: Value) -> None:
        if error.got.endswith(f" with shapes {left.shape} and {right.shape}"):
            self._refuse(f"a product of shapes {left.shape} and {right.shape}")
        raise error

    def _refuse(self, what: str) -> None:
        raise refused(f"{what} in {self._where()}")

    def _weights(self) -> dict[str, torch.Tensor]:
        """The module's weights and buffers as meta tensors: the module itself is not touched."""
        weights, sources = {}, {}
        named = (*self.module.named_parameters(), *self.module.named_buffers())
        for name, tensor in named:
            self._check_layout(name, tensor)
            weights[name] = torch.empty_like(tensor, device="meta")
            # Two weights that lie on the same words, as after tying .data, are one.
            source = sources.setdefault(place(tensor), name)
            self.capture.sizes[source] = tensor.numel()
            self._know(weights[name], Value(tuple(tensor.shape), frozenset({source}), None, source))
        self.own = frozenset(weights)
        self.capture.parameters = frozenset(name for name, _ in self.module.named_parameters())
        return weights

    def _check_layout(self, name: str, tensor: torch.Tensor) -> None:
        if tensor.layout != torch.strided or tensor.is_quantized:
            what = "quantised" if tensor.is_quantized else "sparse"
            self._refuse(f"the {what} tensor {name}, whose layer may do fewer or other MACs,")

    def _new_weight(self, shape: tuple[int, ...]) -> Value:
        name = f"tensor {len(self.capture.sizes)}"
        self.capture.sizes[name] = prod(shape)
        return Value(shape, frozenset({name}), None, name)

    def _as_meta(self, nest):
        """The same arguments, with tensors that are not among the module's weights on meta too."""
        if isinstance(nest, torch.Tensor) and nest.device.type != "meta":
            if place(nest) not in self.outside:
                self._check_layout("from outside the module", nest)
                self.outside[place(nest)] = nest, self._new_weight(tuple(nest.shape))
            weight, meta = self.outside[place(nest)][1], nest.to("meta")
            self._know(meta, replace(weight, shape=tuple(nest.shape)))
            return meta
        if isinstance(nest, (list, tuple)):
            return type(nest)(self._as_meta(part) for part in nest)
        if isinstance(nest, dict):
            return {key: self._as_meta(part) for key, part in nest.items()}
        return nest

    def _value(self, tensor: torch.Tensor) -> Value:
        if id(tensor) in self.known:
            return self.known[id(tensor)][1]
        for other, value in list(self.known.values()):  # .data gives a tensor anew, on the same words
            if value.constant and place(other) == place(tensor):
                return replace(value, shape=tuple(tensor.shape))
        # A tensor from nowhere is taken to depend on the ifmap: then no layer can be lost, only refused.
        return Value(tuple(tensor.shape))

    def _know(self, tensor: torch.Tensor, value: Value) -> None:
        self.known[id(tensor)] = tensor, value

    def _overwritten(self, tensor: torch.Tensor) -> None:
        """A constant that the ifmap was written into, even through a view, is no constant any more."""
        storage = tensor.untyped_storage()._cdata
        for key, (other, value) in self.known.items():
            if value.constant and other.untyped_storage()._cdata == storage:
                self.known[key] = other, passed_on([Value(value.shape)], value.shape)

    def _label(self, filters: Value, kind: str) -> str:
        """The layer's name: that of its one weight without ".weight", else the module that runs."""
        names = [name for name in filters.weights or () if name in self.own and name != "weight"]
        if len(names) == 1:
            return names[0].removesuffix(".weight")
        path = self.running[-1] if self.running else ""
        return f"{path}.{kind}" if path else kind

    def _where(self) -> str:
        path = self.running[-1] if self.running else ""
        part = next(type(part).__name__ for part, its_path in self.paths.items() if its_path == path)
        return f"{path} ({part})" if path else part

    def _enter(self, part: torch.nn.Module, args) -> None:
        self.running.append(self.paths.get(part, self.running[-1] if self.running else ""))
        if isinstance(part, RECURRENT):
            self._refuse("a recurrent layer, which uses its weights once a step,")

    def _leave(self, part: torch.nn.Module, args, made) -> None:
        self.running.pop()
