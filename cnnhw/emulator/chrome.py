"""A Trace as JSON for the trace viewers of Chrome and Perfetto."""

import json

from cnnhw.emulator.trace import Event, Trace
from cnnhw.machine.hierarchy import MAC


def chrome_trace(trace: Trace) -> str:
    """Give a trace as JSON that chrome://tracing and ui.perfetto.dev open.

    trace    a Trace
    returns  text: an object with "traceEvents". A cycle is a microsecond; a process is a row of PEs, a thread
             a PE; levels outside the array are a process of their own. MACs last a cycle, all else is an
             instant
    source   the Trace Event Format of the Chromium project
    """
    rows, cols = trace.seats.size(MAC)
    names = [_name("process_name", 0, 0, " and ".join(reversed(trace.seats.outside)))]
    names += [_name("process_name", row + 1, 0, f"PE row {row}") for row in range(rows)]
    names += [
        _name("thread_name", row + 1, col, f"PE ({row}, {col})") for row in range(rows) for col in range(cols)
    ]
    return json.dumps({"traceEvents": names + [_as_json(event) for event in trace], "displayTimeUnit": "ms"})


def _name(kind: str, process: int, thread: int, name: str) -> dict:
    return {"name": kind, "ph": "M", "pid": process, "tid": thread, "args": {"name": name}}


def _as_json(event: Event) -> dict:
    told = {
        "name": f"{event.what} {event.tensor}", "cat": event.level, "ts": event.cycle,
        "pid": event.row + 1, "tid": max(event.col, 0),
        "args": {"index": list(event.index), "value": _plain(event.value), "from": event.source},
    }  # fmt: skip
    if event.from_row >= 0:
        told["args"]["from_pe"] = [event.from_row, event.from_col]
    return told | ({"ph": "X", "dur": 1} if event.what == "mac" else {"ph": "i", "s": "t"})


def _plain(value):
    return value if isinstance(value, (int, float)) else str(value)
