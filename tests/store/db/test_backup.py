"""Tests of backup and restore: a copy made while others write is consistent, and nothing is ever overwritten."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.errors import StoreError
from grader.core.results.grading import Grading
from grader.store import NewSubmission, Store, backup_database, restore_database


def test_a_backup_restores_everything(tmp_path: Path, sqlite_url: str, make_grading: Callable[..., Grading]) -> None:
    """Submissions, gradings and the secret are restored elsewhere, later records are not."""
    copy = tmp_path / "backup.db"
    with Store.open(sqlite_url) as store:
        id = store.record("ada", "losses", b"x = 1", "losses.py").id
        store.append(id, make_grading())
        secret = store.secret()
        assert backup_database(sqlite_url, copy) == copy.stat().st_size > 0
        store.record("bob", "losses", b"x = 2", "losses.py")
    url = f"sqlite:///{tmp_path / 'again.db'}"
    restore_database(url, copy)
    with Store.open(url) as store:
        assert [(g.submission.student, g.result) for g in store.iterate_graded()] == [("ada", make_grading())]
        assert (store.read_content(id), store.secret(), store.read_info().students) == (b"x = 1", secret, 1)
        assert store.record("cleo", "losses", b"x = 3", "losses.py").is_new


def test_a_backup_can_be_made_while_others_write(tmp_path: Path, sqlite_url: str) -> None:
    """Each copy contains only complete transactions."""
    with Store.open(sqlite_url) as store:
        store.secret()
        over = threading.Event()

        def write() -> None:
            for i in range(10_000):
                if over.is_set():
                    return
                store.record_many(NewSubmission(f"s{i}", "losses", b"%d" % n, "a.py") for n in range(5))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for i in range(5):
                backup_database(sqlite_url, tmp_path / f"{i}.db")
        finally:
            over.set()
            writer.join()
    for i in range(5):
        with Store.open(f"sqlite:///{tmp_path / f'{i}.db'}") as copy:
            assert copy.read_info().submissions == 5 * copy.read_info().students


def test_nothing_is_overwritten(tmp_path: Path, sqlite_url: str) -> None:
    """An earlier backup, an existing database, or one with a leftover journal is not overwritten."""
    copy = tmp_path / "backup.db"
    with Store.open(sqlite_url) as store:
        store.secret()
        copy.write_bytes(b"an earlier one")
        with pytest.raises(StoreError, match="exists already"):
            backup_database(sqlite_url, copy)
        assert copy.read_bytes() == b"an earlier one"
        copy.unlink()
        backup_database(sqlite_url, copy)
    with pytest.raises(StoreError, match="exists already"):
        restore_database(sqlite_url, copy)
    Path(f"{tmp_path}/other.db-wal").write_bytes(b"a journal")
    with pytest.raises(StoreError, match=r"other\.db-wal is in the way"):
        restore_database(f"sqlite:///{tmp_path}/other.db", copy)


@pytest.mark.parametrize("what", ["nothing", "text", "damaged", "other"])
def test_only_a_valid_backup_is_restored(tmp_path: Path, sqlite_url: str, what: str) -> None:
    """A missing, damaged or foreign file is refused in one line, and nothing is created."""
    copy = tmp_path / "backup.db"
    if what == "text":
        copy.write_bytes(b"no database " * 1000)
    elif what == "damaged":
        with Store.open(sqlite_url) as store:
            store.record_many(NewSubmission(f"s{i}", "losses", os.urandom(3000), "a.py") for i in range(50))
        backup_database(sqlite_url, copy)
        content = bytearray(copy.read_bytes())
        content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
        copy.write_bytes(content)
    elif what == "other":
        import sqlite3

        with sqlite3.connect(copy) as connection:
            connection.execute("CREATE TABLE theirs (id INTEGER)")
        connection.close()
    place = tmp_path / "new.db"
    with pytest.raises(StoreError) as refusal:
        restore_database(f"sqlite:///{place}", copy)
    assert str(refusal.value).isprintable()
    assert not place.exists()


def test_a_backup_does_not_create_a_missing_database(tmp_path: Path) -> None:
    """A missing database gives one line, and neither file is created."""
    with pytest.raises(StoreError, match="does not exist"):
        backup_database(f"sqlite:///{tmp_path}/none.db", tmp_path / "backup.db")
    assert list(tmp_path.iterdir()) == []


def test_postgresql_has_its_own_programs(postgresql_url: str, tmp_path: Path) -> None:
    """The message names the program to run, without the password."""
    with Store.open(postgresql_url), pytest.raises(StoreError, match="with PostgreSQL run pg_dump --format=custom"):
        backup_database(postgresql_url, tmp_path / "backup.db")


FULL = """
import resource, sys
from pathlib import Path
from grader.core.errors import StoreError
from grader.store import backup_database
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    backup_database(sys.argv[1], Path(sys.argv[2]))
except StoreError as error:
    print(error)
"""


def test_a_backup_on_a_full_disk_leaves_nothing(tmp_path: Path, sqlite_url: str) -> None:
    """A full disk gives one line, and no partial file."""
    with Store.open(sqlite_url) as store:
        store.record_many(NewSubmission(f"s{i}", "losses", os.urandom(10_000), "a.py") for i in range(50))
    folder = tmp_path / "backups"
    folder.mkdir()
    arguments = [sys.executable, "-c", FULL, sqlite_url, str(folder / "backup.db")]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120)
    assert (done.stderr, done.stdout.count("\n")) == ("", 1)
    assert "can't be copied" in done.stdout
    assert list(folder.iterdir()) == []
