"""The records: what was handed in and how it was graded. The only place that knows SQL.

`Store.open(url)` gives everything else. Records are append-only: the database itself refuses to change or delete them.
"""

from grader.store.claiming import LEASE
from grader.store.copying import backup, restore
from grader.store.opening import revision, upgrade
from grader.store.queue import MOST_PENDING
from grader.store.reading import Selection
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
