"""Matches rows of another system's table to students: by ids, e-mail address, then name. Reports ambiguous rows."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.errors import UsageError
from grader.core.report.gradebook import Gradebook, GradebookStudent
from grader.core.text.messages import ngettext
from grader.formats.csv_table import CsvTable
from grader.formats.export.export_format import ExportedTable
from grader.formats.row_count import FilledRowCount

NOT_IN_RECORDS: Final = "not in the records"
NO_SCORE: Final = "without a score"
"""Reasons why a row of a template is left out."""

PersonKeys = Callable[[GradebookStudent], Iterable[str]]
"""The texts by which a person may be identified in a column."""


@dataclass(frozen=True)
class FilledTable:
    """A table with scores, the number of scores filled in, and sentences about those that were not.

    `rows` counts the rows of the template; None without one.
    """

    table: CsvTable
    count: int
    remarks: tuple[str, ...] = ()
    rows: FilledRowCount | None = None

    def to_export(self) -> ExportedTable:
        """Return the table as a file."""
        return ExportedTable(self.table.to_bytes(), self.count, "score", self.remarks, self.rows)


def match_students(
    table: CsvTable, people: Sequence[GradebookStudent], keys: Iterable[tuple[str, PersonKeys]]
) -> list[str | None]:
    """Return the student of each row, None if no key identifies one. A student claimed by two rows gets neither."""
    tables = [
        (at, _index_people(people, names)) for column, names in keys if (at := table.column_index(column)) is not None
    ]
    found = [_find_student(row, tables) for row in table.rows]
    claims = Counter(found)
    return [student if student is not None and claims[student] == 1 else None for student in found]


def _index_people(people: Sequence[GradebookStudent], names: PersonKeys) -> Mapping[str, set[str]]:
    known: dict[str, set[str]] = {}
    for person in people:
        for name in names(person):
            if name.strip():
                known.setdefault(normalize_key(name), set()).add(person.student)
    return known


def _find_student(row: tuple[str, ...], tables: Sequence[tuple[int, Mapping[str, set[str]]]]) -> str | None:
    """Return the student by the first key with any match; several matches decide nothing and end the search."""
    for at, known in tables:
        found = known.get(normalize_key(row[at]), set())
        if found:
            return next(iter(found)) if len(found) == 1 else None
    return None


def normalize_key(text: str) -> str:
    """Return the text for comparison: NFC, without case and surrounding space."""
    return unicodedata.normalize("NFC", text.strip()).casefold()


def describe_unmatched_rows(
    table: CsvTable, matches: Sequence[str | None], naming: str, skipped: Iterable[int] = ()
) -> list[str]:
    """Return a sentence about the rows of the template that match no student on record."""
    at = table.column_index(naming) or 0
    skip = set(skipped)
    names = [
        row[at]
        for i, (row, student) in enumerate(zip(table.rows, matches, strict=True))
        if not student and i not in skip
    ]
    return [f"{_join_names(names)} of the template: not in the records, or not told apart"] if names else []


def describe_missing_rows(book: Gradebook, matches: Sequence[str | None]) -> list[str]:
    """Return a sentence about students who have a score and no row in the template."""
    matched = set(matches)
    scored = [p.student for p in book.people if any(s is not None for s in book.scores(p.student))]
    lacking = [student for student in scored if student not in matched]
    return (
        [f"{_join_names(lacking)}: no row of the template is theirs, so their scores are not in it"] if lacking else []
    )


def require_no_gaps(book: Gradebook, people: Sequence[GradebookStudent], system: str, template: str) -> None:
    """Raise UsageError if a student has only some of the scores: an empty cell clears a grade."""
    gaps = sum(1 for person in people if None in book.scores(person.student))
    if gaps:
        raise UsageError(
            ngettext(
                "{n} student lacks a score in some exercise, and {system} clears a grade if its cell is empty: "
                "export one exercise at a time, or fill in {template} as the template",
                "{n} students lack a score in some exercise, and {system} clears a grade if its cell is empty: "
                "export one exercise at a time, or fill in {template} as the template",
                n=gaps,
                system=system,
                template=template,
            )
        )


def _join_names(names: Sequence[str]) -> str:
    shown = ", ".join(name[:60] for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "")
