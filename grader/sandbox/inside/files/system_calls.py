"""The functions of `os` that look at names, for the files in memory; those that have no meaning here are refused."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn

from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.files.file_paths import decode_path, refuse, shorten_path
from grader.sandbox.inside.files.file_tree import NO_FILES_MESSAGE, FileTree

_FUNCTIONS: Final = (
    *("stat", "lstat", "listdir", "scandir", "access", "getcwd", "chdir", "mkdir", "rmdir", "remove", "unlink"),
    *("rename", "replace", "open", "readlink", "utime", "chmod", "listxattr", "truncate"),
)
_TIME: Final = 1_577_836_800
"""The time of every file: the beginning of 2020. Archives can't hold one before 1980."""
_FILE_MODE: Final = stat.S_IFREG | 0o644
_FOLDER_MODE: Final = stat.S_IFDIR | 0o755


class FolderEntry(os.PathLike[str]):
    """An entry of a folder, as `os.DirEntry`."""

    def __init__(self, calls: "SystemCalls", folder: str, name: str) -> None:
        self._calls = calls
        self.name = name
        self.path = os.path.join(folder, name)

    def __fspath__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return its size and kind."""
        return self._calls.stat(self.path)

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Return whether it is a folder."""
        return stat.S_ISDIR(self.stat().st_mode)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """Return whether it is a file."""
        return stat.S_ISREG(self.stat().st_mode)

    def is_symlink(self) -> bool:
        """Return False: there are no links."""
        return False

    def is_junction(self) -> bool:
        """Return False: there are no junctions."""
        return False

    def inode(self) -> int:
        """Return its number."""
        return self.stat().st_ino


class FolderIterator(Iterator[FolderEntry]):
    """The entries of a folder, as `os.scandir` gives them."""

    def __init__(self, entries: list[FolderEntry]) -> None:
        self._entries = iter(entries)

    def __next__(self) -> FolderEntry:
        return next(self._entries)

    def __enter__(self) -> "FolderIterator":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the iteration."""
        self._entries = iter(())


class SystemCalls:
    """The functions; each public method replaces the function of `os` of its name."""

    def __init__(self, tree: FileTree, remarks: CellNotes) -> None:
        self._tree = tree
        self._remarks = remarks

    def list_functions(self) -> dict[str, Callable[..., Any]]:
        """Return the functions by their names in `os`."""
        return {name: getattr(self, name) for name in _FUNCTIONS if hasattr(os, name)}

    def stat(self, path: Any, *, dir_fd: object = None, follow_symlinks: bool = True) -> os.stat_result:
        """Return size and kind of a file or folder. Raises FileNotFoundError."""
        if isinstance(path, int):
            raise FileNotFoundError(errno.ENOENT, NO_FILES_MESSAGE, str(int(path)))
        name = self._tree.find(path)
        if name in self._tree.folders:
            mode, size = _FOLDER_MODE, 0
        elif self._tree.is_file(name):
            mode, size = _FILE_MODE, len(self._tree.get_content(name))
        else:
            refuse(self._tree.explain_missing(), shorten_path(path))
        return os.stat_result((mode, hash(name) & 0x7FFFFFFF, 1, 1, 0, 0, size, _TIME, _TIME, _TIME))

    def lstat(self, path: Any, *, dir_fd: object = None) -> os.stat_result:
        """Return what `stat` does: there are no links."""
        return self.stat(path)

    def listdir(self, path: Any = ".") -> list[Any]:
        """Return the names in a folder, in order."""
        names = self._tree.list_folder(self._tree.find("." if path is None else path))
        return [os.fsencode(name) for name in names] if isinstance(path, bytes) else names

    def scandir(self, path: Any = ".") -> FolderIterator:
        """Return the entries of a folder, in order."""
        path = "." if path is None else path
        text = decode_path(path)
        return FolderIterator([FolderEntry(self, text, name) for name in self.listdir(text)])

    def access(self, path: Any, mode: int, **_: object) -> bool:
        """Return whether there is such a file or folder."""
        try:
            self.stat(path)
        except OSError:
            return False
        return True

    def getcwd(self) -> str:
        """Return the current folder; at the beginning `/`."""
        return f"/{self._tree.current}"

    def chdir(self, path: Any) -> None:
        """Make another folder the current one; if there is no such folder, do nothing but remark on it."""
        try:
            name = self._tree.find(path)
        except FileNotFoundError:
            name = None
        if name is not None and name in self._tree.folders:
            self._tree.current = name
            return
        why = "there is no such folder here" if self._tree.files else NO_FILES_MESSAGE
        self._remarks.add(f"`os.chdir` did nothing: {why}.")

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: object = None) -> None:
        """Make a folder."""
        self._tree.make_folder(self._tree.find(path))

    def rmdir(self, path: Any, *, dir_fd: object = None) -> None:
        """Remove an empty folder."""
        self._tree.remove_folder(self._tree.find(path))

    def remove(self, path: Any, *, dir_fd: object = None) -> None:
        """Remove a file."""
        self._tree.remove_file(self._tree.find(path))

    unlink = remove

    def rename(self, src: Any, dst: Any, **_: object) -> None:
        """Give a file or folder another name."""
        self._tree.rename(self._tree.find(src), self._tree.find(dst))

    replace = rename

    def readlink(self, path: Any, *, dir_fd: object = None) -> NoReturn:
        """Raise OSError: there are no links."""
        raise OSError(errno.EINVAL, "this is no link", shorten_path(path))

    def utime(self, path: Any, *_: object, **__: object) -> None:
        """Do nothing but look for the file: its time isn't kept."""
        self.stat(path)

    def chmod(self, path: Any, mode: int, **_: object) -> None:
        """Do nothing but look for the file: its mode isn't kept."""
        self.stat(path)

    def listxattr(self, path: Any = None, **_: object) -> list[str]:
        """Return no attributes."""
        return []

    def truncate(self, path: Any, length: int) -> None:
        """Cut a file, or fill it up."""
        content = self._tree.make_writable(self._tree.find(path))
        self._tree.reserve(length - len(content), "")
        content[:] = content[:length].ljust(length, b"\0")

    def open(self, path: Any, *_: object, **__: object) -> NoReturn:
        """Raise PermissionError: a number of an open file needs the system's own files."""
        raise PermissionError(errno.EACCES, "os.open can't be used here: use open", shorten_path(path))
