"""The revision of a database, and its upgrade. Alembic is loaded only when an upgrade is needed."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect, text

from grader.core.errors import NoRecords, StoreError
from grader.store.db.engine import Database, Lock

HEAD_REVISION: Final = "0010"
"""The revision that this program reads and writes."""

VERSION_TABLE: Final = "grader_revision"
"""Table of the revision; not Alembic's own name, so that another program's database isn't mistaken for ours."""


def prepare_schema(database: Database) -> None:
    """Create the schema of a new database. Raises StoreError for an older, newer or foreign one."""
    with database.read() as connection:
        current = read_revision(connection)
    if current is None:
        migrate_schema(database)
    elif current != HEAD_REVISION:
        require_known_revision(database, current)
        raise StoreError(
            f"{database.display_url} has the older revision {current}, this program needs {HEAD_REVISION}",
            "make a backup, then run `grader db upgrade`",
        )


def migrate_schema(database: Database, to: str = HEAD_REVISION) -> str | None:
    """Upgrade a database to a revision, all or nothing; return the one it had, None if it was new."""
    with database.migrate() as connection:
        database.lock(connection, Lock.SCHEMA)
        current = read_revision(connection)
        if current is None and inspect(connection).get_table_names():
            raise StoreError(f"{database.display_url} belongs to another program: name an empty database or a new file")
        if current is not None:
            require_known_revision(database, current)
        _run_migrations(connection, to)
    return current


def read_revision(connection: Connection) -> str | None:
    """Return the database's revision, None if it has none yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return None if found is None else str(found)


def _make_config() -> Any:
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def require_known_revision(database: Database, current: str) -> None:
    """Raise StoreError for a revision that this program doesn't know: a newer program made it."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_make_config())
    if current not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(
            f"{database.display_url} was written by a newer version of grader (revision {current[:40]!r}, "
            f"this one knows up to {HEAD_REVISION}): update grader"
        )


def _run_migrations(connection: Connection, to: str) -> None:
    from alembic import command

    config = _make_config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def inspect_revision(database: Database) -> str:
    """Return the revision of a database without changing it. Raises NoRecords if it has none."""
    current = require_revision(database)
    require_known_revision(database, current)
    return current


def require_revision(database: Database) -> str:
    """Return the revision of an existing database. Raises NoRecords if there is none, or no records."""
    if not database.exists:
        raise NoRecords(f"{database.display_url} does not exist", "check --db; grader grade creates a new database")
    with database.read() as connection:
        current = read_revision(connection)
        if current is None and inspect(connection).get_table_names():
            raise StoreError(f"{database.display_url} belongs to another program: name an empty database or a new file")
    if current is None:
        raise NoRecords(f"{database.display_url} contains no records yet", "grader grade creates them")
    return current
