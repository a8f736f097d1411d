"""Answers on their way out: sent together, for whoever waits is woken by each; until then they lie on the shelf.

The shelf is memory that the grader shares. What a child which hangs or dies has not sent is found there, so that an
answer that was given counts, and the next one is to blame.
"""

import os
import time
from mmap import mmap
from typing import Final

from grader.sandbox.inside.protocol import UNSENT_HEADER

_FLUSH_INTERVAL_S: Final = 0.005  # seconds between two that are sent: the grader's clocks start when something comes


class AnswerWriter:
    """The answers of one child, as a stream of bytes. Without a shelf each is sent at once."""

    def __init__(self, fd: int, shelf: mmap | None) -> None:
        self._fd = fd
        self._shelf = shelf
        self._capacity = len(shelf) - UNSENT_HEADER.size if shelf else -1
        self._begin = 0
        self._length = 0
        self._sent = time.monotonic()

    def put(self, data: bytes) -> None:
        """The next bytes."""
        if self._length + len(data) > self._capacity:
            self.flush()
        if self._shelf is None or len(data) > self._capacity:
            self._write(memoryview(data))
            self._begin += len(data)
            return
        start = UNSENT_HEADER.size + self._length
        self._shelf[start : start + len(data)] = data
        self._length += len(data)
        self._update_header()
        if time.monotonic() - self._sent > _FLUSH_INTERVAL_S:
            self.flush()

    def flush(self) -> None:
        """Sends what lies on the shelf."""
        if self._shelf is None or not self._length:
            return
        with memoryview(self._shelf) as view:
            self._write(view[UNSENT_HEADER.size : UNSENT_HEADER.size + self._length])
        self._begin += self._length
        self._length = 0
        self._update_header()

    def _update_header(self) -> None:
        assert self._shelf is not None
        UNSENT_HEADER.pack_into(self._shelf, 0, self._begin, self._length)

    def _write(self, view: memoryview) -> None:
        while view:
            view = view[os.write(self._fd, view) :]
        self._sent = time.monotonic()
