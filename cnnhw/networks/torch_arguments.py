"""What an operator of PyTorch was called with: its tensors, and the rest. Imports torch."""

from collections.abc import Iterator

import torch


def order(name: str, args) -> list[int]:
    """The axes in their new order."""
    axes = list(range(args[0].dim()))
    if name == "permute":
        return [axes[axis] for axis in args[1]]
    one, other = (0, 1) if name == "t" else args[1:3]
    if axes and (name != "t" or len(axes) == 2):
        axes[one], axes[other] = axes[other], axes[one]
    return axes


def written(func, args, kwargs) -> Iterator[torch.Tensor]:
    """The tensors that an operator writes into."""
    for number, argument in enumerate(func._schema.arguments):
        if argument.alias_info is not None and argument.alias_info.is_write:
            yield from tensors(args[number] if number < len(args) else kwargs.get(argument.name))


def place(tensor: torch.Tensor) -> tuple[int, int, int]:
    """Where a tensor's words lie."""
    return tensor.untyped_storage()._cdata, tensor.storage_offset(), tensor.numel()


def static(nest) -> str:
    """The arguments that are not tensors, in words."""
    if isinstance(nest, torch.Tensor):
        return "tensor"
    if isinstance(nest, dict):
        return static(sorted(nest.items()))
    return f"[{','.join(map(static, nest))}]" if isinstance(nest, (list, tuple)) else repr(nest)


def tensors(nest) -> Iterator[torch.Tensor]:
    """Give every tensor in an operator's arguments, through lists, tuples and dicts."""
    if isinstance(nest, torch.Tensor):
        yield nest
    elif isinstance(nest, dict):
        yield from tensors(list(nest.values()))
    elif isinstance(nest, (list, tuple)):
        for part in nest:
            yield from tensors(part)
