"""Memory shared with a zygote's children, for answers that a child has given but not sent. Linux only.

Untrusted code writes here: the content is copied before it is read, and no number in it can point outside the buffer.
"""

import fcntl
import os
from mmap import mmap
from typing import Final

from grader.sandbox.inside.protocol import SHARED_BUFFER_BYTES, UNSENT_HEADER

_SEALS: Final = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL


class SharedBuffer:
    """One zygote's buffer. `fd` is the memory as a file, for the zygote to map. Raises OSError if unavailable."""

    def __init__(self) -> None:
        self.fd = os.memfd_create("answers", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(self.fd, SHARED_BUFFER_BYTES)
            fcntl.fcntl(self.fd, fcntl.F_ADD_SEALS, _SEALS)  # a file that can't shrink can't raise SIGBUS in the grader
            self._memory = mmap(self.fd, SHARED_BUFFER_BYTES)
        except OSError:
            os.close(self.fd)
            raise

    def clear(self) -> None:
        """Erase one child's answers before the next child starts. No child may be alive."""
        self._memory[:] = bytes(SHARED_BUFFER_BYTES)

    def read_unsent(self, received_bytes: int) -> bytes:
        """Return the answers after the first `received_bytes` bytes of a child's answers."""
        begin, length = UNSENT_HEADER.unpack_from(self._memory)
        if not begin <= received_bytes < begin + length <= begin + SHARED_BUFFER_BYTES - UNSENT_HEADER.size:
            return b""
        return self._memory[UNSENT_HEADER.size + received_bytes - begin : UNSENT_HEADER.size + length]

    def close(self) -> None:
        """Release the memory."""
        self._memory.close()
        os.close(self.fd)
