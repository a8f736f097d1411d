"""The records: what was handed in and how it was graded. The only place that knows SQL.

`Store.open(url)` gives everything else. Records are append-only: the database itself refuses to change or delete them.
"""

from grader.store.records import Graded, HandIn, Info, Recorded, Submission, Unreadable
from grader.store.secret import fingerprint
from grader.store.store import Store

__all__ = ["Graded", "HandIn", "Info", "Recorded", "Store", "Submission", "Unreadable", "fingerprint"]
