"""Which revision a database has, and bringing it up to date. Alembic is loaded only when there is something to do."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect, text

from grader.core.errors import NoRecords, StoreError
from grader.store.db.engine import Database, Lock

HEAD: Final = "0008"
"""The revision that this program reads and writes."""

VERSION_TABLE: Final = "grader_revision"
"""Not Alembic's own name, so that no other program's database is taken for one of ours."""


def prepare(database: Database) -> None:
    """Makes a new database up to date. Raises StoreError for an older or newer one and for another program's."""
    with database.read() as connection:
        current = revision(connection)
    if current is None:
        upgrade(database)
    elif current != HEAD:
        known(database, current)
        raise StoreError(
            f"{database.shown} has the older revision {current}, this program needs {HEAD}: "
            "make a backup, then run `grader db upgrade`"
        )


def upgrade(database: Database, to: str = HEAD) -> str | None:
    """Brings a database up to a revision, all or nothing; returns the one it had, None if it was new."""
    with database.migrate() as connection:
        database.lock(connection, Lock.SCHEMA)
        current = revision(connection)
        if current is None and inspect(connection).get_table_names():
            raise StoreError(f"{database.shown} belongs to another program: name an empty database or a new file")
        if current is not None:
            known(database, current)
        _run(connection, to)
    return current


def revision(connection: Connection) -> str | None:
    """The database's revision, None if it has none yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return None if found is None else str(found)


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def known(database: Database, current: str) -> None:
    """Raises StoreError for a revision that this program doesn't know: a newer one made it."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config())
    if current not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(
            f"{database.shown} was written by a newer version of grader (revision {current[:40]!r}, "
            f"this one knows up to {HEAD}): update grader"
        )


def _run(connection: Connection, to: str) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def look(database: Database) -> str:
    """The revision of a database of ours, as it is: nothing is made or changed. Raises NoRecords where it is none."""
    current = require(database)
    known(database, current)
    return current


def require(database: Database) -> str:
    """The revision of a database that has one. Raises NoRecords where none is, or one without records."""
    if not database.is_there:
        raise NoRecords(f"{database.shown} isn't there: look for a slip in --db; grader grade makes a new one")
    with database.read() as connection:
        current = revision(connection)
        if current is None and inspect(connection).get_table_names():
            raise StoreError(f"{database.shown} belongs to another program: name an empty database or a new file")
    if current is None:
        raise NoRecords(f"{database.shown} holds no records yet: grader grade makes them")
    return current
