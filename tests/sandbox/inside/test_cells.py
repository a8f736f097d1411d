"""Cells in a namespace, without a process around them: what runs, what is passed over, what is remembered."""

from typing import Any

import pytest

from grader.sandbox.inside.cells import CellRunner
from grader.sandbox.inside.notes import CellNotes


def cells(*, one_by_one: bool = False, **names: Any) -> CellRunner:
    """Cells in a fresh namespace."""
    made = CellRunner({"__name__": "__main__", **names}, CellNotes())
    made.statement_by_statement = one_by_one
    return made


def test_a_cell_leaves_its_names() -> None:
    """Names that a cell assigns are there for the next one."""
    notebook = cells()
    assert notebook.run("a", "x = 1") is None
    assert notebook.run("b", "y = x + 1") is None
    assert notebook.namespace["y"] == 2


def test_a_cell_stops_where_it_raises() -> None:
    """The exception is given back, and what stands below it in the cell doesn't run."""
    notebook = cells()
    assert isinstance(notebook.run("a", "x = 1\n1 / 0\nx = 2"), ZeroDivisionError)
    assert notebook.namespace["x"] == 1


def test_a_script_goes_on() -> None:
    """In a script each statement behind a failing one runs, once; the first exception is given back."""
    log: list[int] = []
    script = "log.append(1)\n1 / 0\nlog.append(2); undefined; log.append(3)\n@undefined\ndef f(): pass\nlog.append(4)"
    assert isinstance(cells(one_by_one=True, log=log).run("a", script), ZeroDivisionError)
    assert log == [1, 2, 3, 4]


def test_a_block_that_raises_is_one_statement() -> None:
    """What raises inside a loop at the top of a script costs the loop and nothing behind it."""
    log: list[int] = []
    script = "for i in range(3):\n    log.append(i)\n    if i:\n        1 / 0\nlog.append(9)"
    cells(one_by_one=True, log=log).run("a", script)
    assert log == [0, 1, 9]


def test_leaving_a_script_leaves_one_statement() -> None:
    """`sys.exit()` at the top of a script doesn't keep the functions behind it from being defined."""
    script = cells(one_by_one=True)
    assert isinstance(script.run("a", "raise SystemExit(1)\ndef f(): return 1"), SystemExit)
    assert script.namespace["f"]() == 1


def test_a_blank_is_passed_over_in_a_cell() -> None:
    """An empty blank at the top of a notebook's cell doesn't cost the answers below it; other exceptions do."""
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
def test_names_that_only_a_blank_stands_for(source: str, names: set[str]) -> None:
    """It is remembered which names are missing because of an empty blank."""
    notebook = cells()
    notebook.run("a", source)
    assert notebook.blanks == names


@pytest.mark.parametrize("source", ["def f() return 1", "return 1", "x = 1\n  y = 2", "x = (1", "\0", "'" * 3])
def test_what_isnt_python_is_a_syntax_error(source: str) -> None:
    """A cell that doesn't compile gives its error back and runs nothing."""
    assert isinstance(cells().run("a", source), SyntaxError | ValueError)


def test_optional_imports_are_known() -> None:
    """An import in a `try` that catches its failure is known by file and line; others aren't."""
    notebook = cells()
    source = (
        "try:\n    import json\nexcept ImportError:\n    pass\nimport re\n"
        "try:\n    import os\nexcept KeyError:\n    pass"
    )
    assert notebook.run("a", source) is None
    assert notebook.optional == {("<a>", 2)}


def test_a_future_import_holds_for_later_cells() -> None:
    """Annotations aren't evaluated in cells behind `from __future__ import annotations`, and are in others."""
    notebook = cells()
    assert isinstance(notebook.run("a", "def f(x: Foo): pass"), NameError)
    assert notebook.run("b", "from __future__ import annotations\n\n") is None
    assert notebook.run("c", "def f(x: Foo): pass") is None


def test_the_graders_own_future_imports_dont_count() -> None:
    """Nothing that this program itself imports from the future reaches a cell."""
    assert isinstance(cells().run("a", "def f(x: Foo): pass"), NameError)


def test_magics_are_remarked() -> None:
    """A magic that isn't run is told once."""
    notebook = cells()
    remarks = notebook._remarks
    assert notebook.run("a", "%matplotlib inline\n%matplotlib inline\nx = 1") is None
    assert remarks.take() == ["`%matplotlib inline` was not run: it belongs to the notebook server."]
    assert notebook.namespace["x"] == 1
