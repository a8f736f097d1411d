"""The records: submissions and their gradings. The only package that knows SQL.

`Store.open(url)` gives access to everything else. Records are append-only: the database itself refuses to change or
delete them.
"""

from grader.store.db.backup import backup_database, restore_database
from grader.store.db.upgrade import get_revisions, upgrade_database
from grader.store.records import (
    Account,
    ClassScore,
    DatabaseInfo,
    Enrolment,
    ErasureSummary,
    Event,
    GradedSubmission,
    GradingSummary,
    NewMark,
    NewSubmission,
    QuestionToMark,
    QueuedSubmission,
    RateLimit,
    RecordedSubmission,
    RecordsVersion,
    StudentAttempts,
    StudentWork,
    Submission,
    SubmissionProgress,
    Token,
    UnreadableResult,
)
from grader.store.store import Store
from grader.store.tables.claims import CLAIM_LEASE
from grader.store.tables.queries import SubmissionFilter
from grader.store.tables.queue import MAX_QUEUED_SUBMISSIONS

__all__ = [
    "CLAIM_LEASE",
    "MAX_QUEUED_SUBMISSIONS",
    "Account",
    "ClassScore",
    "DatabaseInfo",
    "Enrolment",
    "ErasureSummary",
    "Event",
    "GradedSubmission",
    "GradingSummary",
    "NewMark",
    "NewSubmission",
    "QuestionToMark",
    "QueuedSubmission",
    "RateLimit",
    "RecordedSubmission",
    "RecordsVersion",
    "Store",
    "StudentAttempts",
    "StudentWork",
    "Submission",
    "SubmissionFilter",
    "SubmissionProgress",
    "Token",
    "UnreadableResult",
    "backup_database",
    "get_revisions",
    "restore_database",
    "upgrade_database",
]
