"""The records: what was handed in and how it was graded. The only place that knows SQL.

`Store.open(url)` gives everything else. Records are append-only: the database itself refuses to change or delete them.
"""

from grader.store.db.backup import backup, restore
from grader.store.db.upgrade import revision, upgrade
from grader.store.records import (
    Account,
    ClassScore,
    Enrolment,
    Erased,
    Event,
    Found,
    Graded,
    HandIn,
    Info,
    Marking,
    Pending,
    Progress,
    Rate,
    Recorded,
    State,
    StudentAttempts,
    Submission,
    Token,
    Unreadable,
    Waiting,
    Work,
)
from grader.store.secret import fingerprint
from grader.store.store import Store
from grader.store.tables.claims import LEASE
from grader.store.tables.queries import Selection
from grader.store.tables.queue import MOST_PENDING

__all__ = [
    "LEASE",
    "MOST_PENDING",
    "Account",
    "ClassScore",
    "Enrolment",
    "Erased",
    "Event",
    "Found",
    "Graded",
    "HandIn",
    "Info",
    "Marking",
    "Pending",
    "Progress",
    "Rate",
    "Recorded",
    "Selection",
    "State",
    "Store",
    "StudentAttempts",
    "Submission",
    "Token",
    "Unreadable",
    "Waiting",
    "Work",
    "backup",
    "fingerprint",
    "restore",
    "revision",
    "upgrade",
]
