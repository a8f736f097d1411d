"""One child's two pipes: frames go out, frames come in, and the child is stopped where it uses more than it may.

A frame is a u32 length and that many bytes: a message of ours, or values of the child's. Nothing here waits for longer
than a limit, and nothing larger than a limit is read. Before its first frame a child says READY: until then it is
ours, and what goes wrong is our fault; from then on it is the submission's, and so is its clock.
"""

import time
from collections.abc import Callable
from typing import Final, Protocol

from grader.core.errors import SandboxFault
from grader.core.wire.job import LimitHit, Limits, Status
from grader.sandbox.inside.protocol import CHILD_READY, FRAME_LENGTH

_FRAME_OVERHEAD_BYTES: Final = 2**16  # bytes of a frame beside its values: names, printed text
_READY_TIMEOUT_S: Final = 60.0  # seconds that a child may take to get ready on a machine which does much else
_UNSENT_CHECK_DELAY_S: Final = (
    0.02  # seconds of silence after which whatever lies unsent is there: later answers are sent at once
)
MAX_REQUEST_MESSAGE_BYTES: Final = 2**28


class ChildStopped(Exception):
    """The child has to be given up: it hung, died, or broke the protocol. The submission's doing."""

    def __init__(self, ended: Status, limit: LimitHit | None = None) -> None:
        super().__init__(str(ended))
        self.ended = ended
        self.limit = limit


class ChildConnection(Protocol):
    """A running child: bytes to and from it, and its processor clock."""

    def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
        """Waits up to so long until something can move; tells how many bytes went out, and what came in (64 KiB at
        most). Raises EOFError where no more can come in."""

    def read_unsent(self, received: int) -> bytes:
        """What it has said beyond so many bytes of frames, without having sent it yet."""

    def cpu(self) -> float:
        """Seconds of processor time used so far; 0 where the system doesn't tell."""


class _ClockStarts:
    """Since when they run: the one on the wall, and the child's processor time, read when it is first asked for."""

    def __init__(self, wall: float) -> None:
        self.wall = wall
        self.processor: float | None = None


class Channel:
    """The conversation with one child."""

    def __init__(self, child: ChildConnection, clock: Callable[[], float] = time.monotonic) -> None:
        self._child = child
        self._clock = clock
        self._out = memoryview(b"")
        self._in = bytearray()
        self._ready = False
        self._sent = 0  # bytes that came through the pipe
        self._had = 0  # bytes of them, and of those that were found lying, which are in our hands
        self._clocks = _ClockStarts(0.0)
        self._looked = False  # for what lies unsent, since something came

    def send(self, *messages: bytes) -> None:
        """Queues messages.

        They leave while answers are awaited, so that a child which doesn't read can't hold us.
        """
        parts = (part for message in messages for part in (FRAME_LENGTH.pack(len(message)), message))
        self._out = memoryview(b"".join((self._out, *parts)))
        self._reset_clocks()

    def receive(self, limits: Limits) -> bytes:
        """The next frame. Raises Stopped, and SandboxFault if the child never came to life.

        Its clocks run since something was last sent or came before: what is found lying was said at about that time.
        """
        self._await_ready()
        clocks, late = self._clocks, False
        while (frame := self.take_buffered(limits)) is None:
            stopped: ChildStopped | None = None
            try:
                left = self._get_remaining_seconds(limits, clocks)
                if self._transfer(left if self._looked else min(_UNSENT_CHECK_DELAY_S, left)) and not late:
                    late = not left  # what moved at the last moment is looked at, once
                    continue
            except EOFError:
                stopped = ChildStopped(Status.DIED)
            self._looked = True
            found = self._take_unsent()
            if over := stopped or self._check_limits(limits, clocks):
                if late or not found:
                    raise over
                late = True  # nobody who goes on writing there buys time
        return frame

    def take_buffered(self, limits: Limits) -> bytes | None:
        """The next frame, if it came whole. Raises Stopped for one that is too large."""
        if len(self._in) < FRAME_LENGTH.size:
            return None
        (length,) = FRAME_LENGTH.unpack_from(self._in)
        if length > limits.output + limits.printed * 4 + _FRAME_OVERHEAD_BYTES:
            raise ChildStopped(Status.DIED)
        end = FRAME_LENGTH.size + length
        if len(self._in) < end:
            return None
        frame = bytes(self._in[FRAME_LENGTH.size : end])
        del self._in[:end]
        return frame

    def _await_ready(self) -> None:
        deadline = self._clock() + _READY_TIMEOUT_S
        while not self._ready:
            left = deadline - self._clock()
            try:
                self._transfer(min(left, 1.0))
            except EOFError:
                raise SandboxFault("a child of the sandbox died before any code ran in it") from None
            if left <= 0:
                raise SandboxFault("a child of the sandbox didn't get ready")
            self._ready = len(self._in) >= len(CHILD_READY)
            if self._ready:
                del self._in[: len(CHILD_READY)]
                self._sent = self._had = len(self._in)

    def _get_remaining_seconds(self, limits: Limits, clocks: _ClockStarts) -> float:
        """Seconds for which it can't come to a limit."""
        return max(0.0, min(limits.cpu - self._get_cpu_seconds(clocks), clocks.wall + limits.wall - self._clock()))

    def _check_limits(self, limits: Limits, clocks: _ClockStarts) -> ChildStopped | None:
        """At a limit, what that means."""
        computed, waited = self._get_cpu_seconds(clocks), self._clock() - clocks.wall
        if computed >= limits.cpu:
            return ChildStopped(Status.TIME_LIMIT, LimitHit("cpu", limits.cpu, computed, "s"))
        if waited >= limits.wall:
            return ChildStopped(Status.TIME_LIMIT, LimitHit("wall", limits.wall, waited, "s"))
        return None

    def _get_cpu_seconds(self, clocks: _ClockStarts) -> float:
        """Seconds of processor time since they run."""
        now = self._child.cpu()
        if clocks.processor is None:
            clocks.processor = now
        return now - clocks.processor

    def _transfer(self, seconds: float) -> bool:
        """Waits up to so long; whether anything moved."""
        gone, came = self._child.transfer(self._out, seconds)
        self._out = self._out[gone:]
        if came:
            self._in += came[max(0, self._had - self._sent) :]
            self._sent += len(came)
            self._had = max(self._had, self._sent)
            self._reset_clocks()
        return bool(gone or came)

    def _take_unsent(self) -> bool:
        """Takes what was said and not sent; whether there was any."""
        found = self._child.read_unsent(self._had)
        self._in += found
        self._had += len(found)
        return bool(found)

    def _reset_clocks(self) -> None:
        self._clocks = _ClockStarts(self._clock())
        self._looked = False
