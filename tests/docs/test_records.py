"""docs/records.md lists every table; its commands back up, restore, upgrade and erase."""

import re
import stat
from pathlib import Path

import pytest

from grader.services.documents import load_documents
from grader.store import Enrolment, Store
from grader.store.db import models  # noqa: F401  # the tables, by their names
from grader.store.db.base import Base
from grader.store.db.schema import VERSION_TABLE
from tests.docs.shell import Shell

MARKDOWN = load_documents()["records"].markdown


def read_section(heading: str) -> str:
    """Return the text of a section."""
    return MARKDOWN.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_every_table_is_listed() -> None:
    """The table of contents has each table of the database once."""
    rows = re.findall(r"^\| (`.*?) \|", read_section("What it holds"), re.M)
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(listed) == sorted([*Base.metadata.tables, VERSION_TABLE])


def test_tables_that_are_only_added_to_refuse_changes(sqlite_url: str) -> None:
    """A table of which the document says "only added" has a trigger against changes; no other table has one."""
    with Store.open(sqlite_url):
        pass
    rows = re.findall(r"^\| (`.*?) \| .* \| (.*) \|$", read_section("What it holds"), re.M)
    added = {name for row, changes in rows if changes == "only added" for name in re.findall(r"`(\w+)`", row)}
    assert find_guarded_tables(sqlite_url) == added


def find_guarded_tables(url: str) -> set[str]:
    """Return the tables with a trigger that refuses an update."""
    import sqlite3

    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    found = connection.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_update'")
    names = {name for (name,) in found}
    connection.close()
    return names


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backup, restore, upgrade and erasure run in order, as they are written."""
    shell = Shell(tmp_path, monkeypatch)
    with Store.open("sqlite:///grader.db") as store:
        store.people.enroll([Enrolment("ada"), Enrolment("emmy")])
    printed = ""
    for heading in ("Backup and restore", "Upgrade", "Erase a student"):
        (block,) = re.findall(r"^```sh\n(.*?)```", read_section(heading), re.S | re.M)
        printed += "".join(shell.run(line) for line in block.splitlines())
    assert "students     2" in printed
    assert "unchanged" in printed
    with Store.open_existing("sqlite:///grader.db") as store:
        assert [student.student for student in store.people.list_students()] == ["ada"]


def test_modes_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock and the key beside a database are the owner's alone, as the table of files says."""
    from grader.web.settings import load_secret

    assert re.findall(r"^\| `(grader\.db[.-]\w+)` \| .* \| (\d+)", MARKDOWN, re.M) == [
        ("grader.db-dispatching", "600"),
        ("grader.db.secret", "600"),
    ]
    monkeypatch.chdir(tmp_path)
    load_secret("sqlite:///grader.db", {})
    with Store.open("sqlite:///grader.db") as store, store.dispatching():
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert (modes["grader.db-dispatching"], modes["grader.db.secret"]) == (0o600, 0o600)
