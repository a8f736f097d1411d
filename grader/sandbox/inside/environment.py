"""The environment that a notebook expects: names that need no import, and an empty file system.

None of this is a protection; it gives a clear answer where the sandbox would only deny access.
"""

import builtins
import errno
import io
import os
from collections.abc import Callable, Mapping
from typing import Any, Final

import grader
from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.missing_modules import MissingObject

MAX_INPUT_CALLS: Final = 100
NO_FILES_MESSAGE: Final = "there are no files here"
_DENIED_NOTE: Final = "Files, the network and other programs are not available here."


class NotebookServer(MissingObject):
    """The object that `get_ipython()` returns: it runs the code of magics in exported notebooks, and nothing else."""

    def __init__(self, run_magic: Callable[[str, str, str | None], None]) -> None:
        super().__init__("IPython", muted=True)
        self.__dict__["_run_magic"] = run_magic

    def run_cell_magic(self, name: object, line: object = "", cell: object = "", /) -> None:
        """Run a cell magic, whose code is in a text."""
        self._run_magic(str(name), str(line), str(cell))

    def run_line_magic(self, name: object, line: object = "", /, *_: object) -> None:
        """Run the statement of a line magic."""
        self._run_magic(str(name), str(line), None)

    def magic(self, text: object = "", /) -> None:
        """Run the statement of a line magic that is written as one text."""
        name, _, line = str(text).removeprefix("%").partition(" ")
        self._run_magic(name, line, None)


def make_notebook_names(remarks: CellNotes, run_magic: Callable[[str, str, str | None], None]) -> dict[str, Any]:
    """Return `input`, `display` and `get_ipython`."""
    server = NotebookServer(run_magic)
    call_count = 0

    def ask(prompt: object = "", /) -> str:
        nonlocal call_count
        call_count += 1
        remarks.add("`input()` returns an empty string here: nobody can answer.")
        if call_count > MAX_INPUT_CALLS:
            raise EOFError("nobody can answer here")
        return ""

    def display(*values: object, **_: object) -> None:
        print(*values)

    return {"input": ask, "display": display, "get_ipython": lambda: server}


def install_empty_filesystem(remarks: CellNotes, files: Mapping[str, bytes]) -> None:
    """Give this process an empty file system, permanently. Only `files` can be read."""

    def is_there(path: Any) -> bool:
        return _decode_path(path) in files

    def absent(path: Any, *_: object, **__: object) -> Any:
        raise FileNotFoundError(errno.ENOENT, NO_FILES_MESSAGE, _decode_path(path)[:200])

    def nothing(name: str) -> Callable[..., None]:
        def act(*_: object, **__: object) -> None:
            remarks.add(f"`os.{name}` did nothing: {NO_FILES_MESSAGE}.")

        return act

    builtins.open = io.open = _make_opener(remarks, files)
    os.path.isfile = os.path.exists = is_there
    os.stat = os.lstat = absent
    os.getcwd = lambda: "/"
    vars(grader)["check"] = _ignore_check
    os.chdir, os.mkdir, os.makedirs = map(nothing, ("chdir", "mkdir", "makedirs"))


def _ignore_check(*_: object, **__: object) -> None:
    """Do nothing for `from grader import check` in a cell: no check is available here, and that is not an error."""


def note_denied_access(error: BaseException | None, remarks: CellNotes) -> None:
    """Add a remark that explains why the code was denied access."""
    if isinstance(error, PermissionError) and error.strerror != NO_FILES_MESSAGE:
        remarks.add(_DENIED_NOTE)


def _make_opener(remarks: CellNotes, files: Mapping[str, bytes]) -> Callable[..., Any]:
    open_descriptor = io.open

    def open(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
        if isinstance(file, int):
            return open_descriptor(file, mode, *args, **options)
        name = _decode_path(file)
        if name in files and mode == "rb":
            return io.BytesIO(files[name])
        if set(mode) & set("wax+"):
            remarks.add(f"`{name[:60]}` was not written: {NO_FILES_MESSAGE}.")
            raise PermissionError(errno.EACCES, NO_FILES_MESSAGE, name[:200])
        remarks.add(f"`{name[:60]}` was not read: {NO_FILES_MESSAGE}.")
        raise FileNotFoundError(errno.ENOENT, NO_FILES_MESSAGE, name[:200])

    return open


def _decode_path(path: Any) -> str:
    """Return a path as a plain text: matplotlib's paths are strings that compare unequal to every string."""
    return "" if isinstance(path, int) else str.__str__(os.fsdecode(path))
