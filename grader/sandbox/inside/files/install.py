"""Puts the files in memory in the place of the real ones, permanently: in Python's modules and in loaded libraries.

None of this is a protection: what it replaces would be denied by the kernel.
"""

import builtins
import glob
import io
import itertools
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable
from typing import Any, Final

from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.files.file_tree import FileTree
from grader.sandbox.inside.files.libraries import make_replacements, refill_numpy_openers
from grader.sandbox.inside.files.open_file import make_opener
from grader.sandbox.inside.files.system_calls import SystemCalls

_UNTOUCHED: Final = ("_io", "posix", "nt", "grader", "importlib")
"""Modules that keep the real functions: those of C, the grader's own, and the importer's."""


def install_files(tree: FileTree, remarks: CellNotes, packages: Collection[str] | None) -> None:
    """Give this process the files of a table, and no others.

    `packages` are the packages whose modules may have taken Python's own `open` for themselves; None: all.
    """
    open_file = make_opener(tree, remarks)
    calls = SystemCalls(tree, remarks).list_functions()
    pairs: list[tuple[object, object]] = [(io.open, open_file)]
    pairs += [(getattr(os, name), function) for name, function in calls.items()]
    pairs += make_replacements(open_file)
    temporary = _make_temporary_opener(open_file)
    pairs += [(tempfile.NamedTemporaryFile, temporary), (tempfile.TemporaryFile, temporary)]
    _replace_everywhere(pairs, packages)
    builtins.open = io.open = open_file
    for name, function in calls.items():
        setattr(os, name, function)
    refill_numpy_openers(open_file)
    _adapt_standard_library(open_file)


def _replace_everywhere(pairs: Iterable[tuple[object, object]], packages: Collection[str] | None) -> None:
    """Replace objects wherever a loaded module has one by some name: libraries keep `open` under names of their own."""
    known = {id(old): new for old, new in pairs}
    for name, module in list(sys.modules.items()):
        package = name.partition(".")[0]
        if package in _UNTOUCHED or (packages is not None and package not in packages):
            continue
        if not isinstance(getattr(module, "__dict__", None), dict):
            continue
        names = vars(module)
        for key, value in list(names.items()):
            if id(value) in known:
                names[key] = known[id(value)]


def _make_temporary_opener(open_file: Any) -> Any:
    """Return what replaces `tempfile.NamedTemporaryFile`: a file like any other, which ends with this process."""
    numbers = itertools.count(1)

    def make(
        mode: str = "w+b",
        buffering: int = -1,
        encoding: str | None = None,
        newline: str | None = None,
        suffix: str | None = None,
        prefix: str | None = None,
        dir: Any = None,
        delete: bool = True,
        *,
        errors: str | None = None,
        delete_on_close: bool = True,
    ) -> Any:
        """Make and open a file that has no name yet."""
        path = os.path.join(dir or "/", f"{prefix or 'tmp'}{next(numbers)}{suffix or ''}")
        return open_file(path, mode, buffering, encoding, errors, newline)

    return make


def _adapt_standard_library(open_file: Any) -> None:
    """Change what the standard library decided when it was imported, or does by numbers of open files."""
    globber: Any = getattr(glob, "_StringGlobber", None)
    if hasattr(globber, "scandir"):  # Python 3.13
        globber.scandir = staticmethod(os.scandir)
    vars(shutil)["_use_fd_functions"] = False
    tempfile.tempdir = "/"

    def touch(self: pathlib.Path, mode: int = 0o666, exist_ok: bool = True) -> None:
        """Make an empty file, if there is none."""
        open_file(self, "a" if exist_ok else "x").close()

    pathlib.Path.touch = touch  # type: ignore[method-assign]  # the original opens a file by its number
