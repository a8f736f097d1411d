"""Making, upgrading and refusing databases."""

import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text

import grader.store
from grader.core.errors import StoreError
from grader.core.grading import Grading
from grader.core.policy import Policy
from grader.store import Store
from grader.store.base import Base
from grader.store.database import Database
from grader.store.schema import HEAD, VERSION_TABLE, upgrade


def _at(url: str, revision: str) -> Database:
    database = Database(url)
    assert upgrade(database, revision) is None
    return database


def _fill(database: Database, statements: tuple[str, ...]) -> None:
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_new_database_is_made_up_to_date(store: Store) -> None:
    """Opening an empty database is all that is needed."""
    info = store.info()
    assert (info.revision, info.students, info.submissions, info.gradings) == (HEAD, 0, 0, 0)
    assert info.size > 0


def test_reopening_finds_what_was_there(database_url: str) -> None:
    """What was recorded and the secret outlive the process."""
    with Store.open(database_url) as store:
        recorded = store.record("ada", "losses", b"x = 1", "losses.py")
        secret = store.secret()
    with Store.open(database_url) as store:
        assert store.data(recorded.id) == b"x = 1"
        assert store.secret() == secret


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    """Tables, columns, types, keys and indices are the same in both, and so are the names of the checks."""
    with database.read() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []
        for table in Base.metadata.tables.values():
            made = {check["name"] for check in inspect(connection).get_check_constraints(table.name)}
            assert made == {c.name for c in table.constraints if isinstance(c, CheckConstraint)}


def test_head_is_the_last_migration() -> None:
    """The revision that the program asks for is the one that the migrations end with."""
    config = Config()
    config.set_main_option("script_location", str(Path(grader.store.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


WHEN = "'2024-01-02 03:04:05'"
SHA = "'" + "0" * 64 + "'"
DATA = {
    "0001": (
        f"INSERT INTO students (id, name, created_at) VALUES (7, 'ada', {WHEN})",
        f"INSERT INTO blobs (sha256, compressed, size) VALUES ({SHA}, '', 0)",
        "INSERT INTO submissions (id, student_id, exercise, number, sha256, file_name, received_at) "
        f"VALUES (1, 7, 'losses', 1, {SHA}, 'a.py', {WHEN})",
    ),
    "0002": (
        "INSERT INTO gradings (id, submission_id, course_version, grader_version, seed, sandbox, elapsed_ms, "
        "created_at, score, max_score, pending, faulted, error, questions, cells) VALUES (1, 1, 'v1', '0.1.0', 's1', "
        f'\'full\', 1, {WHEN}, 2, 4.5, 1.5, true, NULL, \'[["softmax","code"],["why","text"]]\', \'[]\')',
        *(
            "INSERT INTO results (grading_id, position, question, kind, name, verdict, points, max_points, hidden, "
            f"detail) VALUES (1, {n}, 'softmax', 'code', 'c{n}', '{verdict}', {points}, {most}, false, '{{}}')"
            for n, verdict, points, most in (
                (0, "passed", 2, 2),
                (1, "wrong_answer", 0, 1),
                (2, "grader_error", 0, 1.5),
            )
        ),
    ),
    "0003": (
        f"INSERT INTO extensions (student_id, exercise, until, reason, created_at) "
        f"VALUES (7, 'losses', {WHEN}, '', {WHEN})",
        f"INSERT INTO events (at, who, what, student_id, detail) VALUES ({WHEN}, 'eve', 'extended', 7, 'losses')",
    ),
    "0004": (
        "INSERT INTO marks (submission_id, question, points, max_points, items, comment, marker, created_at) "
        f"VALUES (1, 'softmax', 3, 4.5, '[]', 'well', 'eve', {WHEN})",
    ),
    "0005": (),  # the same tables; names of students have one spelling
    "0006": (
        "INSERT INTO accounts (name, role, student_id, password, generation, created_at) "
        f"VALUES ('ada', 'student', 7, 'hash', 2, {WHEN}), ('eve', 'instructor', NULL, NULL, 1, {WHEN})",
    ),
    "0007": (
        "INSERT INTO tokens (account_id, purpose, sha256, created_at, expires_at) "
        f"VALUES (1, 'at home', '{'ab' * 32}', {WHEN}, {WHEN})",
    ),
    "0008": (
        "INSERT INTO events (at, who, what, student_id, detail) "
        f"VALUES ({WHEN}, 'eve', 'invited', 7, 'student'), ({WHEN}, 'eve', 'token', NULL, 'eve: 1 made')",
        f"INSERT INTO tries (key, at) VALUES ('{'cd' * 32}', {WHEN})",
    ),
}
"""What each revision can hold that the one before couldn't. A new revision gets a line of its own here."""


@pytest.mark.parametrize("start", DATA)
def test_an_older_database_is_upgraded_with_its_data(database_url: str, start: str) -> None:
    """From every revision, with a row of everything that it knows, to the last: all of it is still there."""
    known = [revision for revision in DATA if revision <= start]
    database = Database(database_url)
    for revision in known:
        upgrade(database, revision)
        _fill(database, DATA[revision])
    database.close()
    assert grader.store.upgrade(database_url) == (start, HEAD)
    assert grader.store.upgrade(database_url) == (HEAD, HEAD)
    with Store.open(database_url) as store:
        assert [s.student for s in store.ungraded()] == ["ada"]
        assert [(s.number, s.file_name) for s in store.submissions()] == [(1, "a.py")]
        points = [(g.result.max_score, g.result.pending) for g in store.latest() if isinstance(g.result, Grading)]
        assert points == ([(4.5, 1.5)] if "0002" in known else [])
        scores = store.scores({"losses": Policy()})
        expected = (3.0, 0.0) if "0004" in known else (2.0, 1.5)
        assert [(s.score, s.pending) for s in scores] == ([expected] if "0002" in known else [])
        told = [(event.what, event.student) for event in store.history()]
        first, last = [("extended", "ada")], [("invited", "ada"), ("token", None)]
        assert told == (first if "0003" in known else []) + (last if "0008" in known else [])
        extensions = [one.extension for one in store.attempts({"losses": Policy()})]
        accounts = [(a.name, a.role, a.generation, a.password) for a in store.accounts.everybody()]
        known_accounts = [("eve", "instructor", 1, None), ("ada", "student", 2, "hash")]
        assert accounts == (known_accounts if "0006" in known else [])
        assert extensions == ([datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC) if "0003" in known else None] * bool(scores))


def test_every_revision_is_upgraded_from() -> None:
    """The test above knows all revisions that there are."""
    config = Config()
    config.set_main_option("script_location", str(Path(grader.store.__file__).with_name("migrations")))
    assert sorted(script.revision for script in ScriptDirectory.from_config(config).walk_revisions()) == list(DATA)


def test_an_upgraded_grading_has_the_sums_of_its_questions(database_url: str) -> None:
    """They are the ones that a new grading would have written, also of a question without checks."""
    database = _at(database_url, "0002")
    _fill(database, DATA["0001"] + DATA["0002"])
    upgrade(database)
    with database.read() as connection:
        rows = connection.execute(text("SELECT * FROM question_results ORDER BY question")).all()
    database.close()
    assert [tuple(row) for row in rows] == [(1, "softmax", "code", 2.0, 4.5, 1.5), (1, "why", "text", 0.0, 0.0, 0.0)]


def test_an_older_database_is_not_upgraded_unasked(database_url: str) -> None:
    """Opening it says which command to run, after a backup."""
    _at(database_url, "0001").close()
    with pytest.raises(StoreError, match=r"older revision 0001.*backup.*grader db upgrade"):
        Store.open(database_url)


@pytest.mark.parametrize("upgrading", [Store.open, grader.store.upgrade])
def test_a_database_from_the_future_is_refused(database_url: str, upgrading: object) -> None:
    """An unknown revision is a newer program's: neither opened nor upgraded."""
    database = _at(database_url, HEAD)
    with database.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    database.close()
    assert callable(upgrading)
    with pytest.raises(StoreError, match=r"newer version of grader \(revision '9999'.*update grader"):
        upgrading(database_url)


def test_another_programs_database_is_left_alone(database_url: str) -> None:
    """A database with tables but without our revision is refused, and nothing is added to it."""
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(StoreError, match="belongs to another program"):
        Store.open(database_url)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["theirs"]
    database.close()


def test_names_get_one_spelling(database_url: str) -> None:
    """A name typed with two characters for one is renamed; where both were there, the second keeps all, and is told."""
    composed, apart = "Jos\u00e9", "Jose\u0301"
    alone = unicodedata.normalize("NFD", "Zo\u00eb")
    database = _at(database_url, "0004")
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
    assert grader.store.upgrade(database_url) == ("0004", HEAD)
    with Store.open(database_url) as store:
        names = {s.id: s.student for s in store.submissions()}
        assert names == {1: composed, 2: f"{composed} (3)", 3: "Zo\u00eb"}
        assert [(e.student, e.who) for e in store.history()] == [(f"{composed} (3)", "grader db upgrade")]
        for spelled in (composed, apart):
            assert [s.id for s in store.submissions(student=spelled)] == [1]
        assert [s.id for s in store.submissions(student=alone)] == [3]
