"""The table of undecided files: written with the known facts, filled in with a spreadsheet, and read back.

A file is identified by the path at which it was found. A filled-in `student` or `exercise` replaces the one from the
download; `-` as the student leaves the file out. Files with empty cells stay undecided.
"""

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from grader.core.errors import UsageError
from grader.core.text.escape_formula import escape_formula, unescape_formula
from grader.formats.decode_text import decode_unicode
from grader.formats.row_count import RowCount

DECISION_COLUMNS: Final = ("file", "student", "exercise", "received_at", "why", "near")
LEAVE_OUT_MARK: Final = "-"


@dataclass(frozen=True)
class Decision:
    """A person's decision about a file; an empty field means that nothing was decided."""

    student: str = ""
    exercise: str = ""
    received_at: str = ""
    line: int = 0


def count_decisions(decisions: Mapping[str, Decision], files: Collection[str]) -> RowCount:
    """Count the rows of a table, of which those about these files were taken."""
    filled = {file for file, one in decisions.items() if one.student or one.exercise or one.received_at}
    taken = len(filled.intersection(files))
    left_out = {
        "without a decision": len(decisions) - len(filled),
        "about files that are not there": len(filled) - taken,
    }
    return RowCount(taken, left_out)


def write_undecided(rows: Iterable[dict[str, str]]) -> str:
    """Return a table with DECISION_COLUMNS in which no cell is a formula."""
    text = io.StringIO()
    writer = csv.DictWriter(text, DECISION_COLUMNS, lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({key: escape_formula(value) for key, value in row.items()} for row in rows)
    return text.getvalue()


def read_decisions(data: bytes) -> dict[str, Decision]:
    """Return the decisions by file. Raises UsageError with the line number of an error."""
    try:
        text = decode_unicode(data)
    except UnicodeDecodeError:
        raise UsageError("the decisions are not UTF-8 text: save the table as CSV UTF-8") from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), restval="", strict=True
    )
    found: dict[str, Decision] = {}
    try:
        lacking = [name for name in DECISION_COLUMNS[:2] if name not in (reader.fieldnames or ())]
        if lacking:
            raise UsageError(
                f"the decisions have no column {', '.join(lacking)}", "start from grader collect --undecided"
            )
        for row in reader:
            cells = {key: unescape_formula(row[key] or "").strip() for key in DECISION_COLUMNS if key in row}
            student, exercise, received_at = (cells.get(key, "") for key in DECISION_COLUMNS[1:4])
            decision = Decision(student, exercise, received_at, reader.line_num)
            if cells["file"] in found:
                raise UsageError(f"line {decision.line} of the decisions: {cells['file'][:80]!r} is there twice")
            found[cells["file"]] = decision
    except csv.Error as error:
        raise UsageError(f"line {reader.reader.line_num} of the decisions is not CSV: {error}") from error
    return found
