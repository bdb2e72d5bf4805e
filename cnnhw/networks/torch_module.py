"""A network from a PyTorch module: it runs once on shapes without data, and its layers are written down."""

import contextlib
import operator
from collections.abc import Iterator, Sequence

from cnnhw.errors import CourseError
from cnnhw.networks.capture import Capture, check_batch, missing_extra
from cnnhw.networks.network import Network


def from_torch(module, ifmap_shape: Sequence[int], *, name: str = "") -> Network:
    """Read a network from a PyTorch module.

    module       a torch.nn.Module that takes one tensor, or what torch.compile or torch.export made of one;
                 its weights stay where and as they are
    ifmap_shape  (N, C, H, W), or (N, C) for a network of FC layers only
    name         defaults to the name of the module's class
    returns      Network with a layer for each convolution and each product with a matrix of weights, in order
                 of execution, called as modules or as functions, named after their weights. A product with T
                 rows an image becomes a 1x1 layer over H=T positions
    raises       CourseError if the optional package torch is missing, the module cannot run on that shape, an
                 operator does MACs that no LayerShape describes or is not known, two layers share parts of
                 their weights, or the layers change with the batch
    """
    try:
        import torch

        from cnnhw.networks.torch_watch import CannotRun, Watch
    except ImportError:
        raise missing_extra("torch") from None
    name = name or type(module).__name__
    module = _plain(module, torch)
    if not isinstance(module, torch.nn.Module):
        raise CourseError(
            "a PyTorch network is a torch.nn.Module",
            f"a {type(module).__name__}" + (", not yet made" if isinstance(module, type) else ""),
            "give the model itself: from_torch(Model(), (1, 3, 224, 224))",
        )
    shape = _checked(ifmap_shape)
    with _evaluating(module):
        network = Watch(module, Capture(shape[0], {})).run(shape).network(name, "a PyTorch module")
        other = (shape[0] + 1, *shape[1:])
        try:
            witness = Watch(module, Capture(other[0], {})).run(other).network(name, "")
        except CannotRun:
            return network  # it is made for this one batch
    check_batch(network, witness)
    return network


def _plain(module, torch):
    """The module that torch.compile or torch.export was given; TorchScript has lost it."""
    if isinstance(module, torch.export.ExportedProgram):
        return module.module()
    if isinstance(module, torch.nn.Module):
        for path, part in module.named_modules():
            if isinstance(part, torch.jit.ScriptModule):
                raise CourseError(
                    "a TorchScript module cannot be read",
                    f"a {type(part).__name__}" + (f" at {path}" if path else ""),
                    "give the torch.nn.Module that was scripted or traced",
                )
    return getattr(module, "_orig_mod", module)


def _checked(ifmap_shape) -> tuple[int, ...]:
    try:
        shape = tuple(operator.index(size) for size in ifmap_shape)
    except TypeError:
        shape = ()
    if len(shape) < 2 or min(shape) < 1:
        raise CourseError(
            "ifmap_shape is a tuple of whole numbers, the batch first",
            repr(ifmap_shape),
            "write (N, C, H, W), for example (1, 3, 224, 224)",
        )
    return shape


@contextlib.contextmanager
def _evaluating(module) -> Iterator[None]:
    """Put every part of the module in evaluation mode, and back as each was."""
    before = {part: part.training for part in module.modules()}
    for part in before:
        part.training = False  # not module.eval(), which an exported module refuses
    try:
        yield
    finally:
        for part, training in before.items():
            part.training = training
