"""Backup of a whole database into one file: written under a temporary name and then linked, all or nothing."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from grader.atomic_write import place_new, temporary_file
from grader.core.errors import StoreError
from grader.store.db import schema
from grader.store.db.engine import Database, parse_database_url


def backup_database(url: str, to: Path) -> int:
    """Write the records into a new file, even while others write to them; return its size in bytes.

    Raises StoreError for an existing file, and for PostgreSQL, which has its own program for backups.
    """
    _verify_database(url)
    return _copy_database(
        _require_sqlite_file(url, f"run pg_dump --format=custom --file={to} {Database(url).display_url}"), to
    )


def restore_database(url: str, backup: Path) -> int:
    """Create a database from a backup, where none exists; return its size. The backup is verified first."""
    place = _require_sqlite_file(
        url, f"run pg_restore --clean --if-exists --dbname={Database(url).display_url} {backup}"
    )
    if not backup.is_file():
        raise StoreError(f"the backup {backup} does not exist")
    _verify_database(f"sqlite:///{backup.resolve()}")
    for journal in (f"{place}-wal", f"{place}-shm"):
        if Path(journal).exists():
            raise StoreError(f"{journal} is in the way: move it away with its database, then restore again")
    return _copy_database(backup, place)


def _verify_database(url: str) -> None:
    """Raise StoreError unless the file holds this program's records, intact, and of a known revision."""
    database = Database(url)
    try:
        schema.inspect_revision(database)
        with database.read() as connection:
            if database.dialect == "sqlite":
                found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
                if found != "ok":
                    raise StoreError(f"{database.display_url} is damaged: {str(found).splitlines()[-1]}")
    finally:
        database.close()


def _require_sqlite_file(url: str, instead: str) -> Path:
    parsed = parse_database_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(f"this is for SQLite; with PostgreSQL {instead}")
    return Path(str(parsed.database))


def _copy_database(source: Path, to: Path) -> int:
    if to.exists():
        raise StoreError(f"{to} exists already: move it, or name another file")
    try:
        with (
            temporary_file(to) as fresh,
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as connection,
        ):
            os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # SQLite fills an empty file
            connection.execute("VACUUM INTO ?", (str(fresh),))
            place_new(fresh, to)
    except FileExistsError as error:
        raise StoreError(f"{to} exists already: move it, or name another file") from error
    except sqlite3.Error as error:
        raise StoreError(f"{source} can't be copied to {to}: {error}") from error
    except OSError as error:
        raise StoreError(f"{to} can't be written: {error.strerror}") from error
    return to.stat().st_size
