"""The records: what was handed in and how it was graded. The only place that knows SQL.

`Store.open(url)` gives everything else. Records are append-only: the database itself refuses to change or delete them.
"""

from grader.store.claiming import LEASE
from grader.store.copying import backup, restore
from grader.store.opening import revision, upgrade
from grader.store.queue import MOST_PENDING
from grader.store.records import (
    Account,
    ClassScore,
    Enrolment,
    Erased,
    Event,
    Graded,
    HandIn,
    Info,
    Marking,
    Pending,
    Rate,
    Recorded,
    StudentAttempts,
    Submission,
    Token,
    Unreadable,
    Waiting,
)
from grader.store.secret import fingerprint
from grader.store.store import Store

__all__ = [
    "LEASE",
    "MOST_PENDING",
    "Account",
    "ClassScore",
    "Enrolment",
    "Erased",
    "Event",
    "Graded",
    "HandIn",
    "Info",
    "Marking",
    "Pending",
    "Rate",
    "Recorded",
    "Store",
    "StudentAttempts",
    "Submission",
    "Token",
    "Unreadable",
    "Waiting",
    "backup",
    "fingerprint",
    "restore",
    "revision",
    "upgrade",
]
