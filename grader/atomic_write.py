"""Writes files completely or not at all: beside their place first, then put there in one step.

`replace_file` and `create_file` also wait until the disk holds the content, so that it survives a loss of power.
`replace_if_changed` doesn't: it is for files that can be made again, like pages and notebooks with blanks.
Permissions are those of any new file (the umask decides), at most those of `mode`. A replaced file keeps its own.
PRIVATE_MODE is for whatever holds students' work or points.
"""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PRIVATE_MODE: Final = 0o600
"""Permissions of files for their owner alone."""
_NO_LINKS: Final = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}


def replace_file(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a file in place of the existing one, if any; make the folders above it, as private as the file."""
    _make_folders(path.parent, 0o777 if mode != PRIVATE_MODE else 0o700)
    with temporary_file(path) as fresh:
        _write(fresh, data, mode)
        with contextlib.suppress(FileNotFoundError):
            os.chmod(fresh, stat.S_IMODE(path.stat().st_mode))
        os.replace(fresh, path)


def _make_folders(folder: Path, mode: int) -> None:
    if not folder.exists():
        _make_folders(folder.parent, mode)
        folder.mkdir(mode, exist_ok=True)


def replace_if_changed(path: Path, data: bytes) -> bool:
    """Write a file unless it holds these bytes already; return whether it was written."""
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_file(path) as fresh:
        fresh.write_bytes(data)
        os.replace(fresh, path)
    return True


def create_file(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a new file. Raises FileExistsError if there is one: of several processes, the first one's stays."""
    with temporary_file(path) as fresh:
        _write(fresh, data, mode)
        try:
            place_new(fresh, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _write(path, data, mode)  # a file system without links: new all the same, but not in one step


def place_new(fresh: Path, path: Path) -> None:
    """Give a finished temporary file its name. Raises FileExistsError if that is taken."""
    os.link(fresh, path)  # unlike a rename, it replaces nothing


@contextlib.contextmanager
def temporary_file(path: Path) -> Iterator[Path]:
    """Give a unique hidden name in the folder of `path`; a file that has it in the end is deleted."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        yield fresh
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink()


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write a new file, and wait until the disk holds it."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
