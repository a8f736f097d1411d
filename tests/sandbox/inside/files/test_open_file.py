"""Tests of `open` for files in memory: it does what Python's own does with a folder of the same files.

Covers `sandbox/inside/files/file_paths.py`, `sandbox/inside/files/file_tree.py` and
`sandbox/inside/files/memory_file.py`.
"""

import builtins
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.files.file_paths import MAX_PATH_PARTS
from grader.sandbox.inside.files.file_tree import MAX_WRITTEN_BYTES, MAX_WRITTEN_FILES, FileTree
from grader.sandbox.inside.files.open_file import make_opener

FILES = {"data/x.csv": b"a,b\r\n1,2\n", "data/deep/y.txt": "häß\nz\n".encode(), "empty": b""}

OPERATIONS: dict[str, Callable[[Callable[..., Any]], object]] = {
    "text": lambda open: open("data/x.csv").read(),
    "bytes": lambda open: open("data/x.csv", "rb").read(),
    "lines": lambda open: list(open("data/deep/y.txt", encoding="utf-8")),
    "newlines": lambda open: list(open("data/x.csv", newline="")),
    "an encoding": lambda open: open("data/deep/y.txt", encoding="latin-1").read(),
    "a part": lambda open: [(f := open("data/x.csv", "rb")).seek(2), f.read(3), f.tell(), f.seek(-2, 2), f.read()],
    "into a buffer": lambda open: [open("data/x.csv", "rb").readinto(b := bytearray(4)), b],
    "no buffer": lambda open: open("data/x.csv", "rb", 0).read(3),
    "what it is": lambda open: [(f := open("data/x.csv")).name, f.mode, f.readable(), f.writable(), f.seekable()],
    "kinds": lambda open: [type(open("empty", mode)).__name__ for mode in ("r", "rb", "r+b", "ab", "a+b")],
    "write": lambda open: [_close(open, "new.txt", "w", "one\ntwo"), open("new.txt").read()],
    "write over": lambda open: [_close(open, "data/x.csv", "w", "q"), open("data/x.csv", "rb").read()],
    "append": lambda open: [_close(open, "data/x.csv", "ab", b"3"), open("data/x.csv", "rb").read()],
    "append anew": lambda open: [_close(open, "new", "a", "3"), open("new").read()],
    "exclusive": lambda open: [_close(open, "new", "x", "3"), open("new").read()],
    "update": lambda open: [_update(open), open("data/x.csv", "rb").read()],
    "a hole": lambda open: [(f := open("new", "w+b")).seek(3), f.write(b"x"), f.seek(0), f.read()],
    "cut": lambda open: [(f := open("data/x.csv", "r+b")).truncate(2), f.read(), f.truncate(4), f.seek(0), f.read()],
    "read a written one": lambda open: open("new", "w").read(),
    "write a read one": lambda open: open("empty").write("x"),
    "a closed one": lambda open: [(f := open("empty")).close(), f.read()],
    "missing": lambda open: open("data/z.csv"),
    "missing to update": lambda open: open("data/z.csv", "r+"),
    "a folder": lambda open: open("data"),
    "a folder to write": lambda open: open("data", "w"),
    "in no folder": lambda open: open("no/x", "w"),
    "in a file": lambda open: open("empty/x", "w"),
    "there already": lambda open: open("empty", "x"),
    "no mode": lambda open: open("empty", "rw"),
    "twice a mode": lambda open: open("empty", "rbb"),
    "an unknown mode": lambda open: open("empty", "q"),
    "a number as mode": lambda open: open("empty", 3),
    "binary with encoding": lambda open: open("empty", "rb", encoding="utf-8"),
    "text without buffer": lambda open: open("empty", "r", 0),
    "a path": lambda open: open(Path("data") / "x.csv").readline(),
    "bytes as path": lambda open: open(b"data/x.csv").readline(),
    "no path": lambda open: open(None),
    "a float": lambda open: open(1.5),
    "around": lambda open: open("./data/../data//deep/./y.txt", "rb").read(),
}


def _close(open: Callable[..., Any], path: str, mode: str, text: object) -> object:
    with open(path, mode) as file:
        return file.write(text)


def _update(open: Callable[..., Any]) -> object:
    with open("data/x.csv", "r+") as file:
        return [file.readline(), file.seek(1), file.write("ZZ"), file.read()]


def _perform(operation: Callable[[Callable[..., Any]], object], open: Callable[..., Any]) -> object:
    try:
        return operation(open)
    except Exception as error:
        return [kind.__name__ for kind in type(error).__mro__]


def make_tree() -> FileTree:
    """Return a table with these files."""
    tree = FileTree({"/fonts/f.ttf": b"font"})
    tree.add_files({name: memoryview(data) for name, data in FILES.items()})
    return tree


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_it_does_what_pythons_own_open_does(
    operation: Callable[[Callable[..., Any]], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same values, and exceptions of the same kind."""
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    assert _perform(operation, make_opener(make_tree(), CellNotes())) == _perform(operation, builtins.open)


ODD_PATHS = ("", "\0", "x\0", "..", "../data/x.csv", "data/../../x", "a/" * (MAX_PATH_PARTS + 1), "/" * 5000, "\ud800")


@pytest.mark.parametrize("path", ODD_PATHS, ids=lambda path: repr(path)[:20])
def test_a_path_that_leads_nowhere_is_a_missing_file(path: str) -> None:
    """Above the root, too deep, too long, with NUL or half a character: FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        make_opener(make_tree(), CellNotes())(path)


def test_a_path_is_its_own_text_whatever_its_type_says() -> None:
    """A subclass of `str` can't pass for another path."""

    class Liar(str):
        def split(self, *_: object) -> list[str]:
            return ["data", "x.csv"]

        def __str__(self) -> str:
            return "data/x.csv"

    with pytest.raises(FileNotFoundError):
        make_opener(make_tree(), CellNotes())(Liar("secret"))


def test_an_error_says_which_files_there_are() -> None:
    """The error and the remark about a missing file are true, with and without other files."""
    remarks = CellNotes()
    with pytest.raises(FileNotFoundError, match=r"there are data/deep/y\.txt, data/x\.csv, empty: 'data/z\.csv'"):
        make_opener(make_tree(), remarks)("data/z.csv")
    with pytest.raises(FileNotFoundError, match="there are no files here: 'z'"):
        make_opener(FileTree({}), remarks)("z")
    assert remarks.take() == [
        "`data/z.csv` was not read: there is no such file here.",
        "`z` was not read: there are no files here.",
    ]


def test_a_file_of_a_library_is_read_and_not_listed() -> None:
    """Fonts and the like are there by their full path, and in no folder."""
    tree = make_tree()
    assert make_opener(tree, CellNotes())("/fonts/f.ttf", "rb").read() == b"font"
    assert tree.list_folder("") == ["data", "empty"]


def test_what_is_written_is_limited() -> None:
    """Too many bytes or too many files raise OSError; what is removed counts no longer."""
    tree = make_tree()
    open = make_opener(tree, CellNotes())
    with open("a", "wb", 0) as file:
        file.truncate(MAX_WRITTEN_BYTES)
        with pytest.raises(OSError, match="64 MB"):
            file.write(b"x") if file.seek(0, os.SEEK_END) else None
    tree.remove_file("a")
    for number in range(MAX_WRITTEN_FILES - 1):
        open(f"f{number}", "w").close()
    with pytest.raises(OSError, match="1000 files"):
        open("more", "w")
