"""One child's two pipes: frames go out, frames come in, and the child is stopped where it uses more than it may.

A frame is a u32 length and that many bytes of `grader.core.values`. Nothing here waits for longer than a limit, and
nothing larger than a limit is read. Before its first frame a child says READY: until then it is ours, and what goes
wrong is our fault; from then on it is the submission's, and so is its clock.
"""

import time
from collections.abc import Callable
from typing import Final, Protocol

from grader.core.encoding import encode
from grader.core.errors import SandboxFault
from grader.core.job import Ended, LimitHit, Limits
from grader.core.values import Value
from grader.sandbox.inside.protocol import LENGTH, READY

_SLACK: Final = 2**16  # bytes of a frame beside its values: names, printed text
_PATIENCE: Final = 60.0  # seconds that a child may take to get ready on a machine which does much else
LARGEST_MESSAGE: Final = 2**28


class Stopped(Exception):
    """The child has to be given up: it hung, died, or broke the protocol. The submission's doing."""

    def __init__(self, ended: Ended, limit: LimitHit | None = None) -> None:
        super().__init__(str(ended))
        self.ended = ended
        self.limit = limit


class Child(Protocol):
    """A running child: bytes to and from it, and its processor clock."""

    def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
        """Waits up to so long until something can move; tells how many bytes went out, and what came in (64 KiB at
        most). Raises EOFError where no more can come in."""

    def cpu(self) -> float:
        """Seconds of processor time used so far; 0 where the system doesn't tell."""


class Exchange:
    """The conversation with one child."""

    def __init__(self, child: Child, clock: Callable[[], float] = time.monotonic) -> None:
        self._child = child
        self._clock = clock
        self._out = memoryview(b"")
        self._in = bytearray()
        self._ready = False

    def send(self, message: Value, *encoded: bytes) -> None:
        """Queues a message, and others that are bytes already.

        They leave while answers are awaited, so that a child which doesn't read can't hold us.
        """
        frames = (encode(message, LARGEST_MESSAGE), *encoded)
        parts = (part for frame in frames for part in (LENGTH.pack(len(frame)), frame))
        self._out = memoryview(b"".join((self._out, *parts)))

    def receive(self, limits: Limits) -> bytes:
        """The next frame. Raises Stopped, and SandboxFault if the child never came to life."""
        self._await_ready()
        deadline = self._clock() + limits.wall
        processor: float | None = None
        while (frame := self._frame(limits.output + limits.printed * 4 + _SLACK)) is None:
            if processor is None:
                processor = self._child.cpu()
            try:
                self._transfer(self._left(limits, deadline, processor))
            except EOFError:
                raise Stopped(Ended.DIED) from None
        return frame

    def _await_ready(self) -> None:
        deadline = self._clock() + _PATIENCE
        while not self._ready:
            left = deadline - self._clock()
            try:
                self._transfer(min(left, 1.0))
            except EOFError:
                raise SandboxFault("a child of the sandbox died before any code ran in it") from None
            if left <= 0:
                raise SandboxFault("a child of the sandbox didn't get ready")
            self._ready = len(self._in) >= len(READY)
            if self._ready:
                del self._in[: len(READY)]

    def _left(self, limits: Limits, deadline: float, processor: float) -> float:
        """Seconds for which it can't come to a limit. Raises Stopped at one."""
        used = self._child.cpu() - processor
        if used >= limits.cpu:
            raise Stopped(Ended.TIME_LIMIT, LimitHit("cpu", limits.cpu, used, "s"))
        wall = deadline - self._clock()
        if wall <= 0:
            raise Stopped(Ended.TIME_LIMIT, LimitHit("wall", limits.wall, limits.wall - wall, "s"))
        return max(0.001, min(limits.cpu - used, wall))

    def _transfer(self, seconds: float) -> None:
        sent, came = self._child.transfer(self._out, max(0.0, seconds))
        self._out = self._out[sent:]
        self._in += came

    def _frame(self, largest: int) -> bytes | None:
        """The next whole frame, if it is there. Raises Stopped for one that is too large."""
        if len(self._in) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack_from(self._in)
        if length > largest:
            raise Stopped(Ended.DIED)
        end = LENGTH.size + length
        if len(self._in) < end:
            return None
        frame = bytes(self._in[LENGTH.size : end])
        del self._in[:end]
        return frame
