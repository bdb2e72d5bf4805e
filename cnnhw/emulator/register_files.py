"""What lies in one register file after each step of a trace, as slides 40-42 draw it."""

from cnnhw.emulator.trace import Event, Trace

TENSORS = ("ifmap", "filter", "psum")


def register_files(trace: Trace, row: int = 0, col: int = 0) -> list[dict[str, dict]]:
    """Give what the register file of one PE holds after the MAC of each cycle.

    trace     a Trace; of a window too
    row, col  the PE
    returns   one entry for each cycle of the window: tensor -> {index: value}, of the tensors that the RF
              keeps, or whatever memory of the PE its MAC reads. A psum is there from its first MAC on; words
              that leave at the end of the cycle are still there
    source    TALK, slides 40-42
    """
    held = {tensor: {} for tensor in TENSORS if trace.is_kept(tensor)}
    here = {(tensor, trace.level_of(tensor), row, col) for tensor in held}
    for event in trace.spelled(trace.held):
        _apply(held, event, here, trace.arithmetic.add)
    first, last = trace.window
    events, snapshots = iter(trace), []
    event = next(events, None)
    for cycle in range(first, last + 1):
        while event is not None and event.cycle == cycle and not _leaves(event):
            _apply(held, event, here, trace.arithmetic.add)
            event = next(events, None)
        snapshots.append({tensor: dict(words) for tensor, words in held.items()})
        while event is not None and event.cycle == cycle:
            _apply(held, event, here, trace.arithmetic.add)
            event = next(events, None)
    return snapshots


def _leaves(event: Event) -> bool:
    return event.what in ("drain", "drop")  # of a cycle's events, hops and updates follow its drains


def _apply(held, event: Event, here: set, add) -> None:
    if (event.tensor, event.level, event.row, event.col) not in here:
        return
    words = held[event.tensor]
    if event.what in ("drain", "drop"):
        words.pop(event.index, None)
    elif event.what == "hop":
        # To a piece that leaves in the same cycle it is added on its way; a new one waits at the adder.
        if event.index in words:
            words[event.index] = add(words[event.index], event.value)
    elif event.what in ("deliver", "fill", "mac"):
        words[event.index] = event.value
