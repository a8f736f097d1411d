"""Tests of creating, upgrading and refusing databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text

import grader.store
from grader.core.errors import StoreError
from grader.store import Store
from grader.store.db.base import Base
from grader.store.db.engine import Database
from grader.store.db.schema import HEAD_REVISION, VERSION_TABLE, migrate_schema


def _at(url: str, revision: str) -> Database:
    database = Database(url)
    assert migrate_schema(database, revision) is None
    return database


def test_a_new_database_has_the_newest_schema(database_url: str) -> None:
    """Opening an empty database is enough."""
    with Store.open(database_url) as store:
        info = store.read_info()
    assert (info.revision, info.students, info.submissions, info.gradings) == (HEAD_REVISION, 0, 0, 0)
    assert info.size > 0


def test_records_survive_reopening(database_url: str) -> None:
    """Records and the secret outlive the process."""
    with Store.open(database_url) as store:
        recorded = store.record("ada", "losses", b"x = 1", "losses.py")
        secret = store.secret()
    with Store.open(database_url) as store:
        assert store.read_content(recorded.id) == b"x = 1"
        assert store.secret() == secret


def test_migrations_and_models_agree(database: Database) -> None:
    """Tables, columns, types, keys, indices and names of checks are the same in both."""
    with database.read() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []
        for table in Base.metadata.tables.values():
            made = {check["name"] for check in inspect(connection).get_check_constraints(table.name)}
            assert made == {c.name for c in table.constraints if isinstance(c, CheckConstraint)}


def test_head_is_the_last_migration() -> None:
    """The revision that the program requires is the last migration."""
    config = Config()
    config.set_main_option("script_location", str(Path(grader.store.__file__).parent / "db" / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD_REVISION


def test_an_older_database_is_not_upgraded_automatically(database_url: str) -> None:
    """Opening it names the command to run, after a backup."""
    _at(database_url, "0001").close()
    with pytest.raises(StoreError, match=r"older revision 0001.*backup.*grader db upgrade"):
        Store.open(database_url)


@pytest.mark.parametrize("upgrading", [Store.open, grader.store.upgrade_database])
def test_a_database_of_a_newer_program_is_refused(database_url: str, upgrading: object) -> None:
    """An unknown revision of a newer program is neither opened nor upgraded."""
    database = _at(database_url, HEAD_REVISION)
    with database.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    database.close()
    assert callable(upgrading)
    with pytest.raises(StoreError, match=r"newer version of grader \(revision '9999'.*update grader"):
        upgrading(database_url)


def test_another_programs_database_is_unchanged(database_url: str) -> None:
    """A database with tables but without our revision is refused and unchanged."""
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(StoreError, match="belongs to another program"):
        Store.open(database_url)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["theirs"]
    database.close()
