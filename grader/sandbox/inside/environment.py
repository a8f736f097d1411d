"""The environment that a notebook expects: names that need no import, and files in memory.

None of this is a protection; it gives a clear answer where the sandbox would only deny access.
"""

from collections.abc import Callable, Collection
from typing import Any, Final

import grader
from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.files.file_tree import NO_FILES_MESSAGE, FileTree
from grader.sandbox.inside.files.install import install_files
from grader.sandbox.inside.missing_modules import MissingObject

MAX_INPUT_CALLS: Final = 100
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


def install_environment(tree: FileTree, remarks: CellNotes, packages: Collection[str] | None) -> None:
    """Give this process the files of a table, permanently; `from grader import check` then does nothing.

    `packages` are the packages whose modules may have taken Python's own `open` for themselves; None: all.
    """
    install_files(tree, remarks, packages)
    vars(grader)["check"] = _ignore_check


def _ignore_check(*_: object, **__: object) -> None:
    """Do nothing for `from grader import check` in a cell: no check is available here, and that is not an error."""


def note_denied_access(error: BaseException | None, remarks: CellNotes) -> None:
    """Add a remark that explains why the code was denied access."""
    if isinstance(error, PermissionError) and error.strerror != NO_FILES_MESSAGE:
        remarks.add(_DENIED_NOTE)
