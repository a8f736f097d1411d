"""Calls of an edited function: edited while the context lasts, with a limit of lines, and the student's own text.

Covers `core/wire/student_namespace.py`.
"""

from typing import Any

from grader.core.wire.edits.edit import Edit, EditKind, Span, write_edit
from grader.core.wire.perform_actions import perform
from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.cells import CellRunner

COUNT = "def f(n):\n    total = 0\n    while n > 0:\n        total = total + n\n        n = n - 1\n    return total\n"
UPWARDS = Edit(EditKind.OPERATOR, Span(5, 12, 5, 17), "n - 1", "n + 1")
DOUBLED = Edit(EditKind.FACTOR, Span(4, 24, 4, 25), "n", "2 * n")


def perform_calls(edit: Edit, max_lines: int, *args: int) -> list[Any]:
    """Return the results of calls of the edited function."""
    cells = CellRunner({}, CellNotes())
    assert cells.run("cell 1", COUNT) is None
    call = {"do": "call", "function": "f", "path": (), "given": {}, "locals": (), "arguments": False}
    returned = perform([{**call, "args": (arg,)} for arg in args], cells, [write_edit(edit)], max_lines)["returned"]
    assert perform([{**call, "args": (3,)}], cells)["returned"][0]["value"] == 6  # the edit is gone
    return [one.get("raised", {}).get("type") or one["value"] for one in returned]


def test_edited_calls_give_what_the_edited_text_gives() -> None:
    """All calls of a request are those of the edited function."""
    assert perform_calls(DOUBLED, 1000, 3, 4, 0) == [12, 20, 0]


def test_a_call_that_runs_too_many_lines_is_stopped() -> None:
    """An edit that makes a loop endless costs a counted number of lines, and so do the calls behind it."""
    assert perform_calls(UPWARDS, 500, 0, 3, 0) == [0, "TooManyLinesError", "TooManyLinesError"]
