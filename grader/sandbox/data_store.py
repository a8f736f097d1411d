"""The data files of an exercise in memory, as one block that all children read; made once per exercise.

On Linux the block is a sealed file in memory: neither its size nor its bytes can change any more, for anybody.
"""

import contextlib
import json
import os
import secrets
import tempfile
from pathlib import Path

from grader.core.errors import CourseError, SandboxFault, describe_cause
from grader.core.wire.data_file import MAX_DATA_BYTES, DataFile
from grader.sandbox.inside.protocol import DATA_HEADER


class DataStore:
    """One block. `fd` is its memory as a file, `path` opens the same, and `number` is never used for another block.

    Raises CourseError if a file can't be read or isn't what it was, SandboxFault if there is no memory for it.
    """

    def __init__(self, files: tuple[DataFile, ...]) -> None:
        self.files = files
        self.number = 1 + secrets.randbelow(2**63)
        self.size = sum(file.size for file in files)
        try:
            self._make_file()
        except OSError as error:
            raise SandboxFault(f"there is no memory for the exercise's data: {describe_cause(error)}") from error
        try:
            self._write()
        except OSError as error:
            self.close()
            raise SandboxFault(f"there is no memory for the exercise's data: {describe_cause(error)}") from error
        except CourseError:
            self.close()
            raise

    def close(self) -> None:
        """Release the memory; processes that have it mapped keep it."""
        os.close(self.fd)
        if self._temporary:
            with contextlib.suppress(OSError):  # a process that has just been killed may still have it open
                os.unlink(self.path)

    def _make_file(self) -> None:
        self._temporary = not hasattr(os, "memfd_create")
        if self._temporary:
            self.fd, self.path = tempfile.mkstemp(prefix="grader-data-")
        else:
            self.fd = os.memfd_create("data", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            self.path = f"/proc/{os.getpid()}/fd/{self.fd}"

    def _write(self) -> None:
        index = json.dumps([[file.name, file.size] for file in self.files]).encode()
        with open(self.fd, "wb", closefd=False) as block:
            block.write(DATA_HEADER.pack(len(index)) + index)
            for file in self.files:
                block.write(_read(file))
        if not self._temporary:
            _seal(self.fd)


class DataCache:
    """The blocks of the exercises that were graded last, as far as they fit into the limit of one exercise."""

    def __init__(self) -> None:
        self._stores: dict[tuple[DataFile, ...], DataStore] = {}

    def get_store(self, files: tuple[DataFile, ...]) -> DataStore | None:
        """Return the block of these files, None if there are none. Raises CourseError, SandboxFault."""
        if not files:
            return None
        store = self._stores.pop(files, None) or DataStore(files)
        self._stores[files] = store
        while len(self._stores) > 1 and sum(each.size for each in self._stores.values()) > MAX_DATA_BYTES:
            self._stores.pop(next(iter(self._stores))).close()
        return store

    def close(self) -> None:
        """Release all blocks."""
        for store in self._stores.values():
            store.close()
        self._stores = {}


def _read(file: DataFile) -> bytes:
    try:
        data = Path(file.path).read_bytes()
    except OSError as error:
        raise CourseError(f"{file.path} can't be read: {describe_cause(error)}") from error
    if len(data) != file.size:
        raise CourseError(f"{file.path} has changed since the course was loaded: start again")
    return data


def _seal(fd: int) -> None:
    import fcntl

    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL)
