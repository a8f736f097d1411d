"""Rosters as CSV from LMS exports: known column names in several wordings; `,`, `;` or tabs; with or without a BOM.

The reader understands the columns of Canvas' gradebook (`Student`, `ID`, `SIS Login ID`, `Section`), Moodle's
participants and grading worksheet (`Full name`, `Email address`, `ID number`, `Identifier`), Gradescope's roster
(`First Name`, `SID`, `Role`) in English, German and French, and of hand-made tables (`id`, `name`, `email`, `section`,
`canvas`, `moodle`, `gradescope`).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.core.errors import UsageError
from grader.core.text.escape_formula import unescape_formula
from grader.core.text.messages import Message, gettext
from grader.formats.decode_text import decode_unicode, escape_unprintable
from grader.formats.row_count import RowCount

_STUDENT: Final = (
    *("student id", "sis login id", "login id", "login", "username", "user name", "sis user id", "id number", "sid"),
    *("matriculation number", "id-nummer", "matrikelnummer", "anmeldename", "nutzername"),
    *("numéro d'identification", "numéro d'étudiant", "nom d'utilisateur"),
    *("email", "email address", "e-mail", "mail", "e-mail-adresse", "adresse de courriel", "adresse e-mail"),
)
_NAME: Final = ("name", "full name", "display name", "student name", "vollständiger name", "nom complet", "student")
_FIRST: Final = ("first name", "firstname", "given name", "vorname", "prénom")
_LAST: Final = ("last name", "lastname", "surname", "family name", "nachname", "nom de famille", "nom")
_EMAIL: Final = (
    *("email", "email address", "e-mail", "mail", "e-mail-adresse", "adresse de courriel", "adresse e-mail"),
)
_SECTION: Final = ("section", "sections", "group", "groups", "class", "gruppe", "gruppen", "groupe", "groupes")
_IDS: Final = {
    "canvas": ("canvas", "canvas id", "canvas user id"),
    "moodle": ("moodle", "moodle id"),
    "gradescope": ("gradescope", "gradescope id", "sid"),
    "sis": ("sis user id", "id number", "id-nummer", "numéro d'identification"),
    "login": ("sis login id", "login id", "login", "username"),
}
_ROLE: Final = ("role", "roles", "rolle", "rollen", "rôle", "rôles")
_IDENTIFIER: Final = ("identifier", "identifikator", "identifiant")
_UNDERSTOOD: Final = {
    *(*_STUDENT, *_NAME, *_FIRST, *_LAST, *_EMAIL, *_SECTION, *_ROLE, *_IDENTIFIER),
    *(name for names in _IDS.values() for name in names),
}
_STUDENT_ROLES: Final = {
    *("", "student", "students", "learner", "participant", "teilnehmer/in", "studierende", "studierende/r"),
    *("étudiant", "étudiant/e", "étudiante"),
}
_STAFF_ROLES: Final = {
    *("instructor", "ta", "teaching assistant", "reader", "observer", "teacher", "non-editing teacher", "manager"),
    *("course creator", "designer", "grader", "marker", "staff", "admin", "trainer/in", "trainer/in ohne", "tutor/in"),
    *("trainer/in ohne bearbeitungsrecht", "dozent/in", "lehrende", "manager/in", "tutor", "betreuer/in"),
    *("enseignant", "enseignante", "enseignant non éditeur", "gestionnaire", "tuteur"),
}
_MAX_NAMED_COLUMNS: Final = 8
_DAMAGED_ID: Final = re.compile(r"\d+[.,]\d+[eE]\+?\d+|\d+[eE]\+\d+|\d+[.,]0+|#+|#[A-ZÀ-Ü]+[/0-9A-Z]*[!?]?")
"""Ids that a spreadsheet has taken for a number, or replaced by an error."""
_PARTICIPANT_ID: Final = re.compile(r"(participant|teilnehm)\D*(\d+)", re.IGNORECASE)
"""Moodle's number of a person in one assignment."""
_Rows = Sequence[tuple[int, list[str]]]
"""The cells of each row, with its line."""
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


@dataclass(frozen=True)
class Roster:
    """The students of a table, in its order; remarks on what was not understood or not taken; and the count of rows."""

    entries: tuple[RosterEntry, ...]
    remarks: tuple[Message, ...]
    rows: RowCount


def read_roster(data: bytes) -> Roster:
    """Read the students of a table. Raises UsageError with the line number of an error."""
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
    (_, header), *rows = rows
    columns = _columns(header)
    remarks = [*_move_participant_numbers(columns, rows), *_describe_columns(columns, header)]
    students, roles = _select_students(columns, rows)
    entries = tuple(_entries(columns, students))
    _require_unique_ids(entries)
    staff = len(rows) - len(students)
    left_out = {gettext("staff"): staff, gettext("not a student's"): len(students) - len(entries)}
    return Roster(entries, (*remarks, *roles), RowCount(len(entries), left_out))


def _move_participant_numbers(columns: dict[str, int], rows: _Rows) -> list[Message]:
    """Take the numbers of Moodle's worksheet, in a column of ids, for what they are: numbers of one assignment."""
    at = columns.get("student id")
    cells = [(line, row[at]) for line, row in rows if at is not None and at < len(row) and row[at]]
    numbers = [(line, cell) for line, cell in cells if _PARTICIPANT_ID.fullmatch(cell)]
    if not numbers or at is None:
        return []
    others = [name for name in _STUDENT if name in columns and name != "student id"]
    if len(numbers) < len(cells) or not others:
        line, cell = numbers[0]
        raise UsageError(
            gettext(
                "line {line} of the roster: {name} is a number within one assignment, not an id: add a column with ids",
                line=line,
                name=repr(escape_unprintable(cell)[:60]),
            )
        )
    columns["identifier"] = columns.pop("student id")
    return [
        gettext(
            "The roster's ids are numbers within one assignment ({example}): the column {column} is used instead.",
            example=escape_unprintable(numbers[0][1])[:60],
            column=others[0],
        )
    ]


def _describe_columns(columns: Mapping[str, int], header: Sequence[str]) -> list[Message]:
    """Return a sentence about columns that were not understood, and one if none was read as names."""
    used = {place for name, place in columns.items() if name in _UNDERSTOOD}
    others = [escape_unprintable(name)[:40] for place, name in enumerate(header) if place not in used and name]
    more = len(others) - _MAX_NAMED_COLUMNS
    named = ", ".join(others[:_MAX_NAMED_COLUMNS]) + (f", … (+{more})" if more > 0 else "")
    remarks = [gettext("Columns of the roster that are not used: {names}", names=named)] if others else []
    if not {*_NAME, *_FIRST, *_LAST} & columns.keys():
        remarks.append(gettext("No column of the roster was read as the students' names: call it name."))
    return remarks


def _select_students(columns: Mapping[str, int], rows: _Rows) -> tuple[_Rows, list[Message]]:
    """Return the rows without those of staff, and a sentence about roles that are not known."""
    at = next((columns[name] for name in _ROLE if name in columns), None)
    if at is None:
        return rows, []
    students: list[tuple[int, list[str]]] = []
    unknown: dict[str, None] = {}
    for line, row in rows:
        roles = [role.strip() for role in (row[at] if at < len(row) else "").split(",")]
        if any(role.casefold() in _STAFF_ROLES for role in roles):
            continue
        students.append((line, row))
        unknown |= {escape_unprintable(role)[:40]: None for role in roles if role.casefold() not in _STUDENT_ROLES}
    if not unknown:
        return students, []
    return students, [
        gettext("Roles taken for a student's: {roles}", roles=", ".join(list(unknown)[:_MAX_NAMED_COLUMNS]))
    ]


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


def _entries(columns: dict[str, int], rows: _Rows) -> Iterator[RosterEntry]:
    for line, row in rows:

        def cell(names: Sequence[str], row: list[str] = row) -> str:
            """Return the first non-empty cell among these columns."""
            values = (row[columns[name]] for name in names if name in columns and columns[name] < len(row))
            return next(filter(None, values), "")

        name = cell(_NAME) or " ".join(filter(None, (cell(_FIRST), cell(_LAST))))
        last, comma, first = name.partition(", ")
        name = f"{first} {last}" if comma else name
        if name == "Points Possible" or (not cell(_STUDENT) and not cell(("canvas",))):
            if cell(_IDENTIFIER) or cell(_EMAIL) or (name and name != "Points Possible"):
                raise UsageError(
                    gettext(
                        "line {line} of the roster: {name} has no id",
                        line=line,
                        name=repr(escape_unprintable(name)[:60]),
                    )
                )
            continue
        ids = {system: value for system, names in _IDS.items() if (value := cell(names))}
        number = _PARTICIPANT.fullmatch(cell(_IDENTIFIER))
        student = cell(_STUDENT) or cell(("canvas",))
        _require_undamaged([student, *ids.values()], line)
        if escape_unprintable(student) != student:
            raise UsageError(
                gettext(
                    "line {line} of the roster: {name} is not an id",
                    line=line,
                    name=repr(escape_unprintable(student)[:60]),
                )
            )
        yield RosterEntry(student, name, cell(_EMAIL), cell(_SECTION), ids, number[1] if number else "", line)


def _require_undamaged(ids: Iterable[str], line: int) -> None:
    for id in ids:
        if _DAMAGED_ID.fullmatch(id):
            raise UsageError(
                gettext(
                    "line {line} of the roster: a spreadsheet has changed the id to {name}: get the table anew, and "
                    "open that column as text",
                    line=line,
                    name=repr(escape_unprintable(id)[:60]),
                )
            )


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
