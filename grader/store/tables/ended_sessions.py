"""Sessions that ended by signing out, by hashes of their ids, until their cookies expire by themselves."""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from grader.store.db.engine import Database
from grader.store.db.models.accounts import EndedSessionRow
from grader.store.tables.submissions import insert_missing


class EndedSessions:
    """The ended sessions of an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def end(self, session: str, max_age: timedelta) -> None:
        """End a session, whose cookie expires after `max_age` at most; forget those that have expired."""
        now = datetime.now(UTC)
        with self._database.write() as connection:
            connection.execute(delete(EndedSessionRow).where(EndedSessionRow.expires_at < now))
            row = {"sha256": _hash_session(session), "expires_at": now + max_age}
            insert_missing(connection, EndedSessionRow, [row])

    def has_ended(self, session: str) -> bool:
        """Return whether a session was ended."""
        wanted = select(EndedSessionRow.sha256).where(EndedSessionRow.sha256 == _hash_session(session))
        with self._database.read() as connection:
            return connection.scalar(wanted) is not None


def _hash_session(session: str) -> str:
    return hashlib.sha256(session.encode(errors="replace")).hexdigest()
