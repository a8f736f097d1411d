"""The table of the files that student code sees: names, contents, folders, and how much may be written."""

import errno
from collections.abc import Mapping
from typing import Final, NoReturn

from grader.sandbox.inside.files.file_paths import read_path, refuse

NO_FILES_MESSAGE: Final = "there are no files here"
MAX_WRITTEN_BYTES: Final = 64 * 2**20
"""Greatest number of bytes that a submission may hold in files."""
MAX_WRITTEN_FILES: Final = 1000
"""Greatest number of files and folders that a submission may make."""
_MAX_LISTED: Final = 5

Content = bytes | memoryview | bytearray
"""The bytes of a file; a `bytearray` is one that was written here."""


class FileTree:
    """Files by name, and folders. `hidden` are files of libraries: they can be read, but are in no folder."""

    def __init__(self, hidden: Mapping[str, bytes]) -> None:
        self._hidden = {name.strip("/"): data for name, data in hidden.items()}
        self.files: dict[str, Content] = {}
        self.folders: dict[str, None] = {"": None}
        self.current = ""
        """The current folder."""
        self._written_bytes = 0
        self._made = 0

    def add_files(self, files: Mapping[str, memoryview]) -> None:
        """Add the course's files, in place of those of another exercise."""
        self.files = dict(files)
        self.folders = {"": None}
        for name in files:
            self._add_parents(name)

    def find(self, path: object) -> str:
        """Return the name of a path. Raises FileNotFoundError, TypeError."""
        return read_path(path, self.current)

    def is_file(self, name: str) -> bool:
        """Return whether there is a file of this name."""
        return name in self.files or name in self._hidden

    def get_content(self, name: str) -> Content:
        """Return a file's bytes. Raises FileNotFoundError, IsADirectoryError."""
        found = self.files.get(name, self._hidden.get(name))
        if found is None:
            self.refuse_missing(name)
        return found

    def refuse_missing(self, name: str) -> NoReturn:
        """Raise the error about a name that is no file: a folder, a path through a file, or nothing."""
        if name in self.folders:
            raise IsADirectoryError(errno.EISDIR, "this is a folder", name or "/")
        refuse(self.explain_missing(), name)

    def explain_missing(self) -> str:
        """Say which files there are, for an error about one that is missing."""
        if not self.files:
            return NO_FILES_MESSAGE
        names = sorted(self.files)
        more = ", ..." if len(names) > _MAX_LISTED else ""
        return f"there is no such file here; there are {', '.join(names[:_MAX_LISTED])}{more}"

    def list_folder(self, name: str) -> list[str]:
        """Return the names in a folder, in order. Raises FileNotFoundError, NotADirectoryError."""
        if name not in self.folders:
            if self.is_file(name):
                raise NotADirectoryError(errno.ENOTDIR, "this is a file", name)
            refuse(self.explain_missing(), name)
        start = f"{name}/" if name else ""
        inside = [*self.files, *self.folders]
        return sorted({n[len(start) :] for n in inside if n.startswith(start) and "/" not in n[len(start) :]} - {""})

    def make_file(self, name: str) -> bytearray:
        """Make an empty file, in place of an earlier one. Raises OSError."""
        self.require_parent(name)
        if name in self.folders:
            raise IsADirectoryError(errno.EISDIR, "this is a folder", name or "/")
        if name not in self.files:
            self._count_made(name)
        else:
            self._written_bytes -= self._get_written_size(name)
        content = self.files[name] = bytearray()
        return content

    def make_writable(self, name: str) -> bytearray:
        """Return a file's bytes for changing; a file of the course is copied first. Raises OSError."""
        content = self.get_content(name)
        if not isinstance(content, bytearray):
            self.reserve(len(content), name)
            content = self.files[name] = bytearray(content)
        return content

    def reserve(self, count: int, name: str) -> None:
        """Count bytes that are about to be written. Raises OSError if there are too many."""
        if self._written_bytes + count > MAX_WRITTEN_BYTES:
            message = f"more than {MAX_WRITTEN_BYTES // 2**20} MB can't be written here"
            raise OSError(errno.ENOSPC, message, name)
        self._written_bytes += count

    def make_folder(self, name: str) -> None:
        """Make a folder. Raises FileExistsError, FileNotFoundError, OSError."""
        if name in self.folders or self.is_file(name):
            raise FileExistsError(errno.EEXIST, "there is such a file or folder already", name or "/")
        self.require_parent(name)
        self._count_made(name)
        self.folders[name] = None

    def remove_file(self, name: str) -> None:
        """Remove a file. Raises FileNotFoundError, IsADirectoryError."""
        if name not in self.files:
            self.refuse_missing(name)
        self._written_bytes -= self._get_written_size(name)
        del self.files[name]

    def remove_folder(self, name: str) -> None:
        """Remove an empty folder. Raises OSError."""
        if self.list_folder(name) or not name:
            raise OSError(errno.ENOTEMPTY, "this folder is not empty", name or "/")
        del self.folders[name]

    def rename(self, old: str, new: str) -> None:
        """Give a file or a folder another name; a file of that name is replaced. Raises OSError."""
        self.require_parent(new)
        if old in self.folders:
            if not old or f"{new}/".startswith(f"{old}/") or new in self.folders or self.is_file(new):
                raise OSError(errno.EINVAL, "this folder can't be renamed so", new or "/")
            self.files = {_replace_start(name, old, new): data for name, data in self.files.items()}
            self.folders = {_replace_start(name, old, new): None for name in self.folders}
            return
        content = self.get_content(old)
        if new in self.folders:
            raise IsADirectoryError(errno.EISDIR, "this is a folder", new or "/")
        if old != new:
            if new in self.files:
                self.remove_file(new)
            self.files[new] = content
            self.files.pop(old, None)

    def require_parent(self, name: str) -> None:
        """Raise FileNotFoundError if the folder of this name isn't there, NotADirectoryError if it is a file."""
        parent = name.rpartition("/")[0]
        if parent not in self.folders:
            if self.is_file(parent):
                raise NotADirectoryError(errno.ENOTDIR, "this is a file", parent)
            refuse(NO_FILES_MESSAGE if not self.files else "there is no such folder here", parent)

    def _count_made(self, name: str) -> None:
        self._made += 1
        if self._made > MAX_WRITTEN_FILES:
            raise OSError(errno.ENOSPC, f"more than {MAX_WRITTEN_FILES} files and folders can't be made here", name)

    def _get_written_size(self, name: str) -> int:
        content = self.files[name]
        return len(content) if isinstance(content, bytearray) else 0

    def _add_parents(self, name: str) -> None:
        parts = name.split("/")[:-1]
        for count in range(1, len(parts) + 1):
            self.folders["/".join(parts[:count])] = None


def _replace_start(name: str, old: str, new: str) -> str:
    return new + name[len(old) :] if name == old or name.startswith(f"{old}/") else name
