"""Tests of the constraints, which hold for every writer.

Covers `store/db/base.py` and `store/db/models/`.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from grader.core.errors import StoreError
from grader.store import Store
from grader.store.db.base import Base
from grader.store.db.engine import Database
from grader.store.db.models.accounts import AccountRow, InvitationRow, TokenRow
from grader.store.db.models.gradings import (
    ClaimRow,
    CourseVersionRow,
    ExerciseRow,
    GradingRow,
    MarkRow,
    QuestionResultRow,
    ResultRow,
)
from grader.store.db.models.people import EnrolmentRow, EventRow, ExtensionRow, StudentIdRow
from grader.store.db.models.submissions import BlobRow, SecretRow, StudentRow, SubmissionRow

Fields = dict[str, Any]
NOW = datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
SHA = "ab" * 32
STUDENT: Fields = {"id": 1, "name": "ada", "created_at": NOW}
BLOB: Fields = {"sha256": SHA, "compressed": b"", "size": 0}
CONTENT: Fields = {"sha256": SHA, "file_name": "a.py", "received_at": NOW}
SUBMISSION: Fields = {"id": 1, "student_id": 1, "exercise": "losses", "number": 1} | CONTENT
RUN: Fields = {"course_version": "v", "grader_version": "g", "seed": "s", "sandbox": "full", "elapsed_ms": 1.0}
POINTS: Fields = {"score": 1.0, "max_score": 2.0, "pending": 1.0, "faulted": False}
FOUND: Fields = {"created_at": NOW, "error": None, "questions": "[]", "cells": "[]"}
GRADING: Fields = {"id": 1, "submission_id": 1} | RUN | POINTS | FOUND
CHECK: Fields = {"question": "q", "kind": "code", "name": "c", "hidden": False, "mistake": None, "detail": "{}"}
RESULT: Fields = {"grading_id": 1, "position": 0, "verdict": "passed", "points": 1.0, "max_points": 1.0} | CHECK
SUMS: Fields = {"grading_id": 1, "question": "q", "kind": "code", "score": 1.0, "max_score": 2.0, "pending": 1.0}
VERSION: Fields = {"version": "v", "title": "Course", "recorded_at": NOW}
EXERCISE: Fields = {"course_version": "v", "name": "losses", "position": 0, "title": "Losses", "max_score": 2.0}
ENROLMENT: Fields = {"student_id": 1, "display_name": "Ada", "email": "", "section": "A", "updated_at": NOW}
OTHER_ID: Fields = {"student_id": 1, "system": "canvas", "external_id": "4711"}
EXTENSION: Fields = {"student_id": 1, "exercise": "losses", "until": NOW, "reason": "", "created_at": NOW}
GIVEN: Fields = {"points": 1.0, "max_points": 2.0, "items": "[]", "comment": "", "marker": "eve", "created_at": NOW}
MARK: Fields = {"submission_id": 1, "question": "q"} | GIVEN
CLAIM: Fields = {"submission_id": 1, "holder": "h", "until": NOW}
EVENT: Fields = {"at": NOW, "who": "eve", "what": "marked", "student_id": 1, "detail": ""}
WITHOUT: Fields = {"password": None, "generation": 1, "created_at": NOW}
ACCOUNT: Fields = {"id": 1, "name": "ada", "role": "student", "student_id": 1} | WITHOUT
INVITATION: Fields = {"account_id": 1, "sha256": SHA, "expires_at": NOW}
TOKEN: Fields = {"id": 1, "account_id": 1, "purpose": "", "sha256": SHA, "created_at": NOW, "expires_at": NOW}
ROWS: list[tuple[type[Base], Fields]] = [
    (CourseVersionRow, VERSION),
    (ExerciseRow, EXERCISE),
    (StudentRow, STUDENT),
    (EnrolmentRow, ENROLMENT),
    (StudentIdRow, OTHER_ID),
    (ExtensionRow, EXTENSION),
    (EventRow, EVENT),
    (BlobRow, BLOB),
    (SubmissionRow, SUBMISSION),
    (GradingRow, GRADING),
    (ResultRow, RESULT),
    (QuestionResultRow, SUMS),
    (MarkRow, MARK),
    (ClaimRow, CLAIM),
    (AccountRow, ACCOUNT),
    (InvitationRow, INVITATION),
    (TokenRow, TOKEN),
]
WRONG: list[tuple[type[Base], Fields]] = [
    (SecretRow, {"name": "seed", "value": b"short", "created_at": NOW}),
    (StudentRow, STUDENT | {"id": 2}),
    (StudentRow, STUDENT | {"id": 2, "name": ""}),
    (StudentRow, STUDENT | {"id": 2, "name": "a" * 201}),
    (BlobRow, BLOB),
    (BlobRow, BLOB | {"sha256": "ab"}),
    (SubmissionRow, SUBMISSION | {"id": 2}),
    (SubmissionRow, SUBMISSION | {"id": 2, "number": 2}),
    (SubmissionRow, SUBMISSION | {"id": 2, "exercise": "other", "number": 0}),
    (SubmissionRow, SUBMISSION | {"id": 2, "exercise": ""}),
    (SubmissionRow, SUBMISSION | {"id": 2, "student_id": 2}),
    (SubmissionRow, SUBMISSION | {"id": 2, "exercise": "other", "sha256": "cd" * 32}),
    (GradingRow, GRADING | {"id": 2, "submission_id": 2}),
    (GradingRow, GRADING | {"id": 2, "score": -0.5}),
    (GradingRow, GRADING | {"id": 2, "score": 1.5}),
    (GradingRow, GRADING | {"id": 2, "score": float("nan")}),
    (GradingRow, GRADING | {"id": 2, "error": "no notebook"}),
    (ResultRow, RESULT),
    (ResultRow, RESULT | {"position": 1, "grading_id": 2}),
    (ResultRow, RESULT | {"position": 1, "verdict": "fine"}),
    (ResultRow, RESULT | {"position": 1, "points": 1.5}),
    (ResultRow, RESULT | {"position": 1, "points": float("inf")}),
    (ResultRow, RESULT | {"position": 1, "verdict": "grader_error"}),
    (ResultRow, RESULT | {"position": 1, "detail": None}),
    (GradingRow, GRADING | {"id": 2, "course_version": "unheard of"}),
    (CourseVersionRow, VERSION),
    (ExerciseRow, EXERCISE | {"name": "other"}),
    (ExerciseRow, EXERCISE | {"name": "", "position": 1}),
    (ExerciseRow, EXERCISE | {"name": "other", "position": 1, "max_score": -1.0}),
    (ExerciseRow, EXERCISE | {"name": "other", "position": 1, "course_version": "unheard of"}),
    (EnrolmentRow, ENROLMENT),
    (EnrolmentRow, ENROLMENT | {"student_id": 2}),
    (StudentIdRow, OTHER_ID | {"system": "moodle", "external_id": ""}),
    (StudentIdRow, OTHER_ID | {"external_id": "4712"}),
    (StudentIdRow, OTHER_ID | {"system": "moodle", "student_id": 2}),
    (ExtensionRow, EXTENSION | {"student_id": 2}),
    (ExtensionRow, EXTENSION | {"exercise": ""}),
    (EventRow, EVENT | {"what": "thought"}),
    (QuestionResultRow, SUMS),
    (QuestionResultRow, SUMS | {"question": "r", "score": 1.5}),
    (QuestionResultRow, SUMS | {"question": "r", "score": -1.0}),
    (MarkRow, MARK | {"points": 2.5}),
    (MarkRow, MARK | {"points": -0.5}),
    (MarkRow, MARK | {"points": float("inf")}),
    (MarkRow, MARK | {"question": ""}),
    (MarkRow, MARK | {"submission_id": 2}),
    (ClaimRow, CLAIM),
    (ClaimRow, CLAIM | {"submission_id": 2}),
    (AccountRow, ACCOUNT | {"id": 2, "name": "bob"}),
    (AccountRow, ACCOUNT | {"id": 2, "role": "instructor", "student_id": None}),
    (AccountRow, ACCOUNT | {"id": 2, "name": "", "role": "instructor", "student_id": None}),
    (AccountRow, ACCOUNT | {"id": 2, "name": "bob", "student_id": None}),
    (AccountRow, ACCOUNT | {"id": 2, "name": "bob", "role": "instructor"}),
    (AccountRow, ACCOUNT | {"id": 2, "name": "bob", "role": "king", "student_id": None}),
    (InvitationRow, INVITATION),
    (InvitationRow, INVITATION | {"account_id": 2, "sha256": "cd" * 32}),
    (InvitationRow, INVITATION | {"sha256": "cd"}),
    (TokenRow, TOKEN | {"id": 2}),
    (TokenRow, TOKEN | {"id": 2, "sha256": "cd"}),
    (TokenRow, TOKEN | {"id": 2, "sha256": "cd" * 32, "account_id": 2}),
    (TokenRow, TOKEN | {"id": 2, "sha256": "cd" * 32, "purpose": "a" * 201}),
]


def _insert(database: Database, rows: list[tuple[type[Base], Fields]]) -> None:
    with database.write() as connection:
        for table, row in rows:
            connection.execute(insert(table), [row])


def test_violations_of_constraints_are_refused(store: Store, database: Database) -> None:
    """One row of each kind is accepted; each with one error is refused by the database, in one line."""
    _insert(database, ROWS)
    before = replace(store.read_info(), size=0)
    for table, row in WRONG:
        with pytest.raises(StoreError) as refusal:
            _insert(database, [(table, row)])
        assert "\n" not in str(refusal.value)
    assert replace(store.read_info(), size=0) == before


def test_times_are_stored_in_utc(store: Store) -> None:
    """A time of any zone is read back in UTC, to the microsecond; one without a zone is refused."""
    there = datetime.fromisoformat("2024-01-02T12:04:05.000006+09:00")
    store.record("ada", "losses", b"1", "a.py", received_at=there)
    (submission,) = store.iterate_ungraded()
    assert submission.received_at == NOW
    assert submission.received_at.tzinfo is UTC
    with pytest.raises(StoreError, match="without a time zone"):
        store.record("ada", "losses", b"2", "a.py", received_at=there.replace(tzinfo=None))
