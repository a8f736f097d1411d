"""An open file: what `io.FileIO` is elsewhere, over bytes in memory. Python's own buffers and decoders do the rest."""

import io
import os
from typing import Any, Final, NoReturn

from grader.sandbox.inside.files.file_tree import FileTree

_MAX_POSITION: Final = 2**40


class MemoryFile(io.RawIOBase):
    """A file of the table, open for reading, for writing, or for both. `mode` is as that of `io.FileIO`."""

    def __init__(self, tree: FileTree, name: str, path: object, *, reads: bool, writes: bool, appends: bool) -> None:
        super().__init__()
        self._tree, self._name = tree, name
        self._content = tree.make_writable(name) if writes else tree.get_content(name)
        self._reads, self._writes, self._appends = reads, writes, appends
        self._position = len(self._content) if appends else 0
        self.name = path
        self.mode = ("ab" if appends else "rb" if reads else "wb") + ("+" if reads and writes else "")

    def readable(self) -> bool:
        """Return whether it can be read."""
        return self._reads

    def writable(self) -> bool:
        """Return whether it can be written."""
        return self._writes

    def seekable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> NoReturn:
        """Raise UnsupportedOperation: there is no number that C code could read from."""
        raise io.UnsupportedOperation(
            "this file is held in memory and has no number: read it with read(), or write it with write()"
        )

    def readinto(self, buffer: Any) -> int:
        """Read bytes into a buffer, and return their number."""
        self._require(self._reads, "read")
        with memoryview(buffer) as view, view.cast("B") as target:
            data = self._content[self._position : self._position + len(target)]
            target[: len(data)] = data
        self._position += len(data)
        return len(data)

    def readall(self) -> bytes:
        """Return the rest of the file."""
        self._require(self._reads, "read")
        data = bytes(self._content[self._position :])
        self._position += len(data)
        return data

    def write(self, data: Any) -> int:
        """Write bytes at the position, or at the end of a file that is open for appending. Raises OSError."""
        self._require(self._writes, "written")
        content = self._content
        assert isinstance(content, bytearray)  # `make_writable` gave it
        with memoryview(data) as view, view.cast("B") as source:
            start = len(content) if self._appends else self._position
            end = start + len(source)
            self._tree.reserve(max(0, end - len(content)), self._name)
            if start > len(content):
                content.extend(bytes(start - len(content)))
            content[start:end] = source
        self._position = end
        return end - start

    def truncate(self, size: int | None = None) -> int:
        """Cut the file, or fill it up with zeros, to this size."""
        self._require(self._writes, "written")
        content = self._content
        assert isinstance(content, bytearray)
        size = self._position if size is None else int(size)
        if size < 0:
            raise OSError(22, "a size can't be negative")
        self._tree.reserve(size - len(content), self._name)
        if size < len(content):
            del content[size:]
        else:
            content.extend(bytes(size - len(content)))
        return size

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Set the position, and return it."""
        self._require(True, "moved")
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: len(self._content)}.get(whence)
        if start is None:
            raise ValueError(f"invalid whence: {whence!r:.20}")
        position = start + int(offset)
        if not 0 <= position <= _MAX_POSITION:
            raise OSError(22, "this position is outside of the file")
        self._position = position
        return position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def _require(self, allowed: bool, what: str) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        if not allowed:
            raise io.UnsupportedOperation(f"this file is not open to be {what}")
