"""One box: start it, exchange frames with it, watch it, end it with everything in it."""

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from cnnhw.checks.wire import LARGEST_FRAME, LENGTHS, WireError, frame, message
from cnnhw_grading.box import places, seccomp, watch
from cnnhw_grading.box.kinds import Kind
from cnnhw_grading.box.library import Library
from cnnhw_grading.inside import limits

FRAME_SECONDS = 20.0  # by the clock, for one answer, while the processors do nothing for it
_SHARE = 0.1  # of a processor that a box gets at least, however busy the machine is
_FRAME_AT_MOST = 900.0  # by the clock, whatever else
MEMORY_BYTES = 2_000_000_000  # of the box as a whole
OUTPUT_BYTES = 5_000_000
_GRACE_SECONDS = 3  # of processor time past a limit that the box should have kept itself
_LOOK_SECONDS = 0.1  # between two looks at what the box uses
_KEPT_OUTPUT = 20_000  # characters of what the code printed that feedback may show


class BoxEnded(Exception):
    """The box is no more: `outcome` is its name, the words say why."""

    def __init__(self, outcome: str, words: str):
        super().__init__(words)
        self.outcome = outcome


class Box:
    """A running box; use it in a with statement, so that nothing of it stays behind.

    kind     how the box is made
    library  what it may read
    clock    factor on the limits by the clock; a second try, alone, may take longer

    Processor time decides, never a busy machine: an answer's clock runs on by what its code has computed.
    """

    def __init__(self, kind: Kind, library: Library, clock: float = 1.0):
        self._clock, self._printed, self._printed_bytes = clock, [], 0
        self._spent = self._counted = 0.0
        self._buffer = bytearray()
        self._at_the_end = contextlib.ExitStack()
        self._user = self._at_the_end.enter_context(places.taken()) if kind.becomes_nobody else None
        self._orphans_leave = self._user is not None and kind.name != "bubblewrap"
        self._home = tempfile.mkdtemp(prefix="box-", dir=library.folder.parent)
        self._at_the_end.callback(shutil.rmtree, self._home, ignore_errors=True)
        try:
            self._start(kind, library)
        except BaseException:
            self._at_the_end.close()
            raise
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._reads, selectors.EVENT_READ)
        self._selector.register(self._output, selectors.EVENT_READ)
        self._looked = self._asked = self._limit = self._used_before = 0.0

    def __enter__(self) -> "Box":
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def printed(self) -> str:
        """The first characters of what the code printed so far."""
        return b"".join(self._printed).decode("utf-8", "replace")[:_KEPT_OUTPUT]

    def seconds(self) -> float:
        """Processor time used so far, or in all once the box has ended."""
        if self._process is not None:
            self._spent = max(self._spent, watch.usage(self._process.pid, memory=False).seconds)
            self._counted = time.monotonic()
        return self._spent

    def _seconds_lately(self) -> float:
        """The same, at most a tenth of a second old: a call that takes a millisecond is not worth a look."""
        return self._spent if time.monotonic() < self._counted + _LOOK_SECONDS else self.seconds()

    def exchange(
        self, order: Mapping[str, object], seconds: float = limits.CALL_SECONDS
    ) -> dict[str, object]:
        """Send one frame and wait for the answer.

        order    what the box is to do
        seconds  processor time that the answer may take
        returns  the answer's values
        raises   BoxEnded; CourseError if the answer holds a value that cannot be built from its fields
        """
        self._asked, self._used_before = time.monotonic(), self._seconds_lately()
        self._limit = self._used_before + seconds + _GRACE_SECONDS
        self._send(frame(order))
        header, body = self._receive()
        try:
            return message(header, body)
        except WireError as error:
            raise self._ended("broke the protocol", str(error)) from None

    def processes(self) -> set[int]:
        """List the box's processes; without a namespace, its user names those whose parent has ended."""
        orphans = watch.of_user(self._user) if self._orphans_leave else []
        return {pid for pid in (*watch.descendants(self._process.pid), *orphans) if watch.alive(pid)}

    def clear(self, stays: set[int]) -> None:
        """Kill what a question has left behind: its processes take memory, and time, from the next one.

        stays   the processes that were there before the question
        raises  BoxEnded if there are always new ones
        """
        limit = time.monotonic() + _PATIENCE_SECONDS
        while left := self.processes() - stays:
            if time.monotonic() > limit:
                raise self._ended("killed", "processes that the code started do not end")
            _kill(left)
            watch.gone(list(left), seconds=0.1)

    def end(self) -> None:
        """End the box and wait until every process of it is gone."""
        if self._process is None:
            return
        self.seconds()
        process, self._process = self._process, None
        pids = watch.descendants(process.pid)
        _kill(reversed(pids))  # innermost first: bubblewrap's first process takes the whole namespace with it
        process.wait()
        if self._user is not None:
            _kill_all_of(self._user)
        self._selector.close()
        for fd in (self._reads, self._writes, self._output):
            os.close(fd)
        self._at_the_end.close()
        if not watch.gone(pids):
            raise RuntimeError(f"processes {pids} of a box do not end")

    def _start(self, kind: Kind, library: Library) -> None:
        inner_reads, self._writes = os.pipe()
        self._reads, inner_writes = os.pipe()
        self._output, inner_output = os.pipe()
        if kind.name != "bubblewrap":  # which has a folder of its own to write to
            self._furnish(library)
        rules = seccomp.program() if kind.filters else None
        fds = [inner_reads, inner_writes, *([rules.fileno()] if rules else [])]
        number = rules.fileno() if rules else None
        command = kind.command(library, self._home, inner_reads, inner_writes, number, self._user)
        try:
            self._process = subprocess.Popen(
                command, pass_fds=fds, env=kind.environment(library, self._home), cwd=self._home,
                start_new_session=True, stdin=subprocess.DEVNULL, stdout=inner_output, stderr=inner_output,
            )  # fmt: skip
        finally:
            for fd in (inner_reads, inner_writes, inner_output):
                os.close(fd)
            if rules:
                rules.close()
        for fd in (self._reads, self._writes, self._output):
            os.set_blocking(fd, False)

    def _furnish(self, library: Library) -> None:
        """Put into the box's folder what code would else take a second to make."""
        settings = Path(self._home) / "matplotlib"
        settings.mkdir()
        for font in library.fonts:
            shutil.copy(font, settings)
        if self._user is not None:
            for path in (self._home, settings):
                os.chown(path, self._user, self._user)

    def _send(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._writes, left) :]
            except BlockingIOError:
                self._look()
                self._drain(0.01)
            except BrokenPipeError:
                raise self._died() from None

    def _receive(self) -> tuple[bytes, bytes]:
        wanted = LENGTHS.size
        while True:
            if len(self._buffer) >= wanted:
                header, body = LENGTHS.unpack_from(self._buffer)
                if header + body > LARGEST_FRAME:
                    raise self._ended("broke the protocol", f"a frame of {header + body:,} bytes")
                wanted = LENGTHS.size + header + body
                if len(self._buffer) > wanted:
                    raise self._ended("broke the protocol", "more than the one answer that was asked for")
                if len(self._buffer) == wanted:
                    data = bytes(self._buffer)
                    self._buffer.clear()
                    return data[LENGTHS.size : LENGTHS.size + header], data[LENGTHS.size + header :]
            self._look()
            self._drain(_LOOK_SECONDS / 2)

    def _drain(self, seconds: float) -> None:
        """Take in what the box wrote: parts of an answer, and what its code printed."""
        for key, _ in self._selector.select(seconds):
            with contextlib.suppress(BlockingIOError):
                data = os.read(key.fd, 1 << 18)
                if not data:
                    self._selector.unregister(key.fd)
                    if key.fd == self._reads:
                        raise self._died()
                elif key.fd == self._reads:
                    self._buffer += data
                else:
                    self._print(data)

    def _print(self, data: bytes) -> None:
        if self._printed_bytes < _KEPT_OUTPUT:
            self._printed.append(data)
        self._printed_bytes += len(data)
        if self._printed_bytes > OUTPUT_BYTES:
            raise self._ended("output", f"more than {OUTPUT_BYTES:,} bytes printed")

    def _look(self) -> None:
        """End the box if it uses too much; called often, looks ten times a second."""
        now = time.monotonic()
        if now < self._looked + _LOOK_SECONDS:
            return
        self._looked = now
        used = watch.usage(self._process.pid)
        self._spent = max(self._spent, used.seconds)
        waited = now - self._asked
        if waited > min(
            self._clock * FRAME_SECONDS + (self._spent - self._used_before) / _SHARE, _FRAME_AT_MOST
        ):
            raise self._ended("wall", f"no answer within {FRAME_SECONDS * self._clock:g} s")
        if used.memory > MEMORY_BYTES:
            raise self._ended("memory", f"more than {MEMORY_BYTES:,} bytes in all processes together")
        if used.seconds > self._limit:
            if limits.filling(used.memory, used.user, used.system):
                raise self._ended("memory", "more processor time than a question may take, taking memory")
            raise self._ended("CPU", "more processor time than a question may take")
        if used.processes > limits.PROCESSES + _OWN_PROCESSES:
            raise self._ended("killed", f"more than {limits.PROCESSES} processes")

    def _died(self) -> BoxEnded:
        with contextlib.suppress(BlockingIOError):
            self._printed.append(os.read(self._output, _KEPT_OUTPUT))
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        code = self._process.returncode
        if code in (128 + signal.SIGXCPU, -signal.SIGXCPU):
            return self._ended("CPU", "more processor time than a submission may take")
        if code in (128 + signal.SIGKILL, -signal.SIGKILL, 128 + signal.SIGTERM, -signal.SIGTERM):
            return self._ended("killed", "the code, or the system, killed the process")
        return self._ended("crashed", f"the process ended with code {code}")

    def _ended(self, outcome: str, words: str) -> BoxEnded:
        self.end()
        return BoxEnded(outcome, words)


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _kill_all_of(user: int) -> None:
    """Kill what a box's code has started outside any process namespace; its user has no other processes.

    The kernel kills a user's processes all at once, where one after the other would leave a fork bomb time to
    put new ones in the place of old ones.
    """
    limit = time.monotonic() + _PATIENCE_SECONDS
    while watch.of_user(user) and time.monotonic() < limit:
        subprocess.run(
            ["/bin/sh", "-c", "kill -9 -1"], user=user, group=user, extra_groups=(), check=False, cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


_PATIENCE_SECONDS = 5.0  # for killed processes to be gone
_OWN_PROCESSES = 3  # bubblewrap outside and inside, and the program of the box
