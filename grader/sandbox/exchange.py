"""One child's two pipes: frames go out, frames come in, and the child is stopped where it uses more than it may.

A frame is a u32 length and that many bytes of `grader.core.values`. Nothing here waits for longer than a limit, and
nothing larger than a limit is read.
"""

import os
import select
import struct
import time
from collections.abc import Callable
from typing import Final, Protocol

from grader.core.errors import SandboxFault
from grader.core.job import Ended, LimitHit, Limits
from grader.core.values import NotAValue, Value, decode, encode

_LENGTH: Final = struct.Struct("<I")
_CHUNK: Final = 2**16
_SLACK: Final = 2**16  # bytes of a frame beside its values: names, printed text
READY: Final = b"ready"
LARGEST_MESSAGE: Final = 2**28


class Stopped(Exception):
    """The child has to be given up: it hung, died, or broke the protocol. The submission's doing."""

    def __init__(self, ended: Ended, limit: LimitHit | None = None) -> None:
        super().__init__(str(ended))
        self.ended = ended
        self.limit = limit


class Child(Protocol):
    """A running child: the grader's ends of its pipes, non-blocking, and its processor clock."""

    requests: int
    answers: int

    def cpu(self) -> float:
        """Seconds of processor time used so far."""


class Exchange:
    """The conversation with one child."""

    def __init__(self, child: Child, clock: Callable[[], float] = time.monotonic) -> None:
        self._child = child
        self._clock = clock
        self._out = memoryview(b"")
        self._in = bytearray()
        self._ready = False
        self._poll = select.poll()
        self._poll.register(child.answers, select.POLLIN)

    def send(self, message: Value) -> None:
        """Queues a message; it leaves while answers are awaited, so that a child which doesn't read can't hold us."""
        data = encode(message, LARGEST_MESSAGE)
        self._out = memoryview(bytes(self._out) + _LENGTH.pack(len(data)) + data)
        self._push()

    def receive(self, limits: Limits) -> Value:
        """The next message. Raises Stopped, and SandboxFault if the child never came to life."""
        deadline = self._clock() + limits.wall
        processor: float | None = None
        while (frame := self._frame(limits.output + limits.printed * 4 + _SLACK)) is None:
            if processor is None:
                processor = self._child.cpu()
            left = self._left(limits, deadline, processor)
            self._wait(left)
        try:
            return decode(frame)
        except NotAValue as error:
            raise Stopped(Ended.DIED) from error

    def _left(self, limits: Limits, deadline: float, processor: float) -> float:
        """Seconds for which it can't come to a limit. Raises Stopped at one."""
        used = self._child.cpu() - processor
        if used >= limits.cpu:
            raise Stopped(Ended.TIME_LIMIT, LimitHit("cpu", limits.cpu, used, "s"))
        wall = deadline - self._clock()
        if wall <= 0:
            raise Stopped(Ended.TIME_LIMIT, LimitHit("wall", limits.wall, limits.wall - wall, "s"))
        return min(limits.cpu - used, wall)

    def _wait(self, seconds: float) -> None:
        if self._out:
            self._poll.register(self._child.requests, select.POLLOUT)
        for fd, _ in self._poll.poll(max(1, seconds * 1000)):
            if fd == self._child.requests:
                self._push()
            else:
                self._pull()

    def _push(self) -> None:
        """Writes what the pipe takes; a reader that has gone shows itself in the answers."""
        try:
            while self._out:
                self._out = self._out[os.write(self._child.requests, self._out) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._out = memoryview(b"")
        try:
            self._poll.unregister(self._child.requests)
        except KeyError:
            return

    def _pull(self) -> None:
        try:
            data = os.read(self._child.answers, _CHUNK)
        except BlockingIOError:
            return
        if not data:
            if not self._ready and not self._in.startswith(READY):
                raise SandboxFault("a child of the sandbox died before any code ran in it")
            raise Stopped(Ended.DIED)
        self._in += data

    def _frame(self, largest: int) -> bytes | None:
        """The next whole frame, if it is there. Raises Stopped for one that is too large."""
        if not self._ready:
            if len(self._in) < len(READY):
                return None
            self._ready = True
            del self._in[: len(READY)]
        if len(self._in) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._in)
        if length > largest:
            raise Stopped(Ended.DIED)
        end = _LENGTH.size + length
        if len(self._in) < end:
            return None
        frame = bytes(self._in[_LENGTH.size : end])
        del self._in[:end]
        return frame
