"""A network from a PyTorch module: it runs once on shapes without data, and its layers are written down."""

import contextlib
import operator
from collections.abc import Iterator, Sequence

from cnnhw.errors import CourseError
from cnnhw.networks.capture import Capture, missing_extra
from cnnhw.networks.network import Network


def from_torch(module, ifmap_shape: Sequence[int], *, name: str = "") -> Network:
    """Read a network from a PyTorch module.

    module       a torch.nn.Module that takes one tensor; its weights stay where and as they are
    ifmap_shape  (N, C, H, W), or (N, C) for a network of FC layers only
    name         defaults to the name of the module's class
    returns      Network with a layer for each convolution and each product with a matrix of weights, in order
                 of execution, called as modules or as functions, named after their weights. A product with T
                 rows an image becomes a 1x1 layer over H=T positions
    raises       CourseError if the optional package torch is missing, the module cannot run on that shape, an
                 operator does MACs that no LayerShape describes, or two layers share weights
    """
    try:
        import torch

        from cnnhw.networks.torch_watch import Watch
    except ImportError:
        raise missing_extra("torch") from None
    if not isinstance(module, torch.nn.Module):
        raise CourseError(
            "a PyTorch network is a torch.nn.Module",
            f"a {type(module).__name__}" + (", not yet made" if isinstance(module, type) else ""),
            "give the model itself: from_torch(Model(), (1, 3, 224, 224))",
        )
    shape = _checked(ifmap_shape)
    capture = Capture(shape[0], {})
    with _evaluating(module):
        Watch(module, capture).run(shape)
    return capture.network(name or type(module).__name__, "a PyTorch module")


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
    module.eval()
    try:
        yield
    finally:
        for part, training in before.items():
            part.training = training
