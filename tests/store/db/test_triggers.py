"""Tests of triggers: the database itself refuses to change or delete records."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePath

import pytest
from sqlalchemy import text

from grader.core.errors import StoreError
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import Grading
from grader.store import NewMark, Store
from grader.store.db.engine import Database

RECORDS = {
    "secrets": "name",
    "blobs": "size",
    "submissions": "file_name",
    "gradings": "seed",
    "results": "detail",
    "question_results": "score",
    "marks": "points",
    "extensions": "reason",
    "course_versions": "title",
    "exercises": "title",
    "events": "detail",
}


def _run(database: Database, *statements: str) -> None:
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def filled(store: Store, make_grading: Callable[..., Grading]) -> Store:
    """Return a store with a row in every table: ada's submission 1 and bob's 2, of the same bytes."""
    store.secret()
    store.remember(Course("Course", (Exercise("losses", "Losses", (), PurePath()),), PurePath(), "v1"))
    for student in ("ada", "bob"):
        id = store.record(student, "losses", b"same", "losses.py").id
        store.append(id, make_grading())
        store.marks.set_marks([NewMark(id, "softmax", 1.0)])
        store.people.extend(student, "losses", datetime(2031, 1, 1, tzinfo=UTC))
    return store


@pytest.mark.parametrize("table", RECORDS)
def test_a_record_can_be_neither_changed_nor_deleted(filled: Store, database: Database, table: str) -> None:
    """UPDATE and DELETE are refused with the table's name, and the rows remain."""
    before = replace(filled.read_info(), size=0)
    for statement in (f"UPDATE {table} SET {RECORDS[table]} = {RECORDS[table]}", f"DELETE FROM {table}"):
        with pytest.raises(StoreError, match=f"{table} are append-only"):
            _run(database, statement)
    assert replace(filled.read_info(), size=0) == before


@pytest.mark.parametrize("table", RECORDS)
def test_no_table_can_be_emptied_at_once(filled: Store, database: Database, table: str) -> None:
    """PostgreSQL's TRUNCATE and SQLite's REPLACE, which bypass row triggers, are refused too."""
    if database.dialect == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    else:
        statement = f"TRUNCATE {table} CASCADE"
    with pytest.raises(StoreError, match="are append-only"):
        _run(database, statement)


ERASE_ADA = (
    "INSERT INTO erasures (student_id, reason, started_at) VALUES (1, 'on request', '2024-01-02 03:04:05')",
    "DELETE FROM results WHERE grading_id = 1",
    "DELETE FROM question_results WHERE grading_id = 1",
    "DELETE FROM marks WHERE submission_id = 1",
    "DELETE FROM extensions WHERE student_id = 1",
    "DELETE FROM events WHERE student_id = 1",
    "DELETE FROM gradings WHERE submission_id = 1",
    "DELETE FROM submissions WHERE student_id = 1",
    "DELETE FROM blobs WHERE sha256 NOT IN (SELECT sha256 FROM submissions)",
    "DELETE FROM students WHERE id = 1",
)
FINISH = "UPDATE erasures SET finished_at = '2024-01-02 03:04:06'"


def test_an_open_erasure_allows_deleting_one_student(filled: Store, database: Database) -> None:
    """Only that student's records can be deleted, and no bytes that others submitted too."""
    _run(database, *ERASE_ADA)
    assert [graded.submission.student for graded in filled.iterate_graded()] == ["bob"]
    assert filled.read_content(2) == b"same"
    for table in ("results", "question_results", "marks", "extensions", "events", "course_versions", "exercises"):
        with pytest.raises(StoreError, match=f"{table} are append-only"):
            _run(database, f"DELETE FROM {table}")
    with pytest.raises(StoreError, match="submissions are append-only"):
        _run(database, "UPDATE submissions SET number = 9")


def test_a_finished_erasure_is_permanent(filled: Store, database: Database) -> None:
    """It can't be reopened or deleted, and the next student gets another id than the erased one."""
    _run(database, *ERASE_ADA, FINISH)
    for statement in ("UPDATE erasures SET finished_at = NULL", "DELETE FROM erasures"):
        with pytest.raises(StoreError, match="an erasure stays on record"):
            _run(database, statement)
    assert filled.record("eve", "losses", b"new", "losses.py").number == 1
    with database.read() as connection:
        assert connection.scalar(text("SELECT id FROM students WHERE name = 'eve'")) not in (None, 1)
