"""Files of the records: new ones are private, and doctor names those that others can read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.cli.safe_write import write_new
from grader.services.private_files import ReadableFile, find_readable_files
from grader.store import Store
from grader.store.db.backup import backup_database, restore_database


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Set a umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def _modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir() if file.is_file()}


def test_records_and_copies_are_private(tmp_path: Path) -> None:
    """Database, journals, backup, restored database and exported tables are for their owner alone."""
    url = f"sqlite:///{tmp_path / 'grader.db'}"
    with Store.open(url) as store:
        store.record("ada", "losses", b"x = 1", "a.py")
        assert (tmp_path / "grader.db-wal").exists()
        backup_database(url, tmp_path / "backup.db")
        restore_database(f"sqlite:///{tmp_path / 'again.db'}", tmp_path / "backup.db")
        write_new({tmp_path / "scores.csv": b"1", tmp_path / "out" / "scores.csv": b"1"}, force=False)
        assert _modes(tmp_path) == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert _modes(tmp_path / "out") == {0o600}
    assert find_readable_files(url) == []


def test_existing_files_keep_their_mode_and_are_named(tmp_path: Path) -> None:
    """A readable database stays so, and is named with its mode; a replaced table keeps its mode."""
    db, table = tmp_path / "grader.db", tmp_path / "scores.csv"
    for file in (db, table):
        file.touch(0o644)
    with Store.open(f"sqlite:///{db}"):
        pass
    write_new({table: b"1"}, force=True)
    assert _modes(tmp_path) == {0o644}
    assert find_readable_files(f"sqlite:///{db}") == [ReadableFile(str(db), "644")]
    assert find_readable_files("postgresql://somewhere/else") == []
