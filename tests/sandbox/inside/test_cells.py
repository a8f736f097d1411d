"""Tests of cells in a namespace, without a process around them.

Covers `sandbox/inside/cell_notes.py`.
"""

from typing import Any

import pytest

from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.cells import CellRunner


def cells(*, statement_by_statement: bool = False, **names: Any) -> CellRunner:
    """Return a runner with a fresh namespace."""
    made = CellRunner({"__name__": "__main__", **names}, CellNotes())
    made.statement_by_statement = statement_by_statement
    return made


def test_a_cell_leaves_its_names() -> None:
    """The next cell can use the names that a cell assigns."""
    notebook = cells()
    assert notebook.run("a", "x = 1") is None
    assert notebook.run("b", "y = x + 1") is None
    assert notebook.namespace["y"] == 2


def test_a_cell_stops_where_it_raises() -> None:
    """The exception is returned, and the lines below it in the cell don't run."""
    notebook = cells()
    assert isinstance(notebook.run("a", "x = 1\n1 / 0\nx = 2"), ZeroDivisionError)
    assert notebook.namespace["x"] == 1


def test_a_script_continues_after_an_exception() -> None:
    """Each statement after a failing one in a script runs once; the first exception is returned."""
    log: list[int] = []
    script = "log.append(1)\n1 / 0\nlog.append(2); undefined; log.append(3)\n@undefined\ndef f(): pass\nlog.append(4)"
    assert isinstance(cells(statement_by_statement=True, log=log).run("a", script), ZeroDivisionError)
    assert log == [1, 2, 3, 4]


def test_a_block_that_raises_is_one_statement() -> None:
    """An exception in a loop at the top of a script ends the loop and nothing after it."""
    log: list[int] = []
    script = "for i in range(3):\n    log.append(i)\n    if i:\n        1 / 0\nlog.append(9)"
    cells(statement_by_statement=True, log=log).run("a", script)
    assert log == [0, 1, 9]


def test_sys_exit_ends_one_statement() -> None:
    """The functions after a `sys.exit()` at the top of a script are still defined."""
    script = cells(statement_by_statement=True)
    assert isinstance(script.run("a", "raise SystemExit(1)\ndef f(): return 1"), SystemExit)
    assert script.namespace["f"]() == 1


def test_a_blank_is_skipped_in_a_cell() -> None:
    """A blank at the top level of a cell doesn't stop the lines below it; other exceptions do."""
    notebook = cells()
    error = notebook.run("a", "first = ____\nsecond = 2\n1 / 0\nthird = 3")
    assert isinstance(error, NameError)
    assert "first" not in notebook.namespace
    assert notebook.namespace["second"] == 2
    assert "third" not in notebook.namespace
    assert notebook.blanks == {"first"}


BLANKS = [
    ("x = ____", {"x"}),
    ("a, b = ____, 1", {"a", "b"}),
    ("def f(x=____): pass", {"f"}),
    ("@____\ndef f(): pass", {"f"}),
    ("def f():\n    return ____", set()),
    ("x = 1  # ____", set()),
    ("x = '____'", set()),
]


@pytest.mark.parametrize(("source", "names"), BLANKS)
def test_names_assigned_only_a_blank(source: str, names: set[str]) -> None:
    """The names that are missing because of an unfilled blank are recorded."""
    notebook = cells()
    notebook.run("a", source)
    assert notebook.blanks == names


@pytest.mark.parametrize("source", ["def f() return 1", "return 1", "x = 1\n  y = 2", "x = (1", "\0", "'" * 3])
def test_a_cell_that_isnt_python_runs_nothing(source: str) -> None:
    """A cell that doesn't compile returns its error and runs nothing."""
    assert isinstance(cells().run("a", source), SyntaxError | ValueError)


def test_optional_imports_are_recorded() -> None:
    """An import in a `try` that catches its failure is recorded by file and line; others aren't."""
    notebook = cells()
    source = (
        "try:\n    import json\nexcept ImportError:\n    pass\nimport re\n"
        "try:\n    import os\nexcept KeyError:\n    pass"
    )
    assert notebook.run("a", source) is None
    assert notebook.optional == {("<a>", 2)}


def test_a_future_import_applies_to_later_cells() -> None:
    """Annotations are not evaluated in cells after `from __future__ import annotations`, only in others."""
    notebook = cells()
    assert isinstance(notebook.run("a", "def f(x: Foo): pass"), NameError)
    assert notebook.run("b", "from __future__ import annotations\n\n") is None
    assert notebook.run("c", "def f(x: Foo): pass") is None


def test_the_graders_own_future_imports_dont_apply() -> None:
    """The program's own future imports don't affect a cell."""
    assert isinstance(cells().run("a", "def f(x: Foo): pass"), NameError)


def test_magics_give_a_remark() -> None:
    """A magic that isn't run gives one remark."""
    notebook = cells()
    remarks = notebook._remarks
    assert notebook.run("a", "%matplotlib inline\n%matplotlib inline\nx = 1") is None
    assert remarks.take() == ["`%matplotlib inline` was not run: it is a command of the notebook server."]
    assert notebook.namespace["x"] == 1
