"""Watch a PyTorch module run on meta tensors, which have shapes but no words. Imports torch."""

from collections.abc import Iterator

import torch
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.utils._python_dispatch import TorchDispatchMode

from cnnhw.errors import CourseError
from cnnhw.networks.capture import Capture, Value, ifmap_value, passed_on


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Operators, by PyTorch's own names, that do MACs which no LayerShape describes.
REFUSED = _names(
    """
    addbmm addmv addr baddbmm dot mv vdot ger _trilinear _cdist_forward _euclidean_dist _scaled_mm
    _int_mm _native_multi_head_attention _transformer_encoder_layer_fwd gru lstm rnn_tanh rnn_relu
    mkldnn_rnn_layer _thnn_fused_lstm_cell _thnn_fused_gru_cell
    """
)
REFUSED_FAMILIES = ("_scaled_dot_product", "_flash_attention", "_efficient_attention")
RECURRENT = (torch.nn.RNNBase, torch.nn.RNNCellBase)
KEEPS_ORDER = _names("view _unsafe_view reshape _reshape_copy flatten squeeze unsqueeze")
CHANGES_ORDER = _names(
    """
    permute transpose t movedim pixel_shuffle pixel_unshuffle channel_shuffle
    """
)
PYTORCHS_OWN = ("aten", "prim", "prims")


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
        # By id; the tensor is kept too, so that no other one can get its id.
        self.known: dict[int, tuple[torch.Tensor, Value]] = {}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # PyTorch's compiler is not used here, and importing it takes seconds

    def run(self, ifmap_shape: tuple[int, ...]) -> None:
        """Run the module once on an ifmap of this shape.

        raises   CourseError if it does not run, or does MACs that no LayerShape describes
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
            raise CourseError(
                "the module must run on an ifmap of the given shape",
                f"{ifmap_shape}, and in {self._where()} {what}",
                "try module(torch.zeros(ifmap_shape)); the sizes must follow from shapes, not from values",
            ) from error
        finally:
            for hook in hooks:
                hook.remove()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func.namespace == "aten":
            with self:  # an operator that is made of others is seen as those
                parts = func.decompose(*args, **kwargs)
            if parts is not NotImplemented:
                return parts
        args, kwargs = self._as_meta(args), self._as_meta(kwargs)
        inputs = [self._value(tensor) for tensor in _tensors((args, kwargs))]
        from_ifmap = any(value.weights is None for value in inputs)
        if from_ifmap:
            self._check(func, args)
        made = func(*args, **kwargs)
        if from_ifmap:
            self._see(func, args)
        for tensor in _tensors(made):
            self._know(tensor, passed_on(inputs, tensor.shape, _kind(func)))
        if from_ifmap and func._schema.is_mutable:
            self._overwritten(args[0])
        return made

    def _check(self, func, args) -> None:
        """Refuse an operator that does MACs which no LayerShape describes, before it runs."""
        name = func.overloadpacket.__name__
        if name == "convolution" and args[6]:
            self._refuse("a transposed convolution")
        if name in REFUSED or name.startswith(REFUSED_FAMILIES):
            self._refuse(f"the operator {name}")
        if func.namespace not in PYTORCHS_OWN:
            self._refuse(f"the operator {func.namespace}::{name}, which is not known here")

    def _see(self, func, args) -> None:
        """Write down an operator that ran, if it is a layer."""
        name = func.overloadpacket.__name__
        if name == "convolution":
            ifmap, filters, _, strides, pads, dilations, _, _, groups = args
            ifmap, filters = self._value(ifmap), self._value(filters)
            label = self._label(filters, "conv")
            self.capture.add_conv(label, ifmap, filters, strides, [*pads, *pads], dilations, groups)
        elif name in ("mm", "addmm", "bmm"):
            self._product(*(args[1:3] if name == "addmm" else args[:2]))

    def _product(self, left: torch.Tensor, right: torch.Tensor) -> None:
        ifmap, filters = self._value(left), self._value(right)
        one_matrix = right.dim() == 2 or right.shape[0] == 1 or right.stride(0) == 0
        if ifmap.weights is not None or filters.weights is None or not one_matrix:
            self._refuse(f"a product of shapes {ifmap.shape} and {filters.shape}")
        label = self._label(filters, "linear")
        self.capture.add_fc(label, ifmap, Value(tuple(right.shape[-2:]), filters.weights))

    def _refuse(self, what: str) -> None:
        raise CourseError(
            "every operator that does MACs must be a convolution or a product with constant weights",
            f"{what} in {self._where()}",
            "capture the parts around it, or give the layers by hand with from_layers",
        )

    def _weights(self) -> dict[str, torch.Tensor]:
        """The module's weights and buffers as meta tensors: the module itself is not touched."""
        weights = {}
        for name, tensor in (*self.module.named_parameters(), *self.module.named_buffers()):
            weights[name] = torch.empty_like(tensor, device="meta")
            self.capture.sizes[name] = tensor.numel()
            self._know(weights[name], Value(tuple(tensor.shape), frozenset({name})))
        self.own = frozenset(weights)
        return weights

    def _as_meta(self, nest):
        """The same arguments, with tensors that are not among the module's weights on meta too."""
        if isinstance(nest, torch.Tensor) and nest.device.type != "meta":
            meta, name = nest.to("meta"), f"tensor {len(self.known)}"
            self.capture.sizes[name] = nest.numel()
            self._know(meta, Value(tuple(nest.shape), frozenset({name})))
            return meta
        if isinstance(nest, (list, tuple)):
            return type(nest)(self._as_meta(part) for part in nest)
        if isinstance(nest, dict):
            return {key: self._as_meta(part) for key, part in nest.items()}
        return nest

    def _value(self, tensor: torch.Tensor) -> Value:
        # A tensor from nowhere is taken to depend on the ifmap: then no layer can be lost, only refused.
        return self.known.get(id(tensor), (tensor, Value(tuple(tensor.shape))))[1]

    def _know(self, tensor: torch.Tensor, value: Value) -> None:
        self.known[id(tensor)] = tensor, value

    def _overwritten(self, tensor: torch.Tensor) -> None:
        """A constant that the ifmap was written into, even through a view, is no constant any more."""
        storage = tensor.untyped_storage()._cdata
        for key, (other, value) in self.known.items():
            if value.weights is not None and other.untyped_storage()._cdata == storage:
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


def _kind(func) -> str:
    name = func.overloadpacket.__name__
    return "reshape" if name in KEEPS_ORDER else "permute" if name in CHANGES_ORDER else "plain"


def _tensors(nest) -> Iterator[torch.Tensor]:
    if isinstance(nest, torch.Tensor):
        yield nest
    elif isinstance(nest, dict):
        yield from _tensors(list(nest.values()))
    elif isinstance(nest, (list, tuple)):
        for part in nest:
            yield from _tensors(part)
