"""The files of an exercise as one block of bytes: an index as JSON, then their contents.

A child reads them where they are mapped. The mapping is private and read-only, so a fork copies nothing of it.
"""

import json
import mmap as constants
import os
from mmap import PAGESIZE, mmap
from typing import Final

from grader.sandbox.inside.protocol import DATA_HEADER

_READ_ONLY: Final[dict[str, int]] = (
    {"flags": constants.MAP_PRIVATE, "prot": constants.PROT_READ}
    if hasattr(constants, "MAP_PRIVATE")
    else {"access": constants.ACCESS_READ}
)
"""The options of a mapping that can't be changed: a private one where the system has such, so that what a process does
to it stays in it."""


class DataBlock:
    """One mapped block. `files` are the contents by name, `size` is what it takes of the address space, in bytes."""

    def __init__(self, fd: int) -> None:
        size = os.fstat(fd).st_size
        self._memory = mmap(fd, size, **_READ_ONLY)
        self.size = -(-size // PAGESIZE) * PAGESIZE
        (index_size,) = DATA_HEADER.unpack_from(self._memory)
        start = DATA_HEADER.size + index_size
        self.files: dict[str, memoryview] = {}
        whole = memoryview(self._memory)
        for name, length in json.loads(whole[DATA_HEADER.size : start].tobytes()):
            self.files[name] = whole[start : start + length]
            start += length
        whole.release()

    def close(self) -> None:
        """Unmap the block."""
        for part in self.files.values():
            part.release()
        self.files = {}
        self._memory.close()
