"""Rate limits: counts recent tries for all processes, and across restarts."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from grader.store.db.engine import Database, Lock
from grader.store.db.models.accounts import TryRow
from grader.store.records import RateLimit

MAX_RATE_WINDOW: Final = timedelta(hours=1)
"""The longest period that a RateLimit can cover."""


class SignInTries:
    """The recorded tries. A key is a hash of 64 characters, which doesn't reveal its owner."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_wait_seconds(self, rates: Mapping[str, RateLimit]) -> float:
        """Return the seconds until the next try is allowed under all of these keys; 0: now."""
        with self._database.read() as connection:
            return _get_wait_seconds(connection, rates, datetime.now(UTC))

    def record_try(self, rates: Mapping[str, RateLimit]) -> float:
        """Count a try for each key and return 0; or count none, and return the seconds to wait."""
        with self._database.write() as connection:
            self._database.lock(connection, Lock.TRYING)
            now = datetime.now(UTC)  # read after the lock was taken, so that tries of others are in the past
            connection.execute(delete(TryRow).where(TryRow.at < now - MAX_RATE_WINDOW))
            wait = _get_wait_seconds(connection, rates, now)
            if not wait:
                connection.execute(insert(TryRow), [{"key": key, "at": now} for key in rates])
            return wait

    def forget_last_try(self, keys: Collection[str]) -> None:
        """Remove the last try of each key, because it succeeded."""
        last = select(func.max(TryRow.id)).where(TryRow.key.in_(keys)).group_by(TryRow.key)
        with self._database.write() as connection:
            connection.execute(delete(TryRow).where(TryRow.id.in_(last)))


def _get_wait_seconds(connection: Connection, rates: Mapping[str, RateLimit], now: datetime) -> float:
    return max((_get_seconds_until_free(connection, key, rate, now) for key, rate in rates.items()), default=0.0)


def _get_seconds_until_free(connection: Connection, key: str, rate: RateLimit, now: datetime) -> float:
    """Return the seconds until the oldest counted try expires; a clock that was set back frees all."""
    wanted = select(TryRow.at).where(TryRow.key == key, TryRow.at <= now)
    latest = connection.scalars(wanted.order_by(TryRow.at.desc()).limit(rate.max_tries))
    return rate.get_wait_seconds([(now - at).total_seconds() for at in latest])
