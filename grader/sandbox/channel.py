"""One child's two pipes: sends and receives frames, and stops the child if it exceeds a limit.

A frame is a u32 length and that many bytes: a message from the grader, or values from the child. No call waits longer
than a limit, and no frame larger than a limit is read. Before its first frame a child sends CHILD_READY. Until then
every failure is the grader's; after that failures and time are the submission's.
"""

import time
from collections.abc import Callable
from typing import Final, Protocol

from grader.core.errors import SandboxFault
from grader.core.wire.job import LimitHit, Limits, Status
from grader.sandbox.inside.protocol import CHILD_READY, FRAME_LENGTH
from grader.sandbox.sleep_meter import Activity, SleepMeter

_FRAME_OVERHEAD_BYTES: Final = 2**16  # bytes of a frame besides its values: names, printed text
_READY_TIMEOUT_S: Final = 60.0  # seconds until a child must be ready, even on a busy machine
_UNSENT_CHECK_DELAY_S: Final = (
    0.02  # seconds of silence before unsent answers are read: after a pause, a child sends each answer at once
)
MAX_REQUEST_MESSAGE_BYTES: Final = 2**28


class ChildStopped(Exception):
    """The child has to be given up: it hung, died, or violated the protocol. The submission is at fault."""

    def __init__(self, status: Status, limit: LimitHit | None = None) -> None:
        super().__init__(str(status))
        self.ended = status
        self.limit = limit


class ChildConnection(Protocol):
    """A running child: bytes to and from it, and its CPU time."""

    def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
        """Wait up to `seconds` for I/O; return the number of bytes written, and the bytes read.

        At most 64 KiB are read. Raises EOFError if no more bytes can arrive.
        """

    def read_unsent(self, received_bytes: int) -> bytes:
        """Return the frames after the first `received_bytes` bytes that the child has written but not sent yet."""

    def cpu(self) -> float:
        """CPU seconds used so far; 0 if the system doesn't report it."""

    def read_activity(self) -> Activity | None:
        """Return whether it sleeps, computes, or waits for a processor; None if the system doesn't report it."""


class _ClockStarts:
    """The start of all measurements: wall time, sleep, and the child's CPU time, which is read on first use."""

    def __init__(self, wall: float, slept: float) -> None:
        self.wall = wall
        self.slept = slept
        self.processor: float | None = None


class Channel:
    """The conversation with one child."""

    def __init__(self, child: ChildConnection, clock: Callable[[], float] = time.monotonic) -> None:
        self._child = child
        self._clock = clock
        self._out = memoryview(b"")
        self._in = bytearray()
        self._ready = False
        self._sent = 0  # bytes received through the pipe
        self._taken = 0  # bytes taken, whether received through the pipe or found unsent
        self._sleep = SleepMeter(child.read_activity)
        self._clocks = _ClockStarts(0.0, 0.0)
        self._unsent_checked = False  # whether unsent answers were read since the last bytes arrived

    @property
    def slept(self) -> float:
        """The seconds that the child has slept."""
        return self._sleep.total

    @property
    def has_unread(self) -> bool:
        """Whether the child has left some of what was sent to it unread, so that it can't be written yet."""
        return bool(self._out)

    def send(self, *messages: bytes) -> None:
        """Queue messages.

        They are written while answers are awaited, so that a child which doesn't read can't block the grader.
        """
        parts = (part for message in messages for part in (FRAME_LENGTH.pack(len(message)), message))
        self._out = memoryview(b"".join((self._out, *parts)))
        self._reset_clocks()

    def receive(self, limits: Limits) -> bytes:
        """Return the next frame. Raises ChildStopped, and SandboxFault if the child never became ready.

        Time is counted since the last frame was sent or received: unsent answers were written at about that time.
        """
        self._await_ready()
        clocks, late = self._clocks, False
        while (frame := self.take_buffered(limits)) is None:
            stopped: ChildStopped | None = None
            try:
                left = self._get_remaining_seconds(limits, clocks)
                delay = left if self._unsent_checked else min(_UNSENT_CHECK_DELAY_S, left)
                if self._wait(delay, limits, clocks) and not late:
                    late = not left  # bytes that arrive at the last moment are examined once
                    continue
            except EOFError:
                stopped = ChildStopped(Status.DIED)
            self._unsent_checked = True
            found = self._take_unsent()
            if over := stopped or self._check_limits(limits, clocks):
                if late or not found:
                    raise over
                late = True  # a child gains no time by continuing to write
        return frame

    def _wait(self, seconds: float, limits: Limits, clocks: _ClockStarts) -> bool:
        """Wait for bytes, and look meanwhile whether the child sleeps too long; return whether any arrived."""
        while True:
            wait = min(seconds, self._sleep.seconds_to_check)
            began = self._clock()
            arrived = self._transfer(wait)
            self._sleep.add_wait(min(wait, self._clock() - began))
            if not self._sleep.seconds_to_check:
                self._sleep.check()
            seconds -= wait
            if arrived or seconds <= 0 or self._get_sleep_seconds(clocks) >= limits.sleep:
                return arrived

    def take_buffered(self, limits: Limits) -> bytes | None:
        """Return the next frame, if it has arrived whole. Raises ChildStopped if it is too large."""
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
                self._sent = self._taken = len(self._in)

    def _get_remaining_seconds(self, limits: Limits, clocks: _ClockStarts) -> float:
        """Return the seconds during which no limit can be reached."""
        return max(0.0, min(limits.cpu - self._get_cpu_seconds(clocks), clocks.wall + limits.wall - self._clock()))

    def _check_limits(self, limits: Limits, clocks: _ClockStarts) -> ChildStopped | None:
        """Return the exception for a limit that has been reached; None if there is none."""
        computed, waited = self._get_cpu_seconds(clocks), self._clock() - clocks.wall
        slept = self._get_sleep_seconds(clocks)
        if computed >= limits.cpu:
            return ChildStopped(Status.TIME_LIMIT, LimitHit("cpu", limits.cpu, computed, "s"))
        if slept >= limits.sleep:
            return ChildStopped(Status.TIME_LIMIT, LimitHit("sleep", limits.sleep, slept, "s"))
        if waited >= limits.wall:
            return ChildStopped(Status.TIME_LIMIT, LimitHit("wall", limits.wall, waited, "s"))
        return None

    def _get_cpu_seconds(self, clocks: _ClockStarts) -> float:
        """Return the CPU seconds since the clocks were started."""
        now = self._child.cpu()
        if clocks.processor is None:
            clocks.processor = now
        return now - clocks.processor

    def _get_sleep_seconds(self, clocks: _ClockStarts) -> float:
        return self._sleep.total - clocks.slept

    def _transfer(self, seconds: float) -> bool:
        """Wait up to `seconds`; return whether any bytes were written or read."""
        written, received = self._child.transfer(self._out, seconds)
        self._out = self._out[written:]
        if received:
            self._in += received[max(0, self._taken - self._sent) :]
            self._sent += len(received)
            self._taken = max(self._taken, self._sent)
            self._reset_clocks()
        return bool(written or received)

    def _take_unsent(self) -> bool:
        """Take the answers that were written and not sent; return whether there were any."""
        found = self._child.read_unsent(self._taken)
        self._in += found
        self._taken += len(found)
        return bool(found)

    def _reset_clocks(self) -> None:
        self._clocks = _ClockStarts(self._clock(), self._sleep.total)
        self._unsent_checked = False
