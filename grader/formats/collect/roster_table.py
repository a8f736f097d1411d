"""Rosters as CSV from LMS exports: known column names in several wordings; `,`, `;` or tabs; with or without a BOM.

The reader understands the columns of Canvas' gradebook (`Student`, `ID`, `SIS Login ID`, `Section`), Moodle's
participants and grading worksheet (`Full name`, `Email address`, `ID number`, `Identifier`), Gradescope's roster
(`First Name`, `SID`) and of hand-made tables (`id`, `name`, `email`, `section`, `canvas`, `moodle`, `gradescope`).
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.core.errors import UsageError
from grader.core.text.escape_formula import unescape_formula
from grader.core.text.messages import gettext
from grader.formats.decode_text import decode_unicode, escape_unprintable

_STUDENT: Final = (
    *("student id", "sis login id", "login id", "login", "username", "user name", "sis user id", "id number", "sid"),
    *("matriculation number", "email", "email address", "e-mail", "mail"),
)
_NAME: Final = ("name", "full name", "display name", "student name", "student")
_FIRST: Final = ("first name", "firstname", "given name", "vorname")
_LAST: Final = ("last name", "lastname", "surname", "family name", "nachname")
_EMAIL: Final = ("email", "email address", "e-mail", "mail")
_SECTION: Final = ("section", "sections", "group", "groups", "class")
_IDS: Final = {
    "canvas": ("canvas", "canvas id", "canvas user id"),
    "moodle": ("moodle", "moodle id"),
    "gradescope": ("gradescope", "gradescope id", "sid"),
    "sis": ("sis user id", "id number"),
    "login": ("sis login id", "login id", "login", "username"),
}
_PARTICIPANT: Final = re.compile(r"\D*(\d+)")


@dataclass(frozen=True)
class RosterEntry:
    """A student on a roster; `participant` is Moodle's number in one assignment. An empty field was not given."""

    student: str
    name: str = ""
    email: str = ""
    section: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    participant: str = ""
    line: int = 0


def read_roster(data: bytes) -> list[RosterEntry]:
    """Return the students of a table, in its order. Raises UsageError with the line number of an error."""
    try:
        text = decode_unicode(data)
    except UnicodeDecodeError:
        raise UsageError(gettext("the roster is not UTF-8 text: save the table as CSV UTF-8")) from None
    head = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        rows = [(reader.line_num, [unescape_formula(cell).strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise UsageError(
            gettext("line {line} of the roster is not CSV: {error}", line=reader.line_num, error=error)
        ) from error
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise UsageError(gettext("the roster is empty"))
    entries = list(_entries(_columns(rows[0][1]), rows[1:]))
    _require_unique_ids(entries)
    return entries


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return the index of each column by its name in lower case; of repeated names the first counts."""
    columns: dict[str, int] = {}
    for place, name in enumerate(header):
        columns.setdefault(" ".join(name.replace("_", " ").casefold().split()), place)
    if "id" in columns and "sis login id" in columns:  # in Canvas' own table `ID` is the id in Canvas
        columns["canvas"] = columns.pop("id")
    elif "id" in columns:
        columns["student id"] = columns.pop("id")
    if "student" in columns and not set(_NAME[:-1]) & columns.keys() and "student id" not in columns:
        ids = {"canvas", *_STUDENT} & columns.keys()
        columns["name" if ids else "student id"] = columns.pop("student")
    elif "student" in columns and "student id" not in columns:
        columns["student id"] = columns.pop("student")
    if not {*_STUDENT, "canvas"} & columns.keys():
        raise UsageError(
            gettext("the roster has no column for the students' ids: call it id (others: name, email, section)")
        )
    return columns


def _entries(columns: dict[str, int], rows: Sequence[tuple[int, list[str]]]) -> Iterator[RosterEntry]:
    for line, row in rows:

        def cell(names: Sequence[str], row: list[str] = row) -> str:
            """Return the first non-empty cell among these columns."""
            values = (row[columns[name]] for name in names if name in columns and columns[name] < len(row))
            return next(filter(None, values), "")

        name = cell(_NAME) or " ".join(filter(None, (cell(_FIRST), cell(_LAST))))
        last, comma, first = name.partition(", ")
        name = f"{first} {last}" if comma else name
        if name == "Points Possible" or (not cell(_STUDENT) and not cell(("canvas",))):
            if cell(("identifier",)) or cell(_EMAIL) or (name and name != "Points Possible"):
                raise UsageError(
                    gettext(
                        "line {line} of the roster: {name} has no id",
                        line=line,
                        name=repr(escape_unprintable(name)[:60]),
                    )
                )
            continue
        ids = {system: value for system, names in _IDS.items() if (value := cell(names))}
        number = _PARTICIPANT.fullmatch(cell(("identifier",)))
        student = cell(_STUDENT) or cell(("canvas",))
        if escape_unprintable(student) != student:
            raise UsageError(
                gettext(
                    "line {line} of the roster: {name} is not an id",
                    line=line,
                    name=repr(escape_unprintable(student)[:60]),
                )
            )
        yield RosterEntry(student, name, cell(_EMAIL), cell(_SECTION), ids, number[1] if number else "", line)


def _require_unique_ids(entries: Sequence[RosterEntry]) -> None:
    first: dict[str, RosterEntry] = {}
    for entry in entries:
        other = first.setdefault(entry.student, entry)
        if other is not entry:
            raise UsageError(
                gettext(
                    "line {line} of the roster: {name} is in line {other} already; delete one of the two",
                    line=entry.line,
                    name=repr(entry.student[:60]),
                    other=other.line,
                )
            )
