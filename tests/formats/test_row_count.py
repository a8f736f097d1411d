"""Tests of counted rows: read, taken and left out add up, with a number per reason where there are several."""

import pytest

from grader.formats.row_count import FilledRowCount, RowCount


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (RowCount(3), "3 rows read, 3 taken, 0 left out"),
        (RowCount(1, {"staff": 0}), "1 row read, 1 taken, 0 left out"),
        (RowCount(0, {"staff": 2, "no student's": 0}), "2 rows read, 0 taken, 2 left out (staff)"),
        (RowCount(2, {"staff": 2, "empty": 1}), "5 rows read, 2 taken, 3 left out (2 staff, 1 empty)"),
        (FilledRowCount.of_reasons([None, "excused", None]), "3 rows read: 2 filled, 1 left out (excused)"),
        (FilledRowCount.of_reasons([]), "0 rows read: 0 filled, 0 left out"),
    ],
)
def test_rows_add_up(rows: RowCount, words: str) -> None:
    """The numbers add up; a reason without rows isn't named."""
    assert str(rows) == words
    assert rows.read == rows.taken + sum(rows.left_out.values())
