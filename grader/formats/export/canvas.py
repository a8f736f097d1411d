"""Scores as Canvas's gradebook imports them.

The behaviour of its importer and exporter (instructure/canvas-lms, lib/gradebook_importer.rb and
gradebook_exporter.rb):

- The header begins with Student, ID (or LastName, FirstName, ID); then SIS User ID, SIS Login ID, Integration ID and
  Root Account, where the account has them; the last column about a student is Section.
- A student is looked up by ID, then SIS User ID, then SIS Login ID, then by name.
- An assignment's column is called `Title (id)` and found by that id, else by its title; else a new one is made.
- A row whose first cell contains `Points Possible` has the points, or `(read only)` for computed columns; a row with
  nothing but `Manual Posting` marks the hidden columns. Neither row belongs to a student.
- An empty cell clears an existing grade; a missing row or column changes nothing; `EX` means excused. The delimiter
  may be a semicolon, decimals may have a comma; a byte order mark is accepted.

The export therefore keeps the template's columns about students, only the assignments of this course, and only the rows
of students with a score: an old template cannot undo newer grades.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from grader.core.errors import UsageError
from grader.core.report.gradebook import Column, Gradebook, GradebookStudent
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
    normalize_key,
    require_no_gaps,
)
from grader.formats.row_count import FilledRowCount

_STUDENT_COLUMNS: Final = (
    "Student",
    "LastName",
    "FirstName",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Integration ID",
    "Root Account",
)
_HEADER: Final = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_WITH_ID: Final = re.compile(r"(.*?)\s*\((\d+)\)", re.DOTALL)
_POSTING_CELL: Final = re.compile(r"\s*(?:Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_KEYS: Final[tuple[tuple[str, PersonKeys], ...]] = (
    ("ID", lambda p: [p.ids.get("canvas", "")]),
    ("SIS User ID", lambda p: [p.ids.get("sis", ""), p.student]),
    ("SIS Login ID", lambda p: [p.ids.get("login", ""), p.student, p.email]),
    ("Student", lambda p: [p.display_name, _sortable(p.display_name)]),
)
CANVAS_EXPORT_LABEL: Final = "Canvas's own export (Grades, Export)"


def from_roster(book: Gradebook, names: Mapping[str, str]) -> FilledTable:
    """Return the gradebook without a template, from the roster alone. `names` maps exercises to assignment columns.

    Raises UsageError if an empty cell would stand beside a score, because Canvas would clear its grade there.
    """
    people = [p for p in book.people if any(score is not None for score in book.scores(p.student))]
    require_no_gaps(book, people, "Canvas", CANVAS_EXPORT_LABEL)
    headers = tuple(escape_formula(names.get(column.name, column.title)) for column in book.columns)
    possible = ("    Points Possible", "", "", "", "", *(format_decimal(column.max_score) for column in book.columns))
    rows = [(*_student_cells(person), *map(format_decimal, book.scores(person.student))) for person in people]
    sheet = CsvTable((*_HEADER, *headers), (possible, *rows))
    return FilledTable(sheet, sum(len(book.columns) for _ in rows))


def from_template(book: Gradebook, data: bytes, names: Mapping[str, str]) -> FilledTable:
    """Fill the instructor's exported gradebook with scores. Raises UsageError if no column is an exercise's."""
    sheet = read_csv_table(data, ("ID", "Section"), CANVAS_EXPORT_LABEL)
    columns = _find_columns(book, sheet, names)
    others = [
        i for i, row in enumerate(sheet.rows) if "Points Possible" in row[0] or all(map(_POSTING_CELL.fullmatch, row))
    ]
    students = match_students(sheet, book.people, _KEYS)
    kept = [
        at for at, name in enumerate(sheet.header) if name in (*_STUDENT_COLUMNS, "Section") or at in columns.values()
    ]
    rows, count, excused = [], 0, 0
    reasons: list[str | None] = []
    for i, (row, student) in enumerate(zip(sheet.rows, students, strict=True)):
        cells = list(row)
        scores = {at: book.score(student, name) for name, at in columns.items()} if student else {}
        fitting = {at: score for at, score in scores.items() if score is not None and row[at].strip().upper() != "EX"}
        kept_grades = sum(1 for at, score in scores.items() if score is not None and at not in fitting)
        excused += kept_grades
        reasons.append(_find_reason(student, is_other=i in others, is_excused=kept_grades > 0) if not fitting else None)
        if i not in others and not fitting:
            continue
        for at, score in fitting.items():
            cells[at] = format_decimal(score)
        count += len(fitting)
        rows.append(tuple(cells[at] if at in columns.values() else escape_formula(cells[at]) for at in kept))
    remarks = [
        *(
            f"no column of the template matches {c.name}, whose scores are left out: name the column"
            for c in book.columns
            if c.name not in columns
        ),
        *_other_points(book, sheet, columns),
        *describe_unmatched_rows(sheet, students, "Student", others),
        *describe_missing_rows(book, students),
        *([f"excused in Canvas and left unchanged: {excused}"] if excused else []),
    ]
    header = tuple(sheet.header[at] for at in kept)
    table = CsvTable(header, tuple(rows), sheet.delimiter, sheet.bom)
    return FilledTable(table, count, tuple(remarks), FilledRowCount.of_reasons(reasons))


def _find_columns(book: Gradebook, sheet: CsvTable, names: Mapping[str, str]) -> dict[str, int]:
    """Return the index of each exercise's column. Raises UsageError if there is none at all."""
    columns = {column.name: at for column in book.columns if (at := _column(sheet, column, names)) is not None}
    if not columns:
        there = ", ".join(name for name in sheet.header if _WITH_ID.fullmatch(name)) or "none"
        raise UsageError(
            f"no column of the template matches an exercise; its columns are: {there}",
            "name one with --column EXERCISE=NAME",
        )
    return columns


def _find_reason(student: str | None, *, is_other: bool, is_excused: bool) -> str:
    """Return the reason why nothing is filled into a row."""
    if is_other:
        return "not a student's"
    if student is None:
        return NOT_IN_RECORDS
    return "excused" if is_excused else NO_SCORE


def _student_cells(person: GradebookStudent) -> tuple[str, ...]:
    ids = person.ids
    cells = (person.name, ids.get("canvas", ""), ids.get("sis", ""), ids.get("login", person.student), person.section)
    return tuple(escape_formula(cell) for cell in cells)


def _column(sheet: CsvTable, column: Column, names: Mapping[str, str]) -> int | None:
    """Return the index of the exercise's column: the named one, else the one with its title or name."""
    if column.name in names:
        wanted = [names[column.name]]
        fits = [at for at, name in enumerate(sheet.header) if name == wanted[0] or _split(name)[1] == wanted[0]]
        fits = fits or [at for at, name in enumerate(sheet.header) if _split(name)[0] == wanted[0]]
    else:
        wanted = [normalize_key(column.title), normalize_key(column.name)]
        fits = [at for at, name in enumerate(sheet.header) if normalize_key(_split(name)[0]) in wanted]
    if len(fits) > 1:
        several = ", ".join(sheet.header[at] for at in fits)
        raise UsageError(
            f"several columns match {column.name} ({several})", f"name one with --column {column.name}=NAME"
        )
    if not fits and column.name in names:
        raise UsageError(f"the template has no column {names[column.name][:80]!r}: look at its first line")
    return fits[0] if fits else None


def _split(header: str) -> tuple[str, str]:
    """Split the header of an assignment's column into title and id."""
    found = _WITH_ID.fullmatch(header)
    return (found[1], found[2]) if found else (header, "")


def _sortable(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else ""


def _other_points(book: Gradebook, sheet: CsvTable, columns: Mapping[str, int]) -> list[str]:
    """Return a sentence for each assignment that is worth a different number of points in Canvas."""
    possible = next((row for row in sheet.rows if "Points Possible" in row[0]), None)
    if possible is None:
        return []
    here = {column.name: format_decimal(column.max_score) for column in book.columns}
    there = {name: possible[at].strip().replace(",", ".") for name, at in columns.items()}
    return [
        f"{name} has {there[name]} points in Canvas and {here[name]} here; scores are written as they are here"
        for name in columns
        if there[name] and _value(there[name]) != _value(here[name])
    ]


def _value(text: str) -> float | str:
    try:
        return round(float(text), 2)
    except ValueError:
        return text


def _render(book: Gradebook, values: OptionValues) -> ExportedTable:
    names = parse_columns(values.texts.get(_COLUMN.name, ()), [column.name for column in book.columns])
    template = values.files.get(_TEMPLATE.name)
    filled = from_roster(book, names) if template is None else from_template(book, template, names)
    return filled.to_export()


def parse_columns(columns: Iterable[str], exercises: Sequence[str]) -> dict[str, str]:
    """Return the NAME of each `EXERCISE=NAME`, by exercise. Raises UsageError for another form or exercise."""
    names = {}
    for column in columns:
        exercise, equals, name = column.partition("=")
        if not equals or not name.strip() or exercise not in exercises:
            raise UsageError(f"column {column[:60]!r}: write EXERCISE=NAME, EXERCISE one of {', '.join(exercises)}")
        names[exercise] = name.strip()
    return names


_TEMPLATE: Final = ExportOption("template", "FILE", "the exported gradebook, to fill in", is_file=True)
_COLUMN: Final = ExportOption("column", "E=NAME", "the assignment NAME of exercise E", is_repeatable=True)
FORMAT: Final = TableFormat(
    "canvas", gettext("Canvas's gradebook"), _render, options=(_TEMPLATE, _COLUMN), is_whole_class=False
)
