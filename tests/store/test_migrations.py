"""Tests of upgrading every released schema with data in every table: nothing is lost, and the new rules hold.

`every_table.json` holds rows as the program wrote them, by table, in the order of their references; ids are those that
a new database assigns. A table of a new revision gets rows there; a row that only a later revision accepts names it in
`since`.

Covers `store/db/migrations/`.
"""

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, DateTime, LargeBinary, MetaData, Table, select, text

import grader.store
from grader.core.compare.mismatch import ValuesMismatch
from grader.core.errors import StoreError
from grader.core.results.grading import Grading
from grader.core.results.policy import Policy
from grader.store import Enrolment, NewMark, Store, UnreadableResult
from grader.store.db.engine import Database
from grader.store.db.schema import HEAD_REVISION, VERSION_TABLE, migrate_schema

Rows = list[dict[str, Any]]

ROWS: dict[str, Rows] = json.loads(Path(__file__).with_name("every_table.json").read_text("utf-8"))
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
DERIVED_TABLES = {"course_versions": "0002", "question_results": "0002"}
"""Tables that a migration fills from existing rows since this revision."""
KEPT_UP_TO_DATE = {
    *("students", "enrolments", "student_ids"),
    *("claims", "accounts", "invitations", "tokens", "tries", "ended_sessions"),
}
"""Tables that aren't append-only."""
LONG_AFTER = datetime(2124, 1, 2, 3, 4, 5, tzinfo=UTC)
WHEN = "'2024-01-02 03:04:05'"
SHA = "'" + "0" * 64 + "'"
ZOE = "Zo\u00eb \u00c5ngstr\u00f6m"


def _reflected(connection: Connection) -> dict[str, Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return {name: table for name, table in metadata.tables.items() if name != VERSION_TABLE}


def _released(url: str, revision: str) -> Database:
    """Return a database of a revision with the rows of all tables that it has."""
    database = Database(url)
    assert migrate_schema(database, revision) is None
    with database.write() as connection:
        tables = _reflected(connection)
        for name in (name for name in ROWS if name in tables):
            rows = [_typed(tables[name], row) for row in ROWS[name] if row.get("since", "") <= revision]
            connection.execute(tables[name].insert(), rows)
    return database


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the file in Python's types, without the columns of later revisions."""
    read: dict[type, Callable[[str], Any]] = {DateTime: datetime.fromisoformat, LargeBinary: bytes.fromhex}
    found = {}
    for name, value in row.items():
        if name in table.c:
            reads = [how for kind, how in read.items() if isinstance(table.c[name].type, kind)]
            found[name] = reads[0](value) if reads and value is not None else value
    return found


def _everything(database: Database) -> dict[str, Rows]:
    with database.read() as connection:
        return {
            name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for name, table in _reflected(connection).items()
        }


@pytest.mark.parametrize("start", REVISIONS)
def test_the_data_is_in_every_column(sqlite_url: str, start: str) -> None:
    """The initial data have a row in each table of the revision, and a value in each column."""
    database = _released(sqlite_url, start)
    for name, rows in _everything(database).items():
        assert rows, f"{name} has no row: add some to every_table.json"
        assert {column for row in rows for column, value in row.items() if value is not None} == set(rows[0]), name
    database.close()


def test_every_revision_is_tested() -> None:
    """The tests cover all revisions."""
    config = Config()
    config.set_main_option("script_location", str(Path(grader.store.__file__).parent / "db" / "migrations"))
    assert sorted(script.revision for script in ScriptDirectory.from_config(config).walk_revisions()) == list(REVISIONS)


@pytest.mark.parametrize("start", REVISIONS)
def test_every_value_is_preserved(database_url: str, start: str) -> None:
    """Each row of each table keeps its values; new tables hold derived rows, or none."""
    database = _released(database_url, start)
    before = _everything(database)
    assert grader.store.upgrade_database(database_url) == (start, HEAD_REVISION)
    assert grader.store.upgrade_database(database_url) == (HEAD_REVISION, HEAD_REVISION)
    after = _everything(database)
    database.close()
    for name, rows in before.items():
        assert [{column: row[column] for column in rows[0]} for row in after[name]] == rows
    for name in set(after) - set(before):
        assert bool(after[name]) == (DERIVED_TABLES.get(name, "9999") <= start), name
    if start >= "0002":
        assert after["question_results"] == ROWS["question_results"]
        assert [version["version"] for version in after["course_versions"]] == ["v1"]


@pytest.mark.parametrize("start", REVISIONS)
def test_the_program_reads_upgraded_records(database_url: str, start: str) -> None:
    """Submissions, bytes, gradings, marks, scores, rosters, extensions, log, accounts and tokens are read."""
    _released(database_url, start).close()
    grader.store.upgrade_database(database_url)
    with Store.open(database_url) as store:
        assert store.secret() == bytes(range(32))
        assert [(s.student, s.number, s.file_name, s.received_at.day) for s in store.submissions()] == [
            ("ada", 1, "a.py", 2),
            ("ada", 2, "losses (1).ipynb", 9),
            (ZOE, 1, "å.py", 2),
        ]
        assert store.read_content(3) == "# Zoës Antwort\n".encode()
        assert _graded(store) == ([5.5, "no notebook"] if start >= "0002" else [])
        points = (2.5, 1.5) if start >= "0004" else (2.0, 2.5)  # with a mark for the pending points, and without
        attempts = store.attempts({"losses": Policy()})
        assert [(a.attempts[0].score, a.attempts[0].pending) for a in attempts] == [points] * (start >= "0002")
        assert store.people.find_extension("ada", "losses") == (LONG_AFTER if start >= "0003" else None)
        assert {one.student: one for one in store.people.list_students()} == _roster(start)
        what = ["enrolled", "extended", "marked", "regraded", "erased"] if start >= "0003" else []
        what += ["invited", "token"] if start >= "0008" else []
        assert [event.what for event in store.history()] == what
        accounts = [(a.name, a.role, a.generation, a.password, a.invited_until) for a in store.accounts.list_all()]
        known = [("eve", "instructor", 1, None, LONG_AFTER), ("ada", "student", 2, "$argon2id$…", None)]
        assert accounts == (known if start >= "0006" else [])
        assert store.tokens.find_account("grader_a-token") == (1 if start >= "0007" else None)
        assert store.claim([3]) == (set() if start >= "0004" else {3})


def _graded(store: Store) -> list[float | str]:
    """Return the points, or the reason why a submission is unreadable; for the first, also its check's result."""
    found: list[float | str] = []
    for graded in store.iterate_graded():
        if isinstance(graded.result, UnreadableResult):
            found.append(graded.result.error)
            continue
        assert isinstance(graded.result, Grading)
        batch = graded.result.questions[0].checks[1]
        assert isinstance(batch.reason, ValuesMismatch)
        assert (batch.mistake, batch.reason.first_index) == ("whole_batch", (0, 1))
        assert graded.result.cells[0].printed == "日本語"
        found.append(graded.result.max_score)
    return found


def _roster(start: str) -> dict[str, Enrolment]:
    if start < "0003":
        return {name: Enrolment(name) for name in ("ada", ZOE)}
    ids = {"canvas": "4711", "moodle": "12"}
    ada = Enrolment("ada", "Ada Lovelace", "ada@example.org", "A", ids)
    return {"ada": ada, ZOE: Enrolment(ZOE, section="B", ids={"canvas": "4712"})}


@pytest.mark.parametrize("start", REVISIONS)
def test_the_rules_hold_for_upgraded_records(empty_databases: Callable[[], str], start: str) -> None:
    """Constraints, indices and triggers are those of a new database; old rows can't be changed or repeated."""
    new = Database(empty_databases())
    migrate_schema(new)
    database = _released(empty_databases(), start)
    migrate_schema(database)
    assert _rules(database) == _rules(new)
    for name, rows in _everything(database).items():
        if not rows:
            continue
        column = next(iter(rows[0]))
        wrong = [f"INSERT INTO {name} SELECT * FROM {name}"]
        if name not in (
            "students",
            "enrolments",
            "student_ids",
            "claims",
            "accounts",
            "invitations",
            "tokens",
            "tries",
            "ended_sessions",
        ):
            wrong += [f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}"]
        for statement in wrong:
            with pytest.raises(StoreError), database.write() as connection:
                connection.execute(text(statement))
    new.close()
    database.close()


def _rules(database: Database) -> list[tuple[object, ...]]:
    """Return all rules that the database enforces itself, as it reports them."""
    if database.dialect == "sqlite":
        wanted = ["SELECT type, name, sql FROM sqlite_master"]
    else:
        mine = "(SELECT oid FROM pg_namespace WHERE nspname = 'public')"
        wanted = [
            f"SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = {mine}",
            "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
            f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace = {mine}",
        ]
    with database.read() as connection:
        return sorted((tuple(row) for sql in wanted for row in connection.execute(text(sql))), key=str)


@pytest.mark.parametrize("start", REVISIONS)
def test_upgraded_records_can_be_extended(database_url: str, make_grading: Callable[..., Grading], start: str) -> None:
    """Numbering, grading and marking continue; an earlier student can be erased without affecting others."""
    database = _released(database_url, start)
    migrate_schema(database)
    before = _everything(database)
    with Store.open(database_url) as store:
        again = store.record("ada", "losses", store.read_content(1), "again.py")
        new = store.record("ada", "losses", b"x = 1", "new.py")
        assert (again.id, again.is_new, new.number) == (1, False, 3)
        store.append_many([(1, make_grading("v2")), (new.id, make_grading("v2"))])
        assert store.marks.set_marks([NewMark(new.id, "softmax", 1.0)]) == 1
        assert [
            (g.submission.number, g.result.course_version) for g in store.iterate_graded() if g.submission.id != 2
        ] == [
            (1, "v2"),
            (3, "v2"),
        ]
        assert store.erase("ada").submissions == 3
        assert [s.student for s in store.submissions()] == [ZOE]
    after = _everything(database)
    database.close()
    for name in ("gradings", "results", "question_results", "marks", "extensions", "tokens"):
        assert after[name] == []
    for name in ("students", "enrolments", "student_ids", "submissions", "blobs", "claims", "accounts", "invitations"):
        assert len(after[name]) == bool(before[name])
        assert all(row in before[name] for row in after[name])


def test_names_are_normalized(database_url: str) -> None:
    """A decomposed name is renamed; if both spellings exist, the second keeps its records, with an event."""
    composed, apart = "Jos\u00e9", "Jose\u0301"
    alone = unicodedata.normalize("NFD", "Zo\u00eb")
    database = Database(database_url)
    migrate_schema(database, "0004")
    with database.write() as connection:
        for id, name in ((1, composed), (2, apart), (3, alone), (4, f"{composed} (2)")):
            row = {"id": id, "name": name}
            connection.execute(text(f"INSERT INTO students (id, name, created_at) VALUES (:id, :name, {WHEN})"), row)
        connection.execute(text(f"INSERT INTO blobs (sha256, compressed, size) VALUES ({SHA}, '', 0)"))
        for id in (1, 2, 3):
            connection.execute(
                text(
                    "INSERT INTO submissions (id, student_id, exercise, number, sha256, file_name, received_at) "
                    f"VALUES ({id}, {id}, 'losses', 1, {SHA}, 'a.py', {WHEN})"
                )
            )
    database.close()
    assert grader.store.upgrade_database(database_url) == ("0004", HEAD_REVISION)
    with Store.open(database_url) as store:
        names = {s.id: s.student for s in store.submissions()}
        assert names == {1: composed, 2: f"{composed} (3)", 3: "Zo\u00eb"}
        assert [(e.student, e.who) for e in store.history()] == [(f"{composed} (3)", "grader db upgrade")]
        for spelled in (composed, apart):
            assert [s.id for s in store.submissions(student=spelled)] == [1]
        assert [s.id for s in store.submissions(student=alone)] == [3]
