"""Whose row of another system's table is whose: by ids, address, then name; decided, or told, never guessed."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.core.report.gradebook import Gradebook, Person
from grader.formats.csv_table import Sheet

Names = Callable[[Person], Iterable[str]]
"""By which texts in a column a person is known."""


@dataclass(frozen=True)
class Filled:
    """A table with scores in it, how many were filled in, and in sentences what was not."""

    sheet: Sheet
    count: int
    remarks: tuple[str, ...] = ()


def matched(sheet: Sheet, people: Sequence[Person], keys: Iterable[tuple[str, Names]]) -> list[str | None]:
    """The student of each row, None where no key tells one. A student whom two rows claim gets neither."""
    tables = [(at, _known(people, names)) for column, names in keys if (at := sheet.column(column)) is not None]
    found = [_student(row, tables) for row in sheet.rows]
    claims = Counter(found)
    return [student if student is not None and claims[student] == 1 else None for student in found]


def _known(people: Sequence[Person], names: Names) -> Mapping[str, set[str]]:
    known: dict[str, set[str]] = {}
    for person in people:
        for name in names(person):
            if name.strip():
                known.setdefault(plain(name), set()).add(person.student)
    return known


def _student(row: tuple[str, ...], tables: Sequence[tuple[int, Mapping[str, set[str]]]]) -> str | None:
    """By the first key that knows anybody; one that knows several decides nothing, and no later one is asked."""
    for at, known in tables:
        found = known.get(plain(row[at]), set())
        if found:
            return next(iter(found)) if len(found) == 1 else None
    return None


def plain(text: str) -> str:
    """For comparing: composed, without case and outer space."""
    return unicodedata.normalize("NFC", text.strip()).casefold()


def strangers(sheet: Sheet, found: Sequence[str | None], naming: str, skipped: Iterable[int] = ()) -> list[str]:
    """A sentence about rows of the template that are nobody's whom the records know."""
    at = sheet.column(naming) or 0
    skip = set(skipped)
    names = [
        row[at] for i, (row, student) in enumerate(zip(sheet.rows, found, strict=True)) if not student and i not in skip
    ]
    return [f"{_listed(names)} of the template: not in the records, or not told apart"] if names else []


def without_row(book: Gradebook, found: Sequence[str | None]) -> list[str]:
    """A sentence about students who have a score and no row in the template."""
    there = set(found)
    scored = [p.student for p in book.people if any(s is not None for s in book.scores(p.student))]
    lacking = [student for student in scored if student not in there]
    return [f"{_listed(lacking)}: no row of the template is theirs, so their scores are not in it"] if lacking else []


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name[:60] for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "")
