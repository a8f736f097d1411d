"""Reads in pages by ascending id: each page is a short transaction, so that others can write in between."""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, select, text
from sqlalchemy.orm import aliased

from grader.core.batches import split_into_batches
from grader.core.errors import StoreError
from grader.store.db import schema
from grader.store.db.base import Base
from grader.store.db.engine import Database
from grader.store.db.models.gradings import GradingRow, MarkRow, ResultRow
from grader.store.db.models.submissions import BlobRow, StudentRow, SubmissionRow
from grader.store.records import DatabaseInfo, GradedSubmission, Submission
from grader.store.tables import current_marks, grading_rows

SUBMISSIONS_PER_PAGE: Final = 200
"""Number of submissions read at once."""
MAX_CONTENTS_PER_READ: Final = 16
MAX_BYTES_PER_READ: Final = 2**24
"""Limit in bytes for submissions whose contents are read at once."""


@dataclass(frozen=True)
class SubmissionFilter:
    """A selection of submissions by exercise, student or ids; None selects all."""

    exercise: str | None = None
    student: str | None = None
    ids: Collection[int] | None = None


def iterate_ungraded(database: Database, selection: SubmissionFilter) -> Iterator[Submission]:
    """Yield submissions without a sound latest grading."""
    return _iterate_lacking(database, selection)


def iterate_outdated(
    database: Database, selection: SubmissionFilter, course_version: str, grader_version: str, seed: str
) -> Iterator[Submission]:
    """Yield submissions without a sound latest grading of these versions and this seed."""
    row = GradingRow
    ours = (row.course_version == course_version, row.grader_version == grader_version, row.seed == seed)
    return _iterate_lacking(database, selection, *ours)


def _iterate_lacking(
    database: Database, selection: SubmissionFilter, *sound: ColumnElement[bool]
) -> Iterator[Submission]:
    """Yield submissions whose latest grading is missing, has a grader error, or doesn't match `sound`."""
    done = exists().where(is_latest_grading(), GradingRow.faulted.is_(False), *sound).correlate(SubmissionRow)
    for ids in _iterate_id_pages(database, selection):
        with database.read() as connection:
            rows = connection.execute(select_submissions(ids).where(~done)).all()
        yield from (build_submission(row) for row in rows)


def iterate_submissions(database: Database, selection: SubmissionFilter, after: int = 0) -> Iterator[Submission]:
    """Yield every submission after an id, graded or not."""
    for ids in _iterate_id_pages(database, selection, after):
        with database.read() as connection:
            rows = connection.execute(select_submissions(ids)).all()
        yield from (build_submission(row) for row in rows)


def iterate_graded(database: Database, selection: SubmissionFilter) -> Iterator[GradedSubmission]:
    """Yield every graded submission with its latest grading and marks."""
    for ids in _iterate_id_pages(database, selection):
        with database.read() as connection:
            graded = _load_graded(connection, ids)
        yield from graded


def _load_graded(connection: Connection, ids: Sequence[int]) -> list[GradedSubmission]:
    columns = [column for column in GradingRow.__table__.columns if column.name != "id"]
    wanted = (
        select_submissions(ids)
        .add_columns(GradingRow.id.label("grading_id"), *columns)
        .join(GradingRow, is_latest_grading())
    )
    found = connection.execute(wanted).all()
    results = _load_results(connection, [row.grading_id for row in found])
    given = current_marks.load_current_marks(connection, ids)
    return [
        GradedSubmission(
            build_submission(row),
            grading_rows.build_grading(row.exercise, row._mapping, results.get(row.grading_id, [])),
            given.get(row.id, {}),
        )
        for row in found
    ]


def _load_results(connection: Connection, gradings: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    wanted = select(ResultRow.__table__).where(ResultRow.grading_id.in_(gradings))
    rows = connection.execute(wanted.order_by(ResultRow.grading_id, ResultRow.position)).mappings()
    return {grading: [dict(row) for row in group] for grading, group in groupby(rows, lambda row: row["grading_id"])}


def is_latest_grading() -> ColumnElement[bool]:
    """Return the condition that a GradingRow is its submission's latest. Ids ascend; no row is overwritten."""
    newer = aliased(GradingRow)
    last = select(func.max(newer.id)).where(newer.submission_id == SubmissionRow.id).correlate(SubmissionRow)
    return and_(GradingRow.submission_id == SubmissionRow.id, GradingRow.id == last.scalar_subquery())


def select_submissions(ids: Sequence[int]) -> Select[Any]:
    """Select rows for `build_submission`, in ascending order."""
    return (
        select(SubmissionRow.__table__, StudentRow.name, BlobRow.size)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .join(BlobRow, BlobRow.sha256 == SubmissionRow.sha256)
        .where(SubmissionRow.id.in_(ids))
        .order_by(SubmissionRow.id)
    )


def build_submission(row: Row[Any]) -> Submission:
    """Return a row of `select_submissions` as plain data."""
    return Submission(
        id=row.id,
        student=row.name,
        exercise=row.exercise,
        number=row.number,
        file_name=row.file_name,
        received_at=row.received_at,
        sha256=row.sha256,
        size=row.size,
        attempt=row.attempt or row.number,
    )


def _iterate_id_pages(database: Database, selection: SubmissionFilter, after: int = 0) -> Iterator[list[int]]:
    """Yield the ids of the selected submissions in ascending order, SUBMISSIONS_PER_PAGE at a time."""
    if selection.ids is not None:
        for page in split_into_batches(sorted(set(selection.ids)), SUBMISSIONS_PER_PAGE):
            with database.read() as connection:
                wanted = select_submission_ids(selection).where(SubmissionRow.id.in_(page))
                ids = list[int](connection.scalars(wanted.order_by(SubmissionRow.id)))
            yield ids
        return
    while True:
        with database.read() as connection:
            wanted = (
                select_submission_ids(selection)
                .where(SubmissionRow.id > after)
                .order_by(SubmissionRow.id)
                .limit(SUBMISSIONS_PER_PAGE)
            )
            ids = list[int](connection.scalars(wanted))
        if not ids:
            return
        yield ids
        after = ids[-1]


def select_submission_ids(selection: SubmissionFilter) -> Select[int]:
    """Select the ids of submissions of an exercise, of a student."""
    wanted = select(SubmissionRow.id)
    if selection.exercise is not None:
        wanted = wanted.where(SubmissionRow.exercise == selection.exercise)
    if selection.student is not None:
        student = select(StudentRow.id).where(StudentRow.name == grading_rows.normalize_student_name(selection.student))
        wanted = wanted.where(SubmissionRow.student_id == student.scalar_subquery())
    return wanted


def list_receipt_times(database: Database, student: str, since: datetime) -> list[datetime]:
    """Return the times of a student's submissions since then, oldest first."""
    wanted = (
        select(SubmissionRow.received_at)
        .join(StudentRow)
        .where(StudentRow.name == grading_rows.normalize_student_name(student))
    )
    with database.read() as connection:
        return list(connection.scalars(wanted.where(SubmissionRow.received_at >= since).order_by(SubmissionRow.id)))


def read_content(database: Database, id: int) -> bytes:
    """Return the bytes of a submission. Raises StoreError if there is none, or they don't match their hash."""
    return _decompress_verified(database, id, _load_blobs(database, [id]))


def iterate_contents(database: Database, submissions: Iterable[Submission]) -> Iterator[tuple[Submission, bytes]]:
    """Yield submissions with their bytes, in order. Raises the errors of `read_content` at the submission concerned."""
    for part in split_into_batches(
        submissions, MAX_CONTENTS_PER_READ, max_bytes=MAX_BYTES_PER_READ, measure=lambda one: one.size
    ):
        blobs = _load_blobs(database, [submission.id for submission in part])
        for submission in part:
            yield submission, _decompress_verified(database, submission.id, blobs)


def _load_blobs(database: Database, ids: Sequence[int]) -> dict[int, tuple[bytes, str]]:
    """Return the stored, compressed bytes of submissions, and the hash of the original bytes."""
    wanted = select(SubmissionRow.id, BlobRow.compressed, BlobRow.sha256).join(BlobRow).where(SubmissionRow.id.in_(ids))
    with database.read() as connection:
        return {id: (compressed, sha256) for id, compressed, sha256 in connection.execute(wanted)}


def _decompress_verified(database: Database, id: int, blobs: Mapping[int, tuple[bytes, str]]) -> bytes:
    if id not in blobs:
        raise StoreError(f"{database.display_url} has no submission {id}")
    compressed, sha256 = blobs[id]
    try:
        content = zlib.decompress(compressed)
    except zlib.error:
        content = b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreError(f"{database.display_url}: the bytes of submission {id} are damaged; use a backup")
    return content


def read_database_info(database: Database) -> DatabaseInfo:
    """Return the number of rows per table, and the size."""
    if database.dialect == "sqlite":
        size = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
    else:
        size = text("SELECT pg_database_size(current_database())")
    with database.read() as connection:

        def rows(table: type[Base]) -> int:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

        return DatabaseInfo(
            url=database.display_url,
            revision=schema.HEAD_REVISION,
            students=rows(StudentRow),
            submissions=rows(SubmissionRow),
            blobs=rows(BlobRow),
            gradings=rows(GradingRow),
            results=rows(ResultRow),
            marks=rows(MarkRow),
            size=connection.execute(size).scalar_one(),
        )
