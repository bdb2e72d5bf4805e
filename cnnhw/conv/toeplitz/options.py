"""The one option that conv_toeplitz and its counts share: which tensor is expanded."""

from cnnhw.errors import ShapeError

IFMAP, FILTERS = "ifmap", "filters"


def check_expand(expand: str) -> None:
    """Refuse anything but the two ways round.

    expand   "ifmap" or "filters"
    raises   ShapeError if it is neither
    """
    if expand not in (IFMAP, FILTERS):
        raise ShapeError(
            "one of the two tensors is expanded to a matrix",
            f"expand={expand!r}",
            f'use expand="{IFMAP}" or expand="{FILTERS}"',
        )
