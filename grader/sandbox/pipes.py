"""The grader's ends of one child's two pipes, on a system with `poll`: nothing here blocks."""

import contextlib
import os
import select
from typing import Final

_CHUNK: Final = 2**16


class Pipes:
    """`requests` is written, `answers` is read; both become non-blocking and are closed by `close`."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests = requests
        self._answers = answers
        self._writable = False
        os.set_blocking(requests, False)
        os.set_blocking(answers, False)
        self._poll = select.poll()
        self._poll.register(answers, select.POLLIN)

    def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
        """Wait up to `seconds` for I/O; return the number of bytes written, and the bytes read.

        Bytes for a reader that has gone count as written: its end shows in the answers. Raises EOFError if no more
        bytes can arrive.
        """
        self._await_writable(bool(outgoing))
        ready = {fd for fd, _ in self._poll.poll(max(0, seconds * 1000))}
        sent = self._write(outgoing) if outgoing and self._requests in ready else 0
        return sent, self._read() if self._answers in ready else b""

    def close(self) -> None:
        """Close both pipes."""
        os.close(self._requests)
        os.close(self._answers)

    def _await_writable(self, wanted: bool) -> None:
        if wanted and not self._writable:
            self._poll.register(self._requests, select.POLLOUT)
        elif self._writable and not wanted:
            self._poll.unregister(self._requests)
        self._writable = wanted

    def _write(self, outgoing: memoryview) -> int:
        sent = 0
        try:
            with contextlib.suppress(BlockingIOError):
                while sent < len(outgoing):
                    sent += os.write(self._requests, outgoing[sent:])
        except BrokenPipeError:
            return len(outgoing)
        return sent

    def _read(self) -> bytes:
        try:
            data = os.read(self._answers, _CHUNK)
        except BlockingIOError:
            return b""
        if not data:
            raise EOFError
        return data
