"""What the box says about an answer in words: errors with the student's own line, values that are none."""

import inspect
import traceback
from collections.abc import Iterator

from cnnhw.checks.plain import same

_LONGEST = 300  # characters of an error's message


def describe(error: BaseException) -> str:
    """Say what was raised, and in which line of the student's cell."""
    try:
        message = " ".join(str(error).split())
    except BaseException as second:  # a student's own exception class may fail to print
        message = f"(its message raised {type(second).__name__})"
    name = str(type(error).__name__)[:80]
    words = f"{name}: {message}"[:_LONGEST] if message else name
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{words}\n  at line {error.lineno}: {(error.text or '').strip()[:200]}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "ipython-input" in f.filename]
    return f"{words}\n  at line {frames[-1].lineno}: {(frames[-1].line or '')[:200]}" if frames else words


def no_value(value: object) -> str:
    """Say what is wrong with a result that is no value at all; "" when the type's own words do."""
    if inspect.iscoroutine(value):
        value.close()
        return "a coroutine: write def, not async def"
    if isinstance(value, (Iterator, range)):
        return f"a {type(value).__name__}, which holds no words yet: put list(...) around it"
    return "a function: did you forget to call it?" if callable(value) else ""


def changed(before, after) -> list[int]:
    """List the places of arguments that a call has changed; another type counts as changed."""
    return [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if not same(old, new)]
