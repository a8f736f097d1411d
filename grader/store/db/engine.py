"""A database by its URL: engine, transactions, and the translation of a driver's exceptions into StoreError.

SQLite allows one writer at a time. Every write starts with BEGIN IMMEDIATE, so that it waits for its turn at the start,
where waiting is allowed; a read that turned into a write would fail at once with "database is locked". With the WAL
journal, reads never wait. On PostgreSQL an advisory lock gives the same guarantee where it is needed.
"""

import contextlib
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from grader.core.errors import StoreError, describe_missing_extra

BUSY_TIMEOUT_S: Final = 60.0
"""Maximum time that a write waits for other writes."""
CONNECTION_POOL_SIZE: Final = 20
"""Number of connections kept open once they were needed: opening one costs more than most queries."""

_DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_URL_HINT: Final = "write sqlite:///grader.db or postgresql://user@host/name"
_REASONS: Final = {
    "database is locked": "another program has locked it; try again later",
    "file is not a database": "this file is not a database; name another file",
    "unable to open database file": "it can't be opened; check that its folder exists and is writable",
    "attempt to write a readonly database": "it is not writable; check the permissions of the file and its folder",
    "database or disk is full": "the disk is full; nothing was recorded",
    "disk I/O error": "it can't be written any further (is the disk full?); nothing was recorded",
}
_SERVER_UNREACHABLE: Final = re.compile(
    "refused|No such file|shutting down|starting up|recovery mode|closed the connection|terminating connection"
    "|connection is lost|connection is closed|timed? ?out|unreachable",
    re.IGNORECASE,
)
"""Messages of PostgreSQL or its driver if the server, and not the statement, is the cause."""

_FILE_KEY: Final = "file"
"""Key under which a connection records the file that it opened."""


class Lock(IntEnum):
    """Actions that only one process may do at a time. The numbers are PostgreSQL's advisory locks."""

    SCHEMA = 0x67726164_0001
    RECORDING = 0x67726164_0002
    CLAIMING = 0x67726164_0003
    MARKING = 0x67726164_0004
    DISPATCHING = 0x67726164_0005
    TRYING = 0x67726164_0006


class Database:
    """An engine and its transactions. Every exception of a driver becomes a StoreError, in one line."""

    def __init__(self, url: str) -> None:
        self._url = parse_database_url(url)
        self.display_url: Final = self._url.set(drivername=self._url.get_backend_name(), query={}).render_as_string()
        """The URL without its password and parameters."""
        self._engine = _create_engine(self._url)
        self._writer = self._engine.execution_options(begin=("BEGIN IMMEDIATE",))
        self._write_turn = threading.Lock() if self.dialect == "sqlite" else contextlib.nullcontext()
        """Threads wait here for their turn, where waiting costs nothing; SQLite would sleep and poll."""
        self._migrator = self._engine.execution_options(begin=("PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"))

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @property
    def exists(self) -> bool:
        """Return False for a missing file, which opening would create."""
        return self.dialect != "sqlite" or Path(str(self._url.database)).exists()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with self._translate_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes: all or nothing."""
        with self._write_turn, self._translate_errors(), self._writer.begin() as connection:
            self._require_same_file(connection)
            yield connection

    def _require_same_file(self, connection: Connection) -> None:
        """Raise StoreError if the open file is not, or no longer, the one that the URL names."""
        if self.dialect != "sqlite":
            return
        opened = connection.connection.info[_FILE_KEY]
        if opened != _identify_file(self._url):
            raise StoreError(f"{self.display_url} was moved or deleted while it was in use; nothing more was recorded")

    @contextmanager
    def migrate(self) -> Iterator[Connection]:
        """Open a transaction that may rebuild tables: SQLite then checks foreign keys once, at its end."""
        try:
            with self._translate_errors(), self._migrator.begin() as connection:
                yield connection
                if self.dialect == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise StoreError(f"{self.display_url}: the upgrade would break references; nothing was changed")
        finally:
            self._engine.dispose()  # the connection without foreign key checks must not be used again

    def lock(self, connection: Connection, lock: Lock) -> None:
        """Wait until no other process has this lock; held to the end of the transaction, which must write."""
        if self.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(lock)})

    @contextmanager
    def hold(self, lock: Lock) -> Iterator[bool]:
        """Try to take a lock for the duration of the context; yield whether it was taken. Never waits.

        It ends with the process that holds it, however that ends: on SQLite it is a system lock on a file beside the
        database, on PostgreSQL a lock of the session.
        """
        if self.dialect == "sqlite":
            with _file_lock(Path(f"{self._url.database}-{lock.name.lower()}")) as held:
                yield held
            return
        with self._translate_errors(), self._engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            held = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": int(lock)}).scalar_one()
            try:
                yield bool(held)
            finally:
                if held:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": int(lock)})

    def vacuum(self) -> None:
        """Remove deleted data from the files as well."""
        with self._translate_errors(), self._engine.connect() as connection:
            if self.dialect == "postgresql":
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM"))
            else:  # deleted rows were overwritten with zeros, but the journal still has them
                raw = connection.connection.driver_connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)") if raw else None

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreError(f"{self.display_url}: {self._reason(error.orig)}") from error
        except SQLAlchemyError as error:
            raise StoreError(f"{self.display_url}: {self._reason(error)}") from error

    def _reason(self, error: BaseException | None) -> str:
        lines = str(error).strip().splitlines()
        line = lines[0] if lines else type(error).__name__
        if self._url.password:
            line = line.replace(self._url.password, "***")
        if self.dialect == "postgresql" and _SERVER_UNREACHABLE.search(line):
            return f"{line}; no record is incomplete: check that the server runs, then try again"
        return _REASONS.get(line, line)


@contextmanager
def _file_lock(path: Path) -> Iterator[bool]:
    import fcntl  # only on Linux and macOS; not needed elsewhere

    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{path} can't be opened ({error.strerror}): check the permissions of its folder") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = True
        except BlockingIOError:
            held = False
        yield held
    finally:
        os.close(descriptor)


def parse_database_url(url: str) -> URL:
    """Return the URL with its driver. Raises StoreError, without the password, for an unusable one."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        shown = (
            f"{url!r} is not a database URL" if url.isprintable() and "@" not in url else "this is not a database URL"
        )
        raise StoreError(f"{shown}: {_URL_HINT}") from error
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise StoreError(f"databases of the kind {parsed.drivername!r} are not supported: {_URL_HINT}")
    if driver.startswith("sqlite") and parsed.database in (None, "", ":memory:"):
        raise StoreError(f"the database needs a file: {_URL_HINT}")
    if driver.startswith("sqlite") and parsed.query:
        raise StoreError(f"an SQLite URL has no parameters after '?': {_URL_HINT}")
    return parsed.set(drivername=driver)


def _create_engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        return _create_postgresql_engine(url)
    engine = create_engine(
        url, hide_parameters=True, pool_size=CONNECTION_POOL_SIZE, connect_args={"timeout": BUSY_TIMEOUT_S}
    )
    event.listen(engine, "do_connect", lambda *_: _create_private_file(url))
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "connect", lambda _, record: record.info.update({_FILE_KEY: _identify_file(url)}))
    event.listen(engine, "begin", _on_begin)
    return engine


def _create_private_file(url: URL) -> None:
    """Create a missing database for its owner alone, whatever the umask; its journals get the same permissions."""
    with contextlib.suppress(OSError):  # it exists, or can't be created, which SQLite reports
        os.close(os.open(str(url.database), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _identify_file(url: URL) -> tuple[int, int] | None:
    """Return an identifier of an SQLite database's file; None if there is none."""
    try:
        found = Path(str(url.database)).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _create_postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            pool_size=CONNECTION_POOL_SIZE,
            hide_parameters=True,
            connect_args={"connect_timeout": 10},
        )
    except ModuleNotFoundError as error:
        raise StoreError(describe_missing_extra("PostgreSQL", "psycopg", "postgres")) from error


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions; _on_begin does
    _use_wal(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # erased data are removed from the file too
    connection.execute("PRAGMA recursive_triggers = ON")  # otherwise INSERT OR REPLACE would bypass the triggers


def _use_wal(connection: Any) -> None:
    """Turn the WAL journal on, once per database; SQLite itself doesn't wait for this step."""
    end = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
        time.sleep(0.02)


def _on_begin(connection: Connection) -> None:
    for statement in connection.get_execution_options().get("begin", ("BEGIN",)):
        connection.exec_driver_sql(statement)
