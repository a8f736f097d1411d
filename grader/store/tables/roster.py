"""Students: rosters, ids in other systems, extensions; and the course versions used for gradings."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from grader.core.errors import StoreError
from grader.core.questions.exercise import Course
from grader.core.text.messages import gettext
from grader.store.db.base import MAX_NAME_LENGTH
from grader.store.db.models.gradings import CourseVersionRow, ExerciseRow
from grader.store.db.models.people import EnrolmentRow, ExtensionRow, StudentIdRow
from grader.store.db.models.submissions import StudentRow
from grader.store.records import Enrolment
from grader.store.tables.grading_rows import make_storable, normalize_student_name
from grader.store.tables.submissions import ensure_student_ids, insert_missing, validate_name

_SYSTEM_PATTERN: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEXT_COLUMNS: Final = ("display_name", "email", "section")


def record_course_version(connection: Connection, course: Course) -> None:
    """Record a version of a course with its exercises, unless it is recorded already."""
    now = datetime.now(UTC)
    version = {"version": course.version, "title": make_storable(course.title), "recorded_at": now}
    insert_missing(connection, CourseVersionRow, [version])
    exercises = [
        {
            "course_version": course.version,
            "name": exercise.name,
            "position": position,
            "title": make_storable(exercise.title),
            "max_score": exercise.max_score,
        }
        for position, exercise in enumerate(course.exercises)
    ]
    insert_missing(connection, ExerciseRow, exercises)


def enroll_students(connection: Connection, rows: Sequence[Enrolment]) -> list[int]:
    """Add or update students; empty fields leave the recorded value unchanged. Return their ids, in order."""
    now = datetime.now(UTC)
    for row in rows:
        _validate_enrolment(row)
    ids = ensure_student_ids(connection, {row.student for row in rows}, now)
    known = _load_enrolments(connection, ids.values())
    for row in rows:
        id = ids[row.student]
        given = {name: getattr(row, name) for name in _TEXT_COLUMNS if getattr(row, name)}
        known[id] = (
            {"student_id": id, **dict.fromkeys(_TEXT_COLUMNS, "")} | known.get(id, {}) | given | {"updated_at": now}
        )
    _upsert(connection, EnrolmentRow, ["student_id"], [known[id] for id in dict.fromkeys(ids.values())])
    _set_ids(connection, [(ids[row.student], system, other) for row in rows for system, other in row.ids.items()])
    return [ids[row.student] for row in rows]


def list_enrolments(connection: Connection, section: str | None) -> list[Enrolment]:
    """Return all students by name, with or without submissions; or those of one section."""
    wanted = select(StudentRow.id, StudentRow.name, *(getattr(EnrolmentRow, name) for name in _TEXT_COLUMNS))
    wanted = wanted.outerjoin(EnrolmentRow, EnrolmentRow.student_id == StudentRow.id).order_by(StudentRow.name)
    if section is not None:
        wanted = wanted.where(EnrolmentRow.section == make_storable(section))
    others: dict[int, dict[str, str]] = {}
    for row in connection.execute(select(StudentIdRow.__table__)):
        others.setdefault(row.student_id, {})[row.system] = row.external_id
    return [
        Enrolment(name, display_name or "", email or "", section or "", others.get(id, {}))
        for id, name, display_name, email, section in connection.execute(wanted)
    ]


def find_student_id(connection: Connection, student: str) -> int:
    """Return the id of a student. Raises StoreError if there is none of that name."""
    id = connection.scalar(select(StudentRow.id).where(StudentRow.name == normalize_student_name(student)))
    if id is None:
        raise StoreError(f"the student {student[:60]!r} is not in the records: check the name")
    return id


def append_extension(connection: Connection, student: str, exercise: str, until: datetime | None, reason: str) -> int:
    """Append an extension, or (None) withdraw it; return the student's id."""
    id = find_student_id(connection, student)
    validate_name("exercise", exercise)
    row = {"student_id": id, "exercise": exercise, "until": until, "reason": make_storable(reason)}
    connection.execute(insert(ExtensionRow), [row | {"created_at": datetime.now(UTC)}])
    return id


def find_extension(connection: Connection, student: str, exercise: str) -> datetime | None:
    """Return a student's extended deadline, unless it was withdrawn."""
    row = ExtensionRow
    wanted = select(row.until).join(StudentRow, StudentRow.id == row.student_id)
    wanted = wanted.where(StudentRow.name == normalize_student_name(student), row.exercise == exercise)
    return connection.scalar(wanted.order_by(row.id.desc()).limit(1))


def _validate_enrolment(row: Enrolment) -> None:
    validate_name("student", row.student)
    for what, text in [*((name, getattr(row, name)) for name in _TEXT_COLUMNS), *row.ids.items()]:
        if len(text) > MAX_NAME_LENGTH or make_storable(text) != text:
            raise StoreError(
                gettext(
                    "{student}: {what} {text}… can't be kept: at most {most} characters",
                    student=row.student,
                    what=what,
                    text=repr(text[:40]),
                    most=MAX_NAME_LENGTH,
                )
            )
    for system, other in row.ids.items():
        if not _SYSTEM_PATTERN.fullmatch(system) or not other:
            raise StoreError(
                gettext(
                    "{student}: {system}: {id} is not an id of another system, such as canvas: 4711",
                    student=row.student,
                    system=repr(system[:40]),
                    id=repr(other),
                )
            )


def _load_enrolments(connection: Connection, students: Iterable[int]) -> dict[int, dict[str, Any]]:
    wanted = select(EnrolmentRow.__table__).where(EnrolmentRow.student_id.in_(list(students)))
    return {row["student_id"]: dict(row) for row in connection.execute(wanted).mappings()}


def _set_ids(connection: Connection, wanted: Sequence[tuple[int, str, str]]) -> None:
    """Set external ids. Raises StoreError for one that belongs to another student."""
    keys = [other for _, _, other in wanted]
    found = connection.execute(select(StudentIdRow.__table__).where(StudentIdRow.external_id.in_(keys)))
    owners = {(row.system, row.external_id): row.student_id for row in found}
    for student, system, other in wanted:
        if owners.setdefault((system, other), student) != student:
            raise StoreError(
                gettext(
                    "two students can't both be {id} in {system}: correct the roster, then import it again",
                    id=repr(other),
                    system=system,
                )
            )
    rows = {(s, system): {"student_id": s, "system": system, "external_id": other} for s, system, other in wanted}
    _upsert(connection, StudentIdRow, ["student_id", "system"], list(rows.values()))


def _upsert(connection: Connection, table: Any, key: list[str], rows: Sequence[Mapping[str, Any]]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    changed = {name: statement.excluded[name] for name in (rows[0] if rows else ()) if name not in key}
    if rows:
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), rows)
