"""Recording what was handed in, within a transaction in which nobody else records."""

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
from grader.store.db.models import BlobRow, StudentRow, SubmissionRow
from grader.store.records import NewSubmission, RecordedSubmission
from grader.store.tables.grading_rows import make_storable, normalize_student_name


@dataclass(frozen=True)
class HashedSubmission:
    """A hand-in with the hash of its bytes, which are compressed once, where they are new."""

    new_submission: NewSubmission
    sha256: str

    @classmethod
    def of(cls, hand_in: NewSubmission) -> Self:
        """A hand-in, hashed."""
        return cls(hand_in, hashlib.sha256(hand_in.data).hexdigest())

    @cached_property
    def compressed(self) -> bytes:
        """Its bytes as they are kept."""
        return zlib.compress(self.new_submission.data)


_Key = tuple[int, str, str]
"""Student's id, exercise, hash: what makes a submission itself."""


def insert_missing(connection: Connection, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts the rows that break no unique constraint; leaves the others as they are."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    if rows:
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def record_submissions(connection: Connection, packed: Sequence[HashedSubmission]) -> list[RecordedSubmission]:
    """One Recorded per hand-in, in order. The caller holds the lock and keeps the sequence to some hundreds."""
    now = datetime.now(UTC)
    hand_ins = [one.new_submission for one in packed]
    for hand_in in hand_ins:
        validate_name("student", hand_in.student)
        validate_name("exercise", hand_in.exercise)
    students = ensure_student_ids(connection, {hand_in.student for hand_in in hand_ins}, now)
    keys = [(students[one.new_submission.student], one.new_submission.exercise, one.sha256) for one in packed]

    known = _load_numbers(connection, students.values())
    latest: dict[tuple[int, str], int] = {}
    for (student, exercise, _), (_, number) in known.items():
        latest[student, exercise] = max(number, latest.get((student, exercise), 0))
    new: dict[_Key, dict[str, Any]] = {}
    first: set[int] = set()
    for position, (key, hand_in) in enumerate(zip(keys, hand_ins, strict=True)):
        if key in known or key in new:
            continue
        student, exercise, sha256 = key
        number = latest[student, exercise] = latest.get((student, exercise), 0) + 1
        new[key] = {
            "student_id": student,
            "exercise": exercise,
            "number": number,
            "sha256": sha256,
            "file_name": make_storable(hand_in.file_name),
            "received_at": hand_in.received_at or now,
        }
        first.add(position)

    _add_blobs(connection, {packed[i].sha256: packed[i] for i in first})
    if new:
        connection.execute(insert(SubmissionRow), list(new.values()))
        known = _load_numbers(connection, students.values())
    return [RecordedSubmission(*known[key], is_new=position in first) for position, key in enumerate(keys)]


def validate_name(what: str, name: str) -> None:
    """Raises StoreError for a name that not every database takes."""
    if not 1 <= len(normalize_nfc(name)) <= MAX_NAME_LENGTH or make_storable(name) != name:
        raise StoreError(
            f"{name[:60]!r} can't be the name of {what}s: 1 to {MAX_NAME_LENGTH} characters of Unicode, no NUL"
        )


def ensure_student_ids(connection: Connection, names: Iterable[str], now: datetime) -> dict[str, int]:
    """The ids of students by name, as it was given; those who aren't there are added."""
    kept = {name: normalize_student_name(name) for name in names}
    wanted = sorted(set(kept.values()))
    insert_missing(connection, StudentRow, [{"name": name, "created_at": now} for name in wanted])
    rows = connection.execute(select(StudentRow.name, StudentRow.id).where(StudentRow.name.in_(wanted)))
    found = dict(rows.all())
    return {name: found[spelled] for name, spelled in kept.items()}


def _load_numbers(connection: Connection, students: Iterable[int]) -> dict[_Key, tuple[int, int]]:
    """Id and number of everything that these students have handed in."""
    row = SubmissionRow
    found = connection.execute(
        select(row.student_id, row.exercise, row.sha256, row.id, row.number).where(row.student_id.in_(students))
    )
    return {(student, exercise, sha256): (id, number) for student, exercise, sha256, id, number in found}


def _add_blobs(connection: Connection, contents: dict[str, HashedSubmission]) -> None:
    there = set(connection.scalars(select(BlobRow.sha256).where(BlobRow.sha256.in_(contents))))
    rows = [
        {"sha256": sha256, "compressed": one.compressed, "size": len(one.new_submission.data)}
        for sha256, one in contents.items()
        if sha256 not in there
    ]
    insert_missing(connection, BlobRow, rows)
