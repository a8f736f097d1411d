"""Reads incoming messages, many at once, because each system call costs as much as a small answer.

Each message is a frame with a pickle in it, because only the grader writes here. Outgoing messages never are pickles:
see `runner`.
"""

import os
import pickle
from typing import Any, Final

from grader.sandbox.inside.protocol import FRAME_LENGTH

_CHUNK_BYTES: Final = 2**16


class MessageReader:
    """Reads messages from a file descriptor, one after the other."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._buffer = bytearray()

    def read_message(self) -> Any:
        """Return the next message; None at the end."""
        header = self._take(FRAME_LENGTH.size)
        data = header and self._take(FRAME_LENGTH.unpack(header)[0])
        return None if data is None else pickle.loads(data)

    def _take(self, count: int) -> bytes | None:
        buffer = self._buffer
        while len(buffer) < count:
            part = os.read(self._fd, _CHUNK_BYTES)
            if not part:
                return None
            buffer += part
        data = bytes(buffer[:count])
        del buffer[:count]
        return data
