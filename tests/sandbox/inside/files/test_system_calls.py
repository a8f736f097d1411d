"""Tests of the functions of `os` for files in memory: they do what the real ones do with a folder of the same files."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.files.file_tree import FileTree
from grader.sandbox.inside.files.system_calls import SystemCalls

FILES = {"data/x.csv": b"1,2\n", "data/deep/y.txt": b"12", "empty": b""}

OPERATIONS: dict[str, Callable[[Any], object]] = {
    "list": lambda os: sorted(os.listdir("data")),
    "list the root": lambda os: sorted(os.listdir()),
    "list bytes": lambda os: sorted(os.listdir(b"data")),
    "list a file": lambda os: os.listdir("empty"),
    "list nothing": lambda os: os.listdir("no"),
    "size": lambda os: os.stat("data/x.csv").st_size,
    "kind": lambda os: [stat.S_IFMT(os.stat(path).st_mode) for path in ("data", "empty", "data/deep/y.txt")],
    "the same file": lambda os: os.stat("data/../empty").st_ino == os.lstat("empty").st_ino != os.stat("data").st_ino,
    "stat of nothing": lambda os: os.stat("no"),
    "entries": lambda os: sorted((e.name, e.path, e.is_dir(), e.is_file(), e.is_symlink()) for e in _scan(os)),
    "access": lambda os: [os.access(path, 4) for path in ("data", "empty", "no")],
    "make a folder": lambda os: [os.mkdir("new"), os.mkdir("new/a"), os.listdir("new")],
    "a folder twice": lambda os: os.mkdir("data"),
    "a folder in none": lambda os: os.mkdir("no/a"),
    "a folder in a file": lambda os: os.mkdir("empty/a"),
    "remove": lambda os: [os.remove("empty"), os.unlink("data/x.csv"), os.listdir("data"), os.listdir()],
    "remove nothing": lambda os: os.remove("no"),
    "remove a folder": lambda os: os.remove("data"),
    "remove a full one": lambda os: os.rmdir("data"),
    "remove an empty one": lambda os: [os.mkdir("new"), os.rmdir("new"), os.access("new", 4)],
    "remove no folder": lambda os: os.rmdir("empty"),
    "rename": lambda os: [os.rename("empty", "data/e"), sorted(os.listdir("data")), os.listdir()],
    "rename over": lambda os: [os.replace("data/x.csv", "empty"), os.stat("empty").st_size, os.listdir("data")],
    "rename a folder": lambda os: [os.rename("data/deep", "d"), os.stat("d/y.txt").st_size, sorted(os.listdir("data"))],
    "rename nothing": lambda os: os.rename("no", "yes"),
    "rename into none": lambda os: os.rename("empty", "no/e"),
    "rename into itself": lambda os: os.rename("data", "data/deep/d"),
    "change the folder": lambda os: [os.chdir("data"), os.listdir("deep"), os.getcwd()[-5:], os.chdir("..")],
    "cut": lambda os: [os.truncate("data/x.csv", 1), os.stat("data/x.csv").st_size],
    "fill up": lambda os: [os.truncate("empty", 9), os.stat("empty").st_size],
    "no link": lambda os: os.readlink("empty"),
    "time and mode": lambda os: [os.utime("empty"), os.chmod("empty", 0o600)],
    "time of nothing": lambda os: os.utime("no"),
}


def _scan(module: Any) -> list[Any]:
    with module.scandir("data") as entries:
        return list(entries)


def _perform(operation: Callable[[Any], object], module: Any) -> object:
    try:
        return operation(module)
    except OSError as error:
        return type(error).__name__


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_it_does_what_the_real_function_does(
    operation: Callable[[Any], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same values, and exceptions of the same type."""
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    tree = FileTree({})
    tree.add_files({name: memoryview(data) for name, data in FILES.items()})
    assert _perform(operation, SystemCalls(tree, CellNotes())) == _perform(operation, os)


def test_a_folder_that_is_missing_is_not_entered() -> None:
    """A notebook that changes to a folder of its author's machine goes on, with a remark."""
    remarks = CellNotes()
    SystemCalls(FileTree({}), remarks).chdir("/content/drive")
    assert remarks.take() == ["`os.chdir` did nothing: there are no files here."]


def test_a_number_of_an_open_file_is_refused_by_name() -> None:
    """`os.open` says what to use in its place."""
    with pytest.raises(PermissionError, match=r"os\.open can't be used here: use open"):
        SystemCalls(FileTree({}), CellNotes()).open("x", os.O_RDONLY)
