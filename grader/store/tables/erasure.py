"""Erasure of a student: all records in one transaction, which leaves a record of the erasure."""

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, exists, insert, select, update

from grader.store.db.base import Base
from grader.store.db.models.gradings import ClaimRow, GradingRow, MarkRow, QuestionResultRow, ResultRow
from grader.store.db.models.people import EnrolmentRow, EventRow, ExtensionRow, StudentIdRow
from grader.store.db.models.submissions import BlobRow, ErasureRow, StudentRow, SubmissionRow
from grader.store.records import ErasureSummary
from grader.store.tables import accounts, events
from grader.store.tables.grading_rows import make_storable
from grader.store.tables.roster import find_student_id


def erase_student(connection: Connection, student: str, reason: str, user: str) -> ErasureSummary:
    """Delete a student and all submissions; bytes that others also submitted remain. The caller locks."""
    id = find_student_id(connection, student)
    opened = {"student_id": id, "reason": make_storable(reason), "started_at": datetime.now(UTC)}
    erasure = connection.scalars(insert(ErasureRow).returning(ErasureRow.id), [opened]).one()
    submissions = select(SubmissionRow.id).where(SubmissionRow.student_id == id)
    gradings = select(GradingRow.id).where(GradingRow.submission_id.in_(submissions))
    hashes = set(connection.scalars(select(SubmissionRow.sha256).where(SubmissionRow.student_id == id)))
    for row in (ResultRow, QuestionResultRow):
        connection.execute(delete(row).where(row.grading_id.in_(gradings)))
    graded = connection.execute(delete(GradingRow).where(GradingRow.submission_id.in_(submissions))).rowcount
    marked = connection.execute(delete(MarkRow).where(MarkRow.submission_id.in_(submissions))).rowcount
    connection.execute(delete(ClaimRow).where(ClaimRow.submission_id.in_(submissions)))
    handed_in = connection.execute(delete(SubmissionRow).where(SubmissionRow.student_id == id)).rowcount
    used = exists().where(SubmissionRow.sha256 == BlobRow.sha256)
    connection.execute(delete(BlobRow).where(BlobRow.sha256.in_(hashes), ~used))
    theirs: tuple[type[Base], ...] = (StudentIdRow, EnrolmentRow, ExtensionRow, EventRow)
    for table in theirs:
        connection.execute(delete(table).where(table.__table__.c.student_id == id))
    accounts.delete_account(connection, id)
    connection.execute(delete(StudentRow).where(StudentRow.id == id))
    events.record_event(connection, user, "erased", [(None, f"student {id}")])
    connection.execute(update(ErasureRow).where(ErasureRow.id == erasure).values(finished_at=datetime.now(UTC)))
    return ErasureSummary(id, handed_in, graded, marked)
