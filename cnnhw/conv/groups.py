"""Which channels and which filters belong together."""

from cnnhw.shape import LayerShape


def members(shape: LayerShape, group: int) -> tuple[slice, slice]:
    """Give the ifmap channels and the filters of one group.

    shape    any LayerShape
    group    0 <= group < G
    returns  slices of C/G channels and of M/G filters

    >>> members(LayerShape(M=4, C=6, H=3, R=1, G=2), 1)
    (slice(3, 6, None), slice(2, 4, None))
    """
    seen, made = shape.seen, shape.made
    return slice(group * seen, (group + 1) * seen), slice(group * made, (group + 1) * made)
