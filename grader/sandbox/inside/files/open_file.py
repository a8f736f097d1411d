"""`open` for the files in memory, with the modes and the errors of Python's own."""

import errno
import io
import sys
from collections.abc import Callable
from typing import Any, Final

from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.files.file_paths import shorten_path
from grader.sandbox.inside.files.file_tree import FileTree
from grader.sandbox.inside.files.memory_file import MemoryFile
from grader.sandbox.inside.tracebacks import is_student_code

_SYSTEM_FOLDERS: Final = ("/sys/", "/proc/")
"""Folders in which libraries look for what they can do without: that is worth no remark."""


def make_opener(tree: FileTree, remarks: CellNotes) -> Callable[..., Any]:
    """Return `open` for this table. A number of an open file is left to Python's own `open`."""
    open_descriptor = io.open

    def open(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        if isinstance(file, int):
            return open_descriptor(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if opener is not None:
            raise io.UnsupportedOperation("open can't be used with an opener here: give the file a name of your own")
        kind, updates, binary = _read_mode(mode)
        if binary and (encoding is not None or errors is not None or newline is not None):
            raise ValueError("binary mode doesn't take an encoding, errors or newline argument")
        try:
            raw = _open_raw(tree, file, kind, updates)
        except FileNotFoundError as error:
            error.filename = shorten_path(file)
            done = "read" if kind == "r" else "written"
            if not error.filename.startswith(_SYSTEM_FOLDERS) or is_student_code(sys._getframe(1).f_code.co_filename):
                remarks.add(f"`{error.filename[:60]}` was not {done}: {_explain(tree, error)}.")
            raise
        buffer = _wrap(raw, kind, updates, buffering, binary)
        if binary:
            return buffer
        text = io.TextIOWrapper(buffer, encoding, errors, newline, line_buffering=buffering == 1)
        text.mode = mode  # type: ignore[misc]  # as Python's own `open` does
        return text

    return open


def _read_mode(mode: object) -> tuple[str, bool, bool]:
    """Return the kind of a mode (r, w, a or x), whether it updates, and whether it is binary. Raises ValueError."""
    if not isinstance(mode, str):
        raise TypeError("open() argument 'mode' must be str")
    text = str.__str__(mode)
    kinds = [letter for letter in text if letter in "rwax"]
    if len(set(text)) < len(text) or set(text) - set("rwaxbt+") or ("b" in text and "t" in text) or len(kinds) != 1:
        raise ValueError(f"invalid mode: {text!r:.40}")
    return kinds[0], "+" in text, "b" in text


def _open_raw(tree: FileTree, file: Any, kind: str, updates: bool) -> MemoryFile:
    name = tree.find(file)
    if kind == "x" and (tree.is_file(name) or name in tree.folders):
        raise FileExistsError(errno.EEXIST, "there is such a file already", name)
    if kind in "wx" or (kind == "a" and not tree.is_file(name)):
        tree.make_file(name)
    reads, writes = kind == "r" or updates, kind != "r" or updates
    return MemoryFile(tree, name, file, reads=reads, writes=writes, appends=kind == "a")


def _wrap(raw: MemoryFile, kind: str, updates: bool, buffering: int, binary: bool) -> Any:
    if buffering == 0:
        if not binary:
            raise ValueError("can't have unbuffered text I/O")
        return raw
    size = io.DEFAULT_BUFFER_SIZE if buffering < 2 else buffering
    if updates:
        return io.BufferedRandom(raw, size)
    return io.BufferedReader(raw, size) if kind == "r" else io.BufferedWriter(raw, size)


def _explain(tree: FileTree, error: OSError) -> str:
    if error.strerror != tree.explain_missing():
        return str(error.strerror)
    return "there is no such file here" if tree.files else str(error.strerror)
