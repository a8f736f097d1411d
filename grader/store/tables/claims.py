"""Claims: if several dispatchers grade from the same records, each submission belongs to one at a time.

A claim expires after its time, or at once if its holder was a process of this machine that has ended. Appending a
grading releases the claim in the same transaction.
"""

import os
import socket
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, select, update

from grader.store.db.models.gradings import ClaimRow
from grader.store.db.models.submissions import SubmissionRow
from grader.store.tables.submissions import insert_missing

CLAIM_LEASE: Final = timedelta(seconds=60)
"""Time until a claim expires unless it is renewed."""


def make_holder_id() -> str:
    """Return a unique name for one dispatcher, from the machine, the process, and its start."""
    return f"{_get_machine_id()}/{os.getpid()}.{_get_start_time(os.getpid())}/{uuid.uuid4().hex[:12]}"


def claim_submissions(connection: Connection, ids: Sequence[int], holder: str) -> set[int]:
    """Claim unclaimed submissions; return those of `ids` that the holder now has. The caller holds the lock."""
    now = datetime.now(UTC)
    lapsed = {c.holder for c in connection.execute(select(ClaimRow.holder).distinct()) if _is_gone(c.holder)}
    over = (ClaimRow.until < now) | ClaimRow.holder.in_(lapsed)
    connection.execute(delete(ClaimRow).where(over, ClaimRow.holder != holder))
    existing = connection.scalars(select(SubmissionRow.id).where(SubmissionRow.id.in_(ids))).all()
    rows = [{"submission_id": id, "holder": holder, "until": now + CLAIM_LEASE} for id in existing]
    insert_missing(connection, ClaimRow, rows)
    renew_holder_claims(connection, holder)
    mine = select(ClaimRow.submission_id).where(ClaimRow.holder == holder, ClaimRow.submission_id.in_(ids))
    return set(connection.scalars(mine))


def renew_holder_claims(connection: Connection, holder: str) -> None:
    """Extend all claims of a holder by another CLAIM_LEASE."""
    connection.execute(update(ClaimRow).where(ClaimRow.holder == holder).values(until=datetime.now(UTC) + CLAIM_LEASE))


def release_submissions(connection: Connection, ids: Sequence[int]) -> None:
    """Release claims of any holder: their purpose is fulfilled."""
    connection.execute(delete(ClaimRow).where(ClaimRow.submission_id.in_(ids)))


def release_holder_claims(connection: Connection, holder: str) -> None:
    """Release all claims of a holder."""
    connection.execute(delete(ClaimRow).where(ClaimRow.holder == holder))


def _get_machine_id() -> str:
    """Return an id of this running system and container: the scope in which process ids are unique."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}-{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return socket.gethostname()[:80].replace("/", "_")


def _get_start_time(pid: int) -> str:
    """Return a process's start time in kernel ticks, which tells it from a later one with its id. Empty: ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def _is_gone(holder: str) -> bool:
    """Return whether the holder was a visible process of this machine and has ended."""
    machine, _, rest = holder.partition("/")
    pid, _, started = rest.partition("/")[0].partition(".")
    return machine == _get_machine_id() and bool(started) and _get_start_time(int(pid)) != started
