"""Tests of scores as a table.

Covers `formats/csv_table.py`.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from grader.core.report.gradebook import Column, Gradebook, GradebookStudent
from grader.core.text.escape_formula import unescape_formula
from grader.formats.export.csv_scores import SCORE_COLUMNS, render_scores_csv

Golden = Callable[[str, bytes], None]


def test_table_matches_golden_file(book: Gradebook, golden: Golden) -> None:
    """Every student and exercise has a line with the score under the rules and its components."""
    golden("scores.csv", render_scores_csv(book))


def test_pending_points_are_left_out_unless_wanted(book: Gradebook) -> None:
    """Cleo's score is empty by default, and her points so far on request; `pending` is given both times."""

    def cleo(shown: Gradebook) -> dict[str, str]:
        rows = csv.DictReader(io.StringIO(render_scores_csv(shown).decode("utf-8-sig")))
        return next(row for row in rows if row["student"] == "cleo" and row["exercise"] == "losses")

    assert (cleo(book)["score"], cleo(book)["points"], cleo(book)["pending"]) == ("", "3", "2")
    with_pending = replace(book, with_pending=True)
    assert (cleo(with_pending)["score"], cleo(with_pending)["pending"]) == ("3", "2")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_names_are_not_formulas_and_can_be_restored(student: str) -> None:
    """For any name no cell starts a formula, and unescaping gives the student's id."""
    book = Gradebook("c", "v", (Column("losses", "Losses", 1.0),), (GradebookStudent(student),), {})
    (row,) = list(csv.reader(io.StringIO(render_scores_csv(book).decode("utf-8-sig"), newline="")))[1:]
    cell = dict(zip(SCORE_COLUMNS, row, strict=True))["student"]
    assert unescape_formula(cell) == student
    assert not cell.lstrip().startswith(("=", "@"))
