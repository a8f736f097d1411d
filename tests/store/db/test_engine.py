"""Tests of unusable databases: each gives one clear line, without the password."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, event, text

from grader.core.errors import StoreError
from grader.store import NewSubmission, Store
from grader.store.db.engine import Database, parse_database_url


def _refusal(url: str) -> str:
    with pytest.raises(StoreError) as refusal:
        Store.open(url)
    assert str(refusal.value).isprintable(), "more than one line"
    return str(refusal.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("grader.db", "'grader.db' is not a database URL"),
        ("", "'' is not a database URL"),
        ("no url with a S3cret@host", "this is not a database URL"),
        ("postgresql://ada:S3cret@host:port/grader", "this is not a database URL"),
        ("mysql://ada:S3cret@host/grader", "kind 'mysql' are not supported"),
        ("postgresql+asyncpg://ada:S3cret@host/grader", "kind 'postgresql+asyncpg' are not supported"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:///grader.db?timeout=x", "has no parameters after '?'"),
    ],
)
def test_an_unusable_url_is_refused(url: str, says: str) -> None:
    """The message says what is wrong and what to write instead, without a password."""
    line = _refusal(url)
    assert says in line
    assert line.endswith("write sqlite:///grader.db or postgresql://user@host/name")
    assert "S3cret" not in line


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_has_several_names(scheme: str) -> None:
    """All names of PostgreSQL in a URL use psycopg."""
    assert parse_database_url(f"{scheme}://ada@host/grader").drivername == "postgresql+psycopg"


def test_an_unreachable_server_gives_one_line(tmp_path: Path) -> None:
    """The line has the system's message, and no password of the URL or its parameters."""
    line = _refusal(f"postgresql://ada:S3cret@/grader?host={tmp_path}&sslpassword=Hidden")
    assert line.startswith("postgresql://ada:***@/grader: ")
    assert "No such file" in line
    assert "S3cret" not in line
    assert "Hidden" not in line


def test_a_missing_database_gives_one_line(postgresql: str) -> None:
    """The line names the database that the server doesn't have."""
    assert 'database "no_such" does not exist' in _refusal(postgresql.replace("/postgres?", "/no_such?"))


def test_another_kind_of_file_is_unchanged(tmp_path: Path) -> None:
    """A notebook named by mistake is refused and not changed."""
    path = tmp_path / "losses.ipynb"
    path.write_bytes(b'{"cells": []}' * 100)
    assert "this file is not a database" in _refusal(f"sqlite:///{path}")
    assert path.read_bytes() == b'{"cells": []}' * 100


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    """A missing folder is reported and not created."""
    assert "check that its folder exists" in _refusal(f"sqlite:///{tmp_path}/none/grader.db")


AS_NOBODY = """
import os, sys
from grader.core.errors import StoreError
from grader.store import Store
import alembic.command, grader.store.db.schema
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    Store.open(sys.argv[1])
except StoreError as error:
    print(error)
"""


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """Yield a folder that other users can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        yield Path(folder)


@pytest.mark.parametrize("there", [False, True])
def test_a_read_only_folder_gives_one_line(shared_folder: Path, there: bool) -> None:
    """A folder without write permission gives one line, with or without a database in it."""
    url = f"sqlite:///{shared_folder}/grader.db"
    if there:
        with Store.open(url) as store:
            store.record("ada", "losses", b"1", "a.py")
    shared_folder.chmod(0o555)
    try:
        done = subprocess.run([sys.executable, "-c", AS_NOBODY, url], capture_output=True, text=True, timeout=120)
    finally:
        shared_folder.chmod(0o700)
    assert done.stderr == ""
    assert done.stdout.startswith(url)
    assert done.stdout.count("\n") == 1
    assert "it can't be opened" in done.stdout or "it is not writable" in done.stdout


def test_a_full_disk_gives_one_line_and_no_partial_batch(sqlite_url: str) -> None:
    """A batch that doesn't fit leaves everything as it was."""

    def small(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 60")

    event.listen(Engine, "connect", small)
    try:
        with Store.open(sqlite_url) as store:
            store.record("ada", "losses", b"1", "a.py")
            with pytest.raises(StoreError, match="the disk is full"):
                store.record_many(NewSubmission("bob", "losses", os.urandom(10_000), "a.py") for _ in range(50))
            assert (store.read_info().students, store.read_info().submissions) == (1, 1)
    finally:
        event.remove(Engine, "connect", small)


def test_damaged_bytes_are_never_graded(sqlite_url: str) -> None:
    """Bytes that don't match their hash are refused."""
    with Store.open(sqlite_url) as store:
        id = store.record("ada", "losses", b"1", "a.py").id
        database = Database(sqlite_url)
        with database.write() as connection:
            connection.execute(text("DROP TRIGGER blobs_no_update"))
            connection.execute(text("UPDATE blobs SET compressed = X'00'"))
        database.close()
        with pytest.raises(StoreError, match=r"submission 1 are damaged"):
            store.read_content(id)


def test_an_interrupted_list_is_rolled_back(database_url: str) -> None:
    """An exception in the middle of a list undoes the earlier part, and the store remains usable."""

    def interrupted() -> Iterator[NewSubmission]:
        yield from (NewSubmission(f"s{i}", "losses", b"1", "a.py") for i in range(250))
        raise KeyboardInterrupt

    with Store.open(database_url) as store:
        with pytest.raises(KeyboardInterrupt):
            store.record_many(interrupted())
        assert store.read_info().students == 0
        assert store.record("ada", "losses", b"1", "a.py").number == 1


def test_a_lost_server_gives_one_line(postgresql_url: str) -> None:
    """If the server is lost in the middle of a list, nothing is recorded, and the next command works."""

    def cut_off() -> Iterator[NewSubmission]:
        yield from (NewSubmission(f"s{i}", "losses", b"1", "a.py") for i in range(250))
        with psycopg.connect(postgresql_url, autocommit=True) as connection:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            connection.execute(f"SELECT pg_terminate_backend(pid, 20000) {others}")
        yield from (NewSubmission(f"s{i}", "losses", b"2", "a.py") for i in range(250))

    with Store.open(postgresql_url) as store:
        with pytest.raises(StoreError) as refusal:
            store.record_many(cut_off())
        assert str(refusal.value).isprintable()
        assert store.read_info().students == 0
        assert store.record("ada", "losses", b"1", "a.py").number == 1
