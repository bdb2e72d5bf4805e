"""Students' code is hostile until shown otherwise: whatever it does, check() prints words and returns."""

import io
import random
import sys
import threading
import time
import warnings

import numpy as np
import pytest

from cnnhw.checks import check, guard
from cnnhw_grading.lessons import find, grade

pytestmark = pytest.mark.usefixtures("examples")


def right(ifmap, filter, U):
    return find("example_slide").reference(ifmap, filter, U)


def raises(error):
    def answer(ifmap, filter, U):
        raise error

    return answer


def recursion(ifmap, filter, U):
    return recursion(ifmap, filter, U)


class Liar(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, dtype=bool)

    __ne__ = __array_ufunc__ = None


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __repr__(self):
        raise RuntimeError("no repr")

    __hash__ = None


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no message")


async def asynchronous(ifmap, filter, U):
    return right(ifmap, filter, U)


def cyclic(*_):
    loop = []
    loop.append(loop)
    return loop


class NotCallable:
    __call__ = 3


class BadSignature:
    @property
    def __signature__(self):
        raise KeyError("no signature")

    def __call__(self, ifmap, filter, U):
        return None


CASES = {
    "any error": (raises(ValueError("boom")), "ValueError: boom"),
    "a long message": (raises(ValueError("x" * 10**6)), "xxx ..."),
    "an error without a message": (raises(Unprintable()), "Unprintable: (its message raised RuntimeError)"),
    "exit": (raises(SystemExit(3)), "SystemExit: 3"),
    "interrupt": (raises(KeyboardInterrupt()), "KeyboardInterrupt"),
    "recursion": (recursion, "RecursionError: maximum recursion depth exceeded"),
    "no return": (lambda *_: None, "your answer is None: did you forget return?"),
    "wrong shape": (lambda i, f, U: right(i, f, U)[1:], "yours     (4, 4)\n    expected  (5, 4)"),
    "swapped axes": (lambda i, f, U: right(i, f, U).T, "are two axes swapped?"),
    "complex": (lambda i, f, U: right(i, f, U) * (1 + 1j), "expected  real numbers"),
    "booleans": (lambda i, f, U: right(i, f, U) > 0, "20 of 20 words differ"),
    "NaN": (lambda i, f, U: right(i, f, U) * float("nan"), "20 of yours are NaN, not a number"),
    "objects": (lambda i, f, U: np.array([[right(i, f, U)]], dtype=object) + None, "TypeError"),
    "lying objects": (lambda *_: np.array([[AlwaysEqual()]]), "your answer is of type AlwaysEqual: numbers"),
    "text": (lambda *_: "x" * 10**6, "xxx ..."),
    "a huge view": (lambda *_: np.broadcast_to(0, (10**6, 10**6)), "yours     (1000000, 1000000)"),
    "a lying array": (lambda i, f, U: (right(i, f, U) + 1).view(Liar), "20 of 20 words differ"),
    "a lying object": (lambda *_: AlwaysEqual(), "your answer is of type AlwaysEqual: numbers"),
    "lying objects in a list": (lambda *_: [AlwaysEqual()], "your answer is of type AlwaysEqual: numbers"),
    "ragged lists": (lambda *_: [[1], [2, 3]], "numbers of shape (5, 4) expected"),
    "a cyclic list": (cyclic, "your answer is of type list"),
    "a generator": (lambda i, f, U: (word for word in right(i, f, U)), "put list(...) around it"),
    "a coroutine": (asynchronous, "a coroutine: write def, not async def"),
    "a function": (lambda *_: right, "a function: did you forget to call it?"),
    "two parameters": (lambda ifmap, filter: 0, "write it as example_slide(ifmap, filter, U); yours takes"),
    "a result, no function": (np.zeros((5, 4)), "give the function itself, without ()"),
    "not really callable": (NotCallable(), "TypeError"),
    "a bad signature": (BadSignature(), "KeyError: 'no signature'"),
    "a built-in": (divmod, "write it as example_slide(ifmap, filter, U)"),
}


@pytest.mark.parametrize(("answer", "said"), CASES.values(), ids=CASES)
def test_check_says_what_is_wrong(capsys, answer, said):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check("example_slide", answer) is None
    captured = capsys.readouterr()
    assert said in captured.out
    assert len(captured.out) < 1500
    assert captured.err == ""
    with pytest.raises(AssertionError, match="^example_slide: not right yet"):
        grade("example_slide", answer)


def test_lists_of_lists_are_as_good_as_an_array():
    grade("example_slide", lambda ifmap, filter, U: right(ifmap, filter, U).tolist())


def test_changed_arguments_are_noticed(capsys):
    def spoils(ifmap, filter, U):
        ofmap = right(ifmap, filter, U)
        ifmap[0, 0] += 1
        return ofmap

    check("example_slide", spoils)
    assert "the result is right, but your code changed ifmap\n" in capsys.readouterr().out


def test_prints_and_warnings_are_caught(capsys):
    def noisy(ifmap, filter, U):
        print("psum is", 3)
        print("to stderr", file=sys.stderr)
        warnings.warn("watch out", stacklevel=1)
        return right(ifmap, filter, U) + 1

    check("example_slide", noisy)
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "your code printed\n    psum is 3\n    to stderr\n" in captured.out


def test_settings_for_everyone_are_put_back():
    def meddles(ifmap, filter, U):
        np.seterr(all="raise")
        np.random.seed(1)
        random.seed(1)
        np.set_printoptions(precision=1)
        sys.setrecursionlimit(500)
        warnings.simplefilter("error")
        sys.stdout = io.StringIO()
        return right(ifmap, filter, U)

    def settings():
        state = np.random.get_state()
        numpy_random = (state[0], state[1].tolist(), *state[2:])
        return (
            np.geterr(),
            numpy_random,
            random.getstate(),
            np.get_printoptions(),
            sys.getrecursionlimit(),
            list(warnings.filters),
            sys.stdout,
        )

    before = settings()
    grade("example_slide", meddles)
    assert settings() == before


def forever():
    while True:
        pass


def forever_and_catching_everything():
    while True:
        try:
            sum(range(10))
        except BaseException:
            continue


def forever_and_printing():
    while True:
        print("still here")


@pytest.mark.parametrize("job", [forever, forever_and_catching_everything, forever_and_printing])
def test_endless_loops_end_and_leave_no_thread(capfd, job):
    threads = threading.active_count()
    outcome = guard.run(job, seconds=0.2)
    assert outcome.error == "no result after 0.2 s: is there an endless loop?"
    assert len(outcome.printed) <= guard.PRINTED_CHARACTERS
    assert threading.active_count() == threads
    assert capfd.readouterr() == ("", "")


def test_a_sleeping_call_is_not_waited_for():
    done = threading.Event()
    error = guard.run(lambda: time.sleep(8) or done.set(), seconds=0.2).error
    assert error.endswith("is there an endless loop?\nit still runs: restart the kernel to end it")
    assert not done.is_set()


def test_a_deadline_just_after_the_end_harms_nothing(capfd):
    # Jobs end at about the deadline, some before and some after it: each outcome is one or the other.
    for attempt in range(40):
        outcome = guard.run(lambda: time.sleep(0.01) or "done", seconds=0.0095 + attempt * 0.00005)
        assert (outcome.value, outcome.error) in [
            ("done", ""),
            (None, f"no result after {0.0095 + attempt * 0.00005:g} s: is there an endless loop?"),
        ]
    time.sleep(0.05)
    assert capfd.readouterr() == ("", "")
