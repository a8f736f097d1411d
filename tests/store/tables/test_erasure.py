"""Tests of erasing a student: nothing of them remains, nothing of others is lost, and the erasure is on record."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from grader.core.errors import StoreError
from grader.core.results.grading import Grading
from grader.store import Enrolment, NewMark, Store
from grader.store.db.engine import Database

SECRET = b"# my name is Ada Lovelace, as nobody else writes it\n" * 50


def _fill(store: Store, make_grading: Callable[..., Grading]) -> None:
    for student in ("ada", "bob"):
        store.people.enroll([Enrolment(student, student.title(), f"{student}@example.org", "A", {"canvas": student})])
        for data in (b"shared", SECRET if student == "ada" else b"bob's"):
            id = store.record(student, "losses", data, "losses.py").id
            store.append_many([(id, make_grading()), (id, make_grading("v2"))])
            store.marks.set_marks([NewMark(id, "softmax", 1.0, f"well done, {student}")])
            store.claim([id])
        store.people.extend(student, "losses", datetime(2031, 1, 1, tzinfo=UTC), "ill")
        store.accounts.add(student, "student", timedelta(days=1))
        account = store.accounts.find_by_name(student)
        assert account is not None
        store.acting_as(student).tokens.create(account.id, f"{student}'s laptop", timedelta(days=1))


def _everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as connection:
        tables = inspect(connection).get_table_names()
        return {name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in tables}


def test_a_student_is_erased_completely(store: Store, database: Database, make_grading: Callable[..., Grading]) -> None:
    """No table holds a row of theirs; rows of others are unchanged; shared bytes remain."""
    _fill(store, make_grading)
    before = _everything(database)
    erased = store.erase("ada", "on request")
    assert (erased.submissions, erased.gradings, erased.marks) == (2, 4, 2)
    after = _everything(database)
    assert not re.search(r"(?<![0-9a-z])ada(?![0-9a-z])", str(after).lower())  # a hash may contain these letters
    gone = {name: len(rows) - len(after[name]) for name, rows in before.items() if name not in ("erasures", "events")}
    assert gone == dict.fromkeys(gone, 0) | {
        "students": 1,
        "enrolments": 1,
        "student_ids": 1,
        "extensions": 1,
        "submissions": 2,
        "blobs": 1,
        "gradings": 4,
        "results": 8,
        "question_results": 8,
        "marks": 2,
        "claims": 2,
        "accounts": 1,
        "tokens": 1,
        "invitations": 1,
    }
    for name in gone:
        assert set(after[name]) <= set(before[name])
    assert store.read_content(3) == b"shared"
    assert [s.student for s in store.submissions()] == ["bob", "bob"]


def test_an_erasure_is_recorded(store: Store, database: Database, make_grading: Callable[..., Grading]) -> None:
    """Reason, time and user are recorded; the erasure is closed, and the id is never reused."""
    _fill(store, make_grading)
    erased = store.erase("ada", "on request")
    with database.read() as connection:
        ((student, reason, open),) = connection.execute(
            text("SELECT student_id, reason, finished_at IS NULL FROM erasures")
        ).all()
    assert (student, reason, bool(open)) == (erased.student, "on request", False)
    assert (store.history()[-1].what, store.history()[-1].detail) == ("erased", f"student {erased.student}")
    with pytest.raises(StoreError, match="are append-only"), database.write() as connection:
        connection.execute(text("DELETE FROM results"))
    store.record("ada", "losses", b"new", "losses.py")
    assert store.erase("ada").student != erased.student


def test_an_unknown_student_is_not_erased(store: Store, make_grading: Callable[..., Grading]) -> None:
    """A misspelt name changes nothing, and leaves no record."""
    _fill(store, make_grading)
    before = store.read_info().submissions
    with pytest.raises(StoreError, match="the student 'adda' is not in the records"):
        store.erase("adda")
    assert store.read_info().submissions == before
    assert "erased" not in {event.what for event in store.history()}


def test_the_file_contains_no_erased_data(tmp_path: Path, make_grading: Callable[..., Grading]) -> None:
    """Neither freed pages nor the journal contain their name or compressed bytes."""
    path = tmp_path / "grader.db"
    with Store.open(f"sqlite:///{path}") as store:
        _fill(store, make_grading)
        with sqlite3.connect(path) as connection:
            ((compressed,),) = connection.execute("SELECT compressed FROM blobs WHERE size = ?", (len(SECRET),))
        connection.close()
        assert any(compressed[-20:] in file.read_bytes() for file in tmp_path.iterdir())
        store.erase("ada")
        for file in tmp_path.iterdir():
            content = file.read_bytes()
            assert compressed[-20:] not in content
            assert b"ada@example.org" not in content
            assert b"well done, ada" not in content
