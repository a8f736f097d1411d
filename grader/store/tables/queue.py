"""The queue of submissions to be graded, derived from the records, so that it can't disagree with them."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, exists, func, select

from grader.store.db.engine import Database
from grader.store.db.models.gradings import ClaimRow, GradingRow
from grader.store.db.models.submissions import SubmissionRow
from grader.store.records import QueuedSubmission
from grader.store.tables.queries import is_latest_grading

MAX_GRADING_TRIES: Final = 3
"""Number of times that a submission with grader errors is graded; a new version starts again."""
GRADING_RETRY_DELAY: Final = timedelta(seconds=20)
"""Delay after the first failure; after each further one it is GRADING_RETRY_FACTOR times as long."""
GRADING_RETRY_FACTOR: Final = 6
MAX_QUEUED_SUBMISSIONS: Final = 2_000
"""Maximum number of submissions that are returned at once."""
_SELECT_NEWEST_ID: Final = select(func.max(SubmissionRow.id))


def list_queued(
    database: Database, exercises: Collection[str], versions: tuple[str, str], after: int
) -> list[QueuedSubmission]:
    """Return ungraded, unclaimed submissions after an id, each student's first ones first.

    At most MAX_QUEUED_SUBMISSIONS are returned. `versions` are the course's and the program's.
    """
    if after and not _is_newer(database, after):
        return []
    sound = exists().where(is_latest_grading(), GradingRow.faulted.is_(False)).correlate(SubmissionRow)
    faulty = (GradingRow.faulted, GradingRow.course_version == versions[0], GradingRow.grader_version == versions[1])
    tries = select(func.count()).where(GradingRow.submission_id == SubmissionRow.id, *faulty).correlate(SubmissionRow)
    last = select(func.max(GradingRow.created_at)).where(GradingRow.submission_id == SubmissionRow.id)
    turn = func.row_number().over(partition_by=SubmissionRow.student_id, order_by=SubmissionRow.id)
    waits = (
        select(
            SubmissionRow.id,
            SubmissionRow.student_id,
            SubmissionRow.exercise,
            SubmissionRow.file_name,
            turn.label("turn"),
            tries.scalar_subquery().label("tries"),
            last.correlate(SubmissionRow).scalar_subquery().label("tried_at"),
        )
        .where(SubmissionRow.id > after, SubmissionRow.exercise.in_(list(exercises)), ~sound)
        .subquery()
    )
    now = datetime.now(UTC)
    claimed = exists().where(ClaimRow.submission_id == waits.c.id, ClaimRow.until > now)
    wanted = (
        select(waits)
        .where(waits.c.tries < MAX_GRADING_TRIES, ~claimed)
        .order_by(waits.c.turn, waits.c.id)
        .limit(MAX_QUEUED_SUBMISSIONS)
    )
    with database.read() as connection:
        rows = connection.execute(wanted).all()
    return [_build_queued(row) for row in rows if _is_due(row, now)]


def _is_newer(database: Database, after: int) -> bool:
    """Return whether there is a newer submission: a fast query for callers that poll."""
    with database.read() as connection:
        return (connection.scalar(_SELECT_NEWEST_ID) or 0) > after


def count_ungraded(database: Database, exercises: Collection[str]) -> int:
    """Return the number of submissions without any grading."""
    graded = exists().where(GradingRow.submission_id == SubmissionRow.id)
    wanted = select(func.count()).select_from(SubmissionRow)
    wanted = wanted.where(SubmissionRow.exercise.in_(list(exercises)), ~graded)
    with database.read() as connection:
        return connection.execute(wanted).scalar_one()


def _build_queued(row: Row[Any]) -> QueuedSubmission:
    return QueuedSubmission(row.id, row.student_id, row.exercise, row.file_name)


def _is_due(row: Row[Any], now: datetime) -> bool:
    return not row.tries or row.tried_at is None or row.tried_at < now - compute_retry_delay(row.tries)


def compute_retry_delay(failures: int) -> timedelta:
    """Return the time from the last failure to the next try."""
    return GRADING_RETRY_DELAY * float(GRADING_RETRY_FACTOR ** (failures - 1))
