"""Marks as CSV, to be filled in with a spreadsheet: written without formulas, and read back unchanged."""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from grader.core.errors import UsageError
from grader.core.text.escape_formula import escape_formula, unescape_formula
from grader.formats.decode_text import decode_unicode
from grader.formats.row_count import RowCount

MARKS_COLUMNS: Final = (
    *("submission", "student", "exercise", "attempt", "question", "points", "max_points", "items", "comment"),
    *("answer", "proposal", "prompt", "rubric", "ideal"),
)
_NEEDED: Final = ("submission", "question", "points")
_ITEM_SEPARATOR: Final = " | "
_NUMBERS: Final = re.compile(r"\s*\d+(\s*[,;]\s*\d+)*\s*")
_UNMARKED: Final = "without points and items"
_COMMENT_ONLY: Final = "with a comment, but without points and items"
_MAX_SUBMISSION_ID: Final = 2**31 - 1  # the largest id of a submission in every database


@dataclass(frozen=True)
class MarkLine:
    """One line that gives points or ticks rubric items. `line` is its number in the file.

    Without points, they are the sum of the items, each named by its number or its words.
    """

    submission: int
    question: str
    points: float | None
    items: tuple[str, ...]
    comment: str
    line: int


@dataclass(frozen=True)
class MarksTable:
    """The lines of a table that mark an answer, and the count of all its rows."""

    lines: tuple[MarkLine, ...]
    rows: RowCount


def write_marks(rows: Iterable[dict[str, object]]) -> str:
    """Return a table with MARKS_COLUMNS; a value missing from a row is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, MARKS_COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({key: escape_formula(_cell(value)) for key, value in row.items()} for row in rows)
    return text.getvalue()


def read_marks(data: bytes) -> MarksTable:
    """Return the lines with points or items. Raises UsageError with the line number of an error."""
    try:
        text = decode_unicode(data)
    except UnicodeDecodeError as error:
        raise UsageError("the marks are not UTF-8 text: save the table as CSV UTF-8") from error
    # strict, because a quote that is never closed would swallow the lines behind it
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text), restval="", strict=True)
    try:
        _require_columns(reader.fieldnames or ())
        lines, left_out = _read_lines(reader)
    except csv.Error as error:
        raise UsageError(f"line {reader.reader.line_num} of the marks is not CSV: {error}") from error
    _require_agreement(lines)
    return MarksTable(tuple(lines), RowCount(len(lines), left_out))


def _require_columns(names: Sequence[str]) -> None:
    lacking = [name for name in _NEEDED if name not in names]
    if lacking:
        raise UsageError(f"the marks have no column {', '.join(lacking)}", "start from grader marks export")
    twice = [name for name in MARKS_COLUMNS if names.count(name) > 1]
    if twice:
        raise UsageError(f"the marks have two columns {', '.join(twice)}: delete one of the two")


def _require_agreement(lines: Iterable[MarkLine]) -> None:
    """Raise UsageError if an answer is marked twice with different content, as happens in merged tables."""
    first: dict[tuple[int, str], MarkLine] = {}
    for line in lines:
        other = first.setdefault((line.submission, line.question), line)
        if replace(line, line=other.line) != other:
            raise UsageError(
                f"line {line.line} of the marks: {line.question[:60]!r} of submission {line.submission} is marked "
                f"otherwise in line {other.line}; delete one of the two"
            )


def _read_lines(reader: "csv.DictReader[str]") -> tuple[list[MarkLine], dict[str, int]]:
    """Return the lines that mark an answer, and the number of the others by reason."""
    lines: list[MarkLine] = []
    left_out = {_UNMARKED: 0, _COMMENT_ONLY: 0}
    for row in reader:
        cells = {key: unescape_formula(value) for key, value in row.items() if isinstance(value, str)}
        if not any(cell.strip() for cell in cells.values()):
            continue
        if not (cells["points"].strip() or cells.get("items", "").strip()):
            left_out[_COMMENT_ONLY if cells.get("comment", "").strip() else _UNMARKED] += 1
            continue
        where = f"line {reader.line_num} of the marks"
        submission = _submission(cells["submission"], where)
        points = _number(cells["points"], where) if cells["points"].strip() else None
        items, comment = _split_items(cells.get("items", "")), cells.get("comment", "")
        lines.append(MarkLine(submission, cells["question"].strip(), points, items, comment, reader.line_num))
    return lines, left_out


def _split_items(cell: str) -> tuple[str, ...]:
    """Return the items of a cell, separated by `|`; several numbers may be separated by commas or semicolons."""
    separator = r"[,;\s]+" if _NUMBERS.fullmatch(cell) else re.escape(_ITEM_SEPARATOR.strip())
    return tuple(item.strip() for item in re.split(separator, cell) if item.strip())


def _submission(text: str, where: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 0 < number <= _MAX_SUBMISSION_ID:
        raise UsageError(f"{where}: {text[:40]!r} is not the number of a submission")
    return number


def _number(text: str, where: str) -> float:
    """Parse points; a comma is accepted as decimal point."""
    try:
        points = float(text.strip().replace(",", "."))
    except ValueError as error:
        raise UsageError(f"{where}: {text[:40]!r} is not a number of points: write a number, such as 1.5") from error
    if not math.isfinite(points):
        raise UsageError(f"{where}: {text[:40]!r} is not a number of points: write a number, such as 1.5")
    return points


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return _ITEM_SEPARATOR.join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
