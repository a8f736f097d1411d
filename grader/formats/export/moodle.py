"""Scores as Moodle accepts them: an assignment's offline grading worksheet, or the gradebook's own CSV import.

The behaviour of Moodle (moodle/moodle):

- mod/assign/feedback/offline/importgradeslib.php and locallib.php: of a worksheet it reads `Identifier` (`Participant
  123`), `Grade`, `Last modified (grade)` and the columns of feedback, such as `Feedback comments`, by these names in
  the uploading person's language. A grade that is empty, out of range, locked, or changed after the worksheet was
  downloaded is skipped. A comment in the worksheet always replaces Moodle's, even if it is empty; comments are HTML.
- grade/import/csv/classes/load_data.php: the import asks which column identifies the student (user name, id number or
  e-mail address) and which grade item each column is. An empty cell, or `-`, is no grade and removes an existing one.
  A student who isn't found aborts the whole import, and a line with an empty key is attributed to the student of the
  line before.

A filled worksheet therefore keeps everything that has no new value, including comments that a person wrote. A table for
the import leaves out a column that identifies students unless every line fills it.
"""

import html
import re
from typing import Final

from grader.core.report.gradebook import Gradebook
from grader.core.text.escape_formula import escape_formula
from grader.core.text.messages import gettext
from grader.formats.csv_table import CsvTable, read_csv_table
from grader.formats.decimal_text import format_decimal
from grader.formats.export.export_format import ExportedTable, ExportOption, OptionValues, TableFormat
from grader.formats.export.match_rows import (
    NO_SCORE,
    NOT_IN_RECORDS,
    FilledTable,
    PersonKeys,
    describe_missing_rows,
    describe_unmatched_rows,
    match_students,
    require_no_gaps,
)
from grader.formats.row_count import FilledRowCount

_NEEDED: Final = ("Identifier", "Grade", "Last modified (grade)")
_MAXIMA: Final = ("Maximum Grade", "Maximum grade")
_TEXT_COLUMNS: Final = ("Full name", "Email address")
_OUR_COMMENT: Final = re.compile(r"\s*(?:<p>)?Points: ")
_KEYS: Final[tuple[tuple[str, PersonKeys], ...]] = (
    ("Identifier", lambda p: [p.ids.get("moodle", ""), f"Participant {p.ids.get('moodle', '')}"]),
    ("ID number", lambda p: [p.ids.get("sis", ""), p.student]),
    ("Username", lambda p: [p.ids.get("login", ""), p.student]),
    ("Email address", lambda p: [p.email, p.student]),
    ("Full name", lambda p: [p.display_name, p.student]),
)
MOODLE_WORKSHEET_LABEL: Final = (
    "the assignment's worksheet (View all submissions, Download grading worksheet; Moodle in English)"
)


def from_roster(book: Gradebook) -> FilledTable:
    """Return a table for the gradebook's import: grades and comments. Raises UsageError if a cell would stay empty."""
    people = [p for p in book.people if any(score is not None for score in book.scores(p.student))]
    require_no_gaps(book, people, "Moodle", MOODLE_WORKSHEET_LABEL)
    keys = {"username": [p.ids.get("login", p.student) for p in people], "email": [p.email for p in people]}
    keys["idnumber"] = [p.ids.get("sis", "") for p in people]
    key_columns = {name: values for name, values in keys.items() if all(value.strip() for value in values)}
    titles = [title for c in book.columns for title in (c.title, f"{c.title} (feedback)")]
    rows = []
    for i, person in enumerate(people):
        cells = [
            (format_decimal(book.score(person.student, c.name)), _comment(book, person.student, c.name))
            for c in book.columns
        ]
        keyed = (escape_formula(values[i]) for values in key_columns.values())
        rows.append((*keyed, *(text for pair in cells for text in pair)))
    return FilledTable(
        CsvTable((*key_columns, *map(escape_formula, titles)), tuple(rows)), len(rows) * len(book.columns)
    )


def from_worksheet(book: Gradebook, data: bytes) -> FilledTable:
    """Fill the downloaded worksheet of one exercise with grades and comments; `book` has that one column."""
    sheet = read_csv_table(data, _NEEDED, MOODLE_WORKSHEET_LABEL)
    (column,) = book.columns
    students = match_students(sheet, book.people, _KEYS)
    grade, feedback = sheet.header.index("Grade"), sheet.column_index("Feedback comments")
    locked = sheet.column_index("Grade can be changed")
    shown = [at for at, name in enumerate(sheet.header) if name in _TEXT_COLUMNS]
    rows, locked_count, kept_comments = [], 0, 0
    reasons: list[str | None] = []
    for row, student in zip(sheet.rows, students, strict=True):
        cells = list(row)
        score = book.score(student, column.name) if student else None
        if score is not None and locked is not None and row[locked].strip().casefold() == "no":
            locked_count += 1
            reasons.append("can't be changed")
        elif score is None or student is None:
            reasons.append(NO_SCORE if student else NOT_IN_RECORDS)
        else:
            reasons.append(None)
            cells[grade] = format_decimal(score)
            if feedback is not None:
                kept = bool(row[feedback].strip()) and not _OUR_COMMENT.match(row[feedback])
                kept_comments += kept
                cells[feedback] = row[feedback] if kept else _comment(book, student, column.name)
        for at in shown:
            cells[at] = escape_formula(cells[at])
        rows.append(tuple(cells))
    remarks = [
        *_out_of_range(sheet, column.max_score),
        *describe_unmatched_rows(sheet, students, "Full name" if "Full name" in sheet.header else "Identifier"),
        *describe_missing_rows(book, students),
        *([f"grades that can't be changed in Moodle, left as they were: {locked_count}"] if locked_count else []),
        *([f"comments that a person wrote in Moodle, left as they were: {kept_comments}"] if kept_comments else []),
    ]
    counted = FilledRowCount.of_reasons(reasons)
    table = CsvTable(sheet.header, tuple(rows), sheet.delimiter, sheet.bom)
    return FilledTable(table, counted.taken, tuple(remarks), counted)


def _comment(book: Gradebook, student: str, exercise: str) -> str:
    """Return the comments as HTML in one line, without any markup but line breaks."""
    lines = book.comments.get((student, exercise), ())
    return "<br>".join(html.escape(" ".join(line.split()), quote=False) for line in lines)


def _out_of_range(sheet: CsvTable, best: float) -> list[str]:
    at = next((sheet.header.index(name) for name in _MAXIMA if name in sheet.header), None)
    maxima = {_value(row[at]) for row in sheet.rows if row[at].strip()} if at is not None else set()
    return [
        f"the assignment has {format_decimal(most)} points in Moodle and {format_decimal(best)} here; "
        "scores are written as they are here" + (", and Moodle skips those beyond its own" if most < best else "")
        for most in sorted(maxima - {None, best}, key=str)
        if most is not None
    ]


def _value(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _render(book: Gradebook, values: OptionValues) -> ExportedTable:
    template = values.files.get(_TEMPLATE.name)
    return (from_roster(book) if template is None else from_worksheet(book, template)).to_export()


_TEMPLATE: Final = ExportOption(
    "template", "FILE", "the worksheet of one assignment, to fill in", is_file=True, needs_exercise=True
)
FORMAT: Final = TableFormat(
    "moodle",
    gettext("grades and comments for Moodle"),
    _render,
    options=(_TEMPLATE,),
    is_whole_class=False,
    has_comments=True,
)
