"""A dict of variables, some of which are missing, has the available ones; an untouched template has none."""

from typing import Any

import pytest

from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.cells import CellRunner

RUNS = '{"a": {"curve": a, "rate": 1}, "b": {"curve": b, "rate": 2}, "n": 3}'


def run(source: str) -> dict[str, Any]:
    """Return the namespace after one cell of a notebook."""
    cells = CellRunner({"__name__": "__main__"}, CellNotes())
    cells.watch_blanks()
    cells.run("cell 1", source)
    return cells.globals


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("a = 1 / 0\nb = [5]", {"a": {"rate": 1}, "b": {"curve": [5], "rate": 2}, "n": 3}),
        ("a = ____\nb = [5]", {"b": {"curve": [5], "rate": 2}, "n": 3}),
        ("a = [4]\nb = [5]", {"a": {"curve": [4], "rate": 1}, "b": {"curve": [5], "rate": 2}, "n": 3}),
    ],
)
def test_available_items_are_assigned(lines: str, found: dict[str, Any]) -> None:
    """An item that raised is left out; one that is an empty blank takes the dict around it along."""
    assert run(f"{lines}\nruns = {RUNS}")["runs"] == found


def test_nothing_available() -> None:
    """Without an available item there is no variable."""
    assert "runs" not in run('a = ____\nb = ____\nruns = {"a": a, "b": {"curve": b, "rate": 2}}')
    assert "runs" not in run('runs = {"a": 1 / 0}')


def test_an_assignment_that_raises_does_not_stop_a_cell() -> None:
    """A wrong answer costs no answer below it; any other statement that raises stops the cell, as in Jupyter."""
    names = run('answers = {}\nanswers["a"] = wrong\nanswers["b"] = 2\n1 / 0\nanswers["c"] = 3')
    assert names["answers"] == {"b": 2}
