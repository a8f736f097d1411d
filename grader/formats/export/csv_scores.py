"""Scores as a table for spreadsheets: every score with the values that it is computed from."""

from typing import Final

from grader.core.report.gradebook import Column, Gradebook, GradebookStudent
from grader.core.text.escape_formula import escape_formula
from grader.core.text.messages import gettext
from grader.formats.csv_table import CsvTable
from grader.formats.decimal_text import format_decimal
from grader.formats.export.export_format import ExportedTable, OptionValues, TableFormat

SCORE_COLUMNS: Final = (
    *("student", "name", "email", "section", "exercise", "score", "max_score", "pending"),
    *("attempt", "attempts", "received_at", "points", "days_late", "kept", "due", "late_seconds"),
)
"""`score` is the one that counts: the `points` of the counted `attempt` times the share `kept` after lateness.

`due` is the student's own deadline, with an extension, where something was handed in. Lateness is measured from it now,
and is 0 within the grace period.
"""


def render_scores_csv(book: Gradebook) -> bytes:
    """Return one line per student and exercise, with the byte order mark that spreadsheets need to recognise UTF-8.

    Text that a spreadsheet would interpret as a formula is prefixed with a quote; `unescape_formula` removes it.
    """
    rows = (_row(book, person, column) for person in book.people for column in book.columns)
    return CsvTable(SCORE_COLUMNS, tuple(rows), bom=True).to_bytes()


def _row(book: Gradebook, person: GradebookStudent, column: Column) -> tuple[str, ...]:
    sheet = book.sheets.get((person.student, column.name))
    counted = sheet.counted_attempt if sheet else None
    owner = tuple(
        escape_formula(text) for text in (person.student, person.name, person.email, person.section, column.name)
    )
    score = format_decimal(book.score(person.student, column.name))
    due = sheet.due.isoformat(timespec="seconds") if sheet and sheet.due else ""
    if sheet is None or counted is None:
        attempt_count = str(len(sheet.attempts)) if sheet else "0"
        return (*owner, score, format_decimal(column.max_score), "", "", attempt_count, *[""] * 4, due, "")
    attempt = counted.attempt
    sums = (
        format_decimal(sheet.max_score),
        format_decimal(sheet.pending),
        str(attempt.number),
        str(len(sheet.attempts)),
    )
    when = attempt.received_at.isoformat(timespec="seconds")
    late = (str(counted.days), format_decimal(counted.late_factor), due, str(counted.late_seconds))
    return (*owner, score, *sums, when, format_decimal(attempt.score), *late)


def _render(book: Gradebook, _: OptionValues) -> ExportedTable:
    return ExportedTable(render_scores_csv(book), len(book.people), "student")


FORMAT: Final = TableFormat("csv", gettext("one line per student and exercise, for spreadsheets"), _render)
