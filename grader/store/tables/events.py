"""The log of events: user, action and time. An entry is written in the transaction of its action, or not at all."""

import getpass
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from grader.store.db.engine import Database
from grader.store.db.models.accounts import AccountRow
from grader.store.db.models.people import EventRow
from grader.store.db.models.submissions import StudentRow
from grader.store.records import Event
from grader.store.tables.grading_rows import make_storable, normalize_student_name


def get_process_user() -> str:
    """Return the name of the user of this process."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "unknown"


def record_event(connection: Connection, user: str, action: str, details: Iterable[tuple[int | None, str]]) -> None:
    """Add an entry for each (student's id or None, detail)."""
    now = datetime.now(UTC)
    rows = [
        {"at": now, "who": make_storable(user), "what": action, "student_id": student, "detail": make_storable(detail)}
        for student, detail in details
    ]
    if rows:
        connection.execute(insert(EventRow), rows)


def record_account_event(connection: Connection, user: str, action: str, account: int, detail: str) -> None:
    """Add an entry about an account: under the student's id, or with an instructor's name."""
    row = connection.execute(select(AccountRow.name, AccountRow.student_id).where(AccountRow.id == account)).first()
    if row is not None:
        description = detail if row.student_id is not None else f"{row.name}: {detail}"
        record_event(connection, user, action, [(row.student_id, description)])


def list_events(database: Database, student: str | None) -> Iterator[Event]:
    """Yield the log, oldest first; of one student, or of all."""
    wanted = select(EventRow.__table__, StudentRow.name).outerjoin(StudentRow, StudentRow.id == EventRow.student_id)
    if student is not None:
        wanted = wanted.where(StudentRow.name == normalize_student_name(student))
    with database.read() as connection:
        rows = connection.execute(wanted.order_by(EventRow.id)).all()
    for row in rows:
        yield Event(row.at, row.who, row.what, row.name, row.detail)
