"""Writes pages below a folder, for their owner alone unless they are published, and follows no link in it.

Somebody else may be able to write in the folder: a link there must not lead the pages, or their content, elsewhere.
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from grader.core.errors import UsageError

_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_EXISTING_FILE: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""A pipe of the page's name, which nobody writes to, keeps nobody waiting: it is replaced."""
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_PRIVATE_FILE: Final = 0o600


@dataclass(frozen=True)
class PageFolder:
    """A folder for pages. With a `mode`, all files that are written get it, and folders with the matching bits.

    Without one, new files and folders are for their owner alone, and existing ones keep their permissions.
    """

    path: Path
    mode: int | None = None

    def write(self, name: PurePath, data: bytes) -> bool:
        """Replace a file's content in one step; return False if it was the same already. Raises UsageError."""
        path = self.path / name
        try:
            with self._open_parent(name) as folder:
                return self._write_in(folder, path, data)
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(
                f"{path} can't be written ({reason}): choose another folder, or make room in it"
            ) from error

    @contextlib.contextmanager
    def _open_parent(self, name: PurePath) -> Iterator[int]:
        """Open the folder of a file, and make those folders that are missing."""
        if not self.path.exists():
            self.path.mkdir(mode=self._folder_mode, parents=True)
        folder = os.open(self.path, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
        try:
            self._publish(folder, self._folder_mode)
            for depth, part in enumerate(name.parts[:-1], 1):
                _refuse_link(folder, part, self.path.joinpath(*name.parts[:depth]))
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, self._folder_mode, dir_fd=folder)
                inner = os.open(part, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = inner
                self._publish(folder, self._folder_mode)
            yield folder
        finally:
            os.close(folder)

    def _write_in(self, folder: int, path: Path, data: bytes) -> bool:
        _refuse_link(folder, path.name, path)
        mode = _PRIVATE_FILE if self.mode is None else self.mode
        try:
            existing = os.open(path.name, _EXISTING_FILE, dir_fd=folder)
        except FileNotFoundError:
            pass
        else:
            with open(existing, "rb") as file:
                if file.read() == data:
                    self._publish(existing, mode)
                    return False
                found = os.fstat(existing)
                is_own = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()
                if self.mode is None and is_own:  # somebody else's permissions would show them the page
                    mode = stat.S_IMODE(found.st_mode)
        fresh = f".{path.name}.{secrets.token_hex(6)}.tmp"
        try:
            with open(os.open(fresh, _NEW_FILE, _PRIVATE_FILE, dir_fd=folder), "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), mode)
            os.replace(fresh, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(fresh, dir_fd=folder)
        return True

    @property
    def _folder_mode(self) -> int:
        """The mode of a folder: whoever may read its files may list it and enter it."""
        mode = _PRIVATE_FILE if self.mode is None else self.mode
        return mode | (mode & 0o444) >> 2

    def _publish(self, descriptor: int, mode: int) -> None:
        if self.mode is not None:
            os.fchmod(descriptor, mode)


def _refuse_link(folder: int, name: str, path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise UsageError(f"{path} is a link, and pages are written through none: delete it, then run this again")
