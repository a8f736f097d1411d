"""Records submissions, within a transaction that excludes other recordings."""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Self

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from grader.core.errors import StoreError
from grader.core.text.nfc import normalize_nfc
from grader.store.db.base import MAX_NAME_LENGTH, Base
from grader.store.db.models.submissions import BlobRow, StudentRow, SubmissionRow
from grader.store.records import NewSubmission, RecordedSubmission
from grader.store.tables.grading_rows import make_storable, normalize_student_name


@dataclass(frozen=True)
class HashedSubmission:
    """A submission with the hash of its bytes, which are compressed once, if they are new."""

    new_submission: NewSubmission
    sha256: str

    @classmethod
    def of(cls, new_submission: NewSubmission) -> Self:
        """Hash a submission."""
        return cls(new_submission, hashlib.sha256(new_submission.data).hexdigest())

    @cached_property
    def compressed(self) -> bytes:
        """Its bytes as they are stored."""
        return zlib.compress(self.new_submission.data)


_Key = tuple[int, str, str]
"""Student's id, exercise and hash: the identity of a submission."""


def insert_missing(connection: Connection, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows that violate no unique constraint; leave the others as they are."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    if rows:
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def record_submissions(connection: Connection, submissions: Sequence[HashedSubmission]) -> list[RecordedSubmission]:
    """Record submissions, and return one RecordedSubmission for each, in order.

    The caller holds the lock and limits the sequence to some hundreds.
    """
    now = datetime.now(UTC)
    new_submissions = [one.new_submission for one in submissions]
    for new_submission in new_submissions:
        validate_name("student", new_submission.student)
        validate_name("exercise", new_submission.exercise)
    students = ensure_student_ids(connection, {new_submission.student for new_submission in new_submissions}, now)
    keys = [(students[one.new_submission.student], one.new_submission.exercise, one.sha256) for one in submissions]

    known = _load_numbers(connection, students.values())
    latest: dict[tuple[int, str], int] = {}
    attempts = _load_attempts(connection, students.values())
    for (student, exercise, _), (_, number) in known.items():
        latest[student, exercise] = max(number, latest.get((student, exercise), 0))
    new: dict[_Key, dict[str, Any]] = {}
    first: set[int] = set()
    for position, (key, new_submission) in enumerate(zip(keys, new_submissions, strict=True)):
        if key in known or key in new:
            continue
        student, exercise, sha256 = key
        number = latest[student, exercise] = latest.get((student, exercise), 0) + 1
        made = attempts.setdefault((student, exercise), {})
        attempt = made[number] = made.get(new_submission.completes or 0) or max(made.values(), default=0) + 1
        new[key] = {
            "student_id": student,
            "exercise": exercise,
            "number": number,
            "sha256": sha256,
            "file_name": make_storable(new_submission.file_name),
            "received_at": new_submission.received_at or now,
            "attempt": None if attempt == number else attempt,
        }
        first.add(position)

    _add_blobs(connection, {submissions[i].sha256: submissions[i] for i in first})
    if new:
        connection.execute(insert(SubmissionRow), list(new.values()))
        known = _load_numbers(connection, students.values())
    return [RecordedSubmission(*known[key], is_new=position in first) for position, key in enumerate(keys)]


def validate_name(kind: str, name: str) -> None:
    """Raise StoreError for a name that some database doesn't accept."""
    if not 1 <= len(normalize_nfc(name)) <= MAX_NAME_LENGTH or make_storable(name) != name:
        raise StoreError(
            f"{name[:60]!r} can't be the name of {kind}s: 1 to {MAX_NAME_LENGTH} characters of Unicode, no NUL"
        )


def ensure_student_ids(connection: Connection, names: Iterable[str], now: datetime) -> dict[str, int]:
    """Return the ids of students by the given names; missing students are added."""
    kept = {name: normalize_student_name(name) for name in names}
    wanted = sorted(set(kept.values()))
    insert_missing(connection, StudentRow, [{"name": name, "created_at": now} for name in wanted])
    rows = connection.execute(select(StudentRow.name, StudentRow.id).where(StudentRow.name.in_(wanted)))
    found = dict(rows.all())
    return {name: found[spelled] for name, spelled in kept.items()}


def _load_numbers(connection: Connection, students: Iterable[int]) -> dict[_Key, tuple[int, int]]:
    """Return id and number of all submissions of these students."""
    row = SubmissionRow
    found = connection.execute(
        select(row.student_id, row.exercise, row.sha256, row.id, row.number).where(row.student_id.in_(students))
    )
    return {(student, exercise, sha256): (id, number) for student, exercise, sha256, id, number in found}


def _load_attempts(connection: Connection, students: Iterable[int]) -> dict[tuple[int, str], dict[int, int]]:
    """Return the attempt of each submission's number, by student and exercise."""
    row = SubmissionRow
    found = connection.execute(
        select(row.student_id, row.exercise, row.number, row.attempt).where(row.student_id.in_(students))
    )
    attempts: dict[tuple[int, str], dict[int, int]] = {}
    for student, exercise, number, attempt in found:
        attempts.setdefault((student, exercise), {})[number] = attempt or number
    return attempts


def _add_blobs(connection: Connection, contents: dict[str, HashedSubmission]) -> None:
    existing = set(connection.scalars(select(BlobRow.sha256).where(BlobRow.sha256.in_(contents))))
    rows = [
        {"sha256": sha256, "compressed": one.compressed, "size": len(one.new_submission.data)}
        for sha256, one in contents.items()
        if sha256 not in existing
    ]
    insert_missing(connection, BlobRow, rows)
