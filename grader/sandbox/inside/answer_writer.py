"""Writes answers in batches, because each write wakes the grader; until then they wait in a buffer shared with it.

The grader reads the unsent answers of a child that hangs or dies from the buffer, so that every finished answer counts
and the blame falls on the next one.
"""

import os
import time
from mmap import mmap
from typing import Final

from grader.sandbox.inside.protocol import UNSENT_HEADER

_FLUSH_INTERVAL_S: Final = 0.005  # seconds between two writes: the grader restarts its clocks when bytes arrive


class AnswerWriter:
    """The answers of one child, as a stream of bytes. Without a shared buffer each answer is sent at once."""

    def __init__(self, fd: int, buffer: mmap | None) -> None:
        self._fd = fd
        self._buffer = buffer
        self._capacity = len(buffer) - UNSENT_HEADER.size if buffer else -1
        self._begin = 0
        self._length = 0
        self._sent = time.monotonic()

    def append(self, data: bytes) -> None:
        """Append the next bytes."""
        if self._length + len(data) > self._capacity:
            self.flush()
        if self._buffer is None or len(data) > self._capacity:
            self._write(memoryview(data))
            self._begin += len(data)
            return
        start = UNSENT_HEADER.size + self._length
        self._buffer[start : start + len(data)] = data
        self._length += len(data)
        self._update_header()
        if time.monotonic() - self._sent > _FLUSH_INTERVAL_S:
            self.flush()

    def flush(self) -> None:
        """Send the content of the buffer."""
        if self._buffer is None or not self._length:
            return
        with memoryview(self._buffer) as view:
            self._write(view[UNSENT_HEADER.size : UNSENT_HEADER.size + self._length])
        self._begin += self._length
        self._length = 0
        self._update_header()

    def _update_header(self) -> None:
        assert self._buffer is not None
        UNSENT_HEADER.pack_into(self._buffer, 0, self._begin, self._length)

    def _write(self, view: memoryview) -> None:
        while view:
            view = view[os.write(self._fd, view) :]
        self._sent = time.monotonic()
