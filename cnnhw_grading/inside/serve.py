"""The program of the box: it runs a notebook's cells in order, and forks a child that answers for a question.

Order of events. The grader sends one frame, the box answers with one:

    {"do": "run", "source": text}    -> {"did": "run", "error": text or None}
    {"do": "ask", "name": name, "without": [names]} -> {"did": "ask", "kind": kind}
        {"do": "value"}              -> {"did": "value", "value": value} or a refusal
        {"do": "call", "arguments": (...)}
                                     -> {"did": "call", "value": value, "changed": [places]} or a refusal
        {"do": "count", "arguments": (...)}
                                     -> {"did": "count", "value": value, "tally": {...}} or a refusal
        {"do": "leave"}              -> {"did": "left", "signal": 0, "filling": False}
    {"do": "end"}                    -> nothing: the box ends

A kind is "nothing" (the name is not there), "none" (it is None), "function" or "value". A refusal is
{"did": "refuse", "outcome": name, "words": text}. Between "ask" and "leave" a forked child holds the line;
when it dies, {"did": "left", "signal": number} comes instead of its answer, and the parent goes on; "filling"
says whether it was taking memory when it did.
"""

import copy
import gc
import os
import signal
import sys
import traceback

from cnnhw.checks.own_work import count, only_own
from cnnhw.checks.plain import Refused
from cnnhw.checks.wire import WireError
from cnnhw_grading.inside import limits, line, told

# Kept from before a student's code runs, which may put something else in their place by mistake or not.
_fork, _exit, _wait4 = os.fork, os._exit, os.wait4


def serve(reads: int, writes: int) -> None:
    """Answer the grader until it ends the box."""
    shell = _shell()
    while True:
        asked = line.read(reads)
        match asked.get("do"):
            case "run":
                line.write(writes, {"did": "run", "error": _run(shell, asked["source"])})
            case "ask":
                _answer_in_child(shell, asked, reads, writes)
            case _:
                return


def _shell():
    """IPython without a history: cells may hold magics, await, a last expression."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.cache_size = 0
    config.InteractiveShell.colors = "NoColor"

    class Shell(InteractiveShell):
        def enable_gui(self, gui=None):
            """There is no screen: %matplotlib draws for nobody."""

    shell = Shell.instance(config=config)
    shell.user_module.__name__ = "__main__"
    sys.modules["__main__"] = shell.user_module
    return shell


def _run(shell, source: str) -> str | None:
    try:
        result = shell.run_cell(source, store_history=False)
    except BaseException as error:  # a student's code may end IPython itself; the next cell still runs
        return told.describe(error)
    error = result.error_before_exec or result.error_in_exec
    return told.describe(error) if error else None


def _answer_in_child(shell, asked: dict, reads: int, writes: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    gc.freeze()  # the child's collector must not copy what the parent holds
    child = _fork()
    if child == 0:
        # Whatever happens, the child never comes back to the parent's loop.
        try:
            limits.limit_question()
            _answer(shell, asked, reads, writes)
        except BaseException:
            traceback.print_exc()
            _exit(1)
        finally:
            _exit(0)
    _, status, used = _wait4(child, 0)
    filling = limits.filling(used.ru_maxrss * 1024, used.ru_utime, used.ru_stime)
    line.write(writes, {"did": "left", "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
                        "status": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
                        "filling": filling})  # fmt: skip


def _answer(shell, asked: dict, reads: int, writes: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    answer = shell.user_ns.get(asked["name"], _answer)
    kind = "nothing" if answer is _answer else "none" if answer is None else "value"
    line.write(writes, {"did": "ask", "kind": "function" if kind == "value" and callable(answer) else kind})
    without = tuple(map(str, asked.get("without", ())))
    while True:
        order = line.read(reads)
        if order.get("do") not in _ANSWERS:
            return
        limits.limit_call()
        line.write(writes, _answered(answer, order, without))


def _answered(answer, order: dict, without: tuple[str, ...]) -> dict:
    try:
        with only_own(without):
            did = {"did": order["do"], **_ANSWERS[order["do"]](answer, order)}
    except BaseException as error:
        return _refusal(error)
    try:
        line.bytes_of(did)
    except WireError as error:
        words = told.no_value(did["value"]) or f"your answer is {error}"
        return {"did": "refuse", "outcome": "wrong type", "words": words}
    except BaseException as error:  # a value whose own methods raise while it is read
        return {"did": "refuse", "outcome": "wrong type", "words": told.describe(error)}
    return did


def _value(answer, order: dict) -> dict:
    return {"value": answer}


def _call(answer, order: dict) -> dict:
    given = order["arguments"]
    before = copy.deepcopy(given)
    return {"value": answer(*given), "changed": told.changed(before, given)}


def _count(answer, order: dict) -> dict:
    value, tally = count(answer, order["arguments"])
    numbers = {name: int(getattr(tally, name)) for name in ("multiplications", "additions", "plain")}
    return {"value": value, "tally": numbers}


_ANSWERS = {"value": _value, "call": _call, "count": _count}


def _refusal(error: BaseException) -> dict:
    if isinstance(error, NotImplementedError):
        outcome = "not attempted"
    elif isinstance(error, Refused):
        return {"did": "refuse", "outcome": "wrong", "words": str(error)}
    else:
        outcome = "memory" if isinstance(error, MemoryError) else "raised"
    return {"did": "refuse", "outcome": outcome, "words": told.describe(error)}
