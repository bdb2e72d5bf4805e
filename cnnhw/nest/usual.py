"""The door of all that knows one hierarchy only: what it cannot tell of others it must not guess."""

from cnnhw.nest.loop import MappingError


def check_usual(placed, who: str) -> None:
    """Refuse a nest, or a machine, on another hierarchy than the course's.

    placed  Nest or Machine
    who     what asks, for the message
    raises  MappingError
    """
    order = placed.hierarchy
    if order is None or not order.usual:
        raise MappingError(
            f"{who} knows one hierarchy: DRAM, GLB, one array, RF",
            f"a {type(placed).__name__} of {order or 'places that only its machine knows'}",
            "use count, walk and run, which know any, or a nest and a machine of these four",
        )
