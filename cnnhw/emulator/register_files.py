"""What lies in one register file after each step of a trace, as slides 40-42 draw it."""

from cnnhw.emulator.trace import Event, Trace, spelled

TENSORS = ("ifmap", "filter", "psum")


def register_files(trace: Trace, row: int = 0, col: int = 0) -> list[dict[str, dict]]:
    """Give what the register file of one PE holds after the MAC of each cycle.

    trace     a Trace; of a window too
    row, col  the PE
    returns   one entry for each cycle of the window: tensor -> {index: value}, of the tensors that the RF
              keeps. A psum is there from its first MAC on; words that leave at the end of the cycle are still
              there
    source    TALK, slides 40-42
    """
    held = {tensor: {} for tensor in TENSORS if tensor in trace.nest.keeps["RF"]}
    for event in spelled(trace.held):
        _apply(held, event, row, col, trace.arithmetic.add)
    first, last = trace.window
    events, snapshots = iter(trace), []
    event = next(events, None)
    for cycle in range(first, last + 1):
        while event is not None and event.cycle == cycle and not _leaves(event):
            _apply(held, event, row, col, trace.arithmetic.add)
            event = next(events, None)
        snapshots.append({tensor: dict(words) for tensor, words in held.items()})
        while event is not None and event.cycle == cycle:
            _apply(held, event, row, col, trace.arithmetic.add)
            event = next(events, None)
    return snapshots


def _leaves(event: Event) -> bool:
    return event.what in ("drain", "drop")  # of a cycle's events, hops and updates follow its drains


def _apply(held, event: Event, row: int, col: int, add) -> None:
    if (event.row, event.col) != (row, col) or event.tensor not in held:
        return
    words = held[event.tensor]
    if event.what in ("drain", "drop"):
        words.pop(event.index, None)
    elif event.what == "hop":
        # To a piece that leaves in the same cycle it is added on its way; a new one waits at the adder.
        if event.index in words:
            words[event.index] = add(words[event.index], event.value)
    elif event.what in ("deliver", "mac"):
        words[event.index] = event.value
