"""Reports from the records: of graded, unreadable and ungraded submissions, and the pages written from them.

Covers `services/report_pages.py`.
"""

from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.text.language import ENGLISH
from grader.sandbox.level import Level
from grader.services.grade import find_submissions_to_grade, grade_submissions
from grader.services.grading_run import GradeRequest, GradingOptions
from grader.services.ingest import IngestResult
from grader.services.report_pages import write_class_report, write_student_report
from grader.services.reports import (
    load_score_sheets,
    report_grading,
    report_grading_with_code,
    report_submissions,
)
from grader.store import Store

from .conftest import RecordedProgress

RIGHT = b"def twice(x):\n    return x + x\n"


@pytest.fixture
def graded(store: Store, course: Course) -> Store:
    """Return records of ada, who is right in her second attempt, and bob, whose file can't be read."""
    store.record("ada", "doubling", b"def twice(x):\n    return x\n", "doubling.py")
    store.record("ada", "doubling", RIGHT, "doubling.py")
    store.record("bob", "doubling", b"no notebook", "doubling.ipynb")
    wanted = GradeRequest()
    options = GradingOptions(1, Level.FULL, Level.SECCOMP)
    grade_submissions(store, course, find_submissions_to_grade(store, course, None, wanted), wanted, options)
    return store


def test_each_file_has_a_report(graded: Store, course: Course) -> None:
    """In order: one graded, one recorded but not graded, one refused; each with the exercise's points."""
    waiting = graded.record("cleo", "doubling", RIGHT + b"\n", "doubling.py").id
    ingested = [
        IngestResult("ada", "doubling", 2),
        IngestResult("cleo", "doubling", waiting),
        IngestResult(None, "doubling", error="the student is unknown"),
    ]
    reports = list(report_submissions(graded, course, ingested))
    assert [(one.student, one.score, one.max_score) for one in reports] == [
        ("ada", 3.0, 3.0),
        ("cleo", 0.0, 3.0),
        (None, 0.0, 3.0),
    ]
    assert [one.error for one in reports] == [
        None,
        "it could not be graded: run the command again",
        "the student is unknown",
    ]


def test_only_the_report_with_code_has_the_code(graded: Store, course: Course) -> None:
    """The report for a list leaves the student's code out; the one for a page has it."""
    (_, second, _) = graded.iterate_graded()
    assert report_grading(course, second).questions[0].code == ""
    assert "return x + x" in report_grading_with_code(graded, course, second, ENGLISH).questions[0].code


def test_score_sheets_are_of_all_or_one_student(graded: Store, course: Course) -> None:
    """The sheets are keyed by student and exercise, and hold every attempt."""
    sheets = load_score_sheets(graded, course)
    assert set(sheets) == {("ada", "doubling"), ("bob", "doubling")}
    assert [len(sheet.attempts) for sheet in sheets.values()] == [2, 1]
    assert load_score_sheets(graded, course, "bob") == {("bob", "doubling"): sheets["bob", "doubling"]}


def test_pages_are_of_the_last_attempts(
    graded: Store, course: Course, tmp_path: Path, progress: RecordedProgress
) -> None:
    """The class report has and counts one page per student and exercise; a student's report has only that student's."""
    written = write_class_report(graded, course, tmp_path / "all", progress=progress)
    assert sorted(str(page.relative_to(tmp_path / "all")) for page in written.pages) == [
        "ada/doubling.html",
        "bob/doubling.html",
    ]
    assert "x + x" in (tmp_path / "all" / "ada" / "doubling.html").read_text("utf-8")
    assert progress.tracked == [("pages", 2, 2)]
    assert len(write_student_report(graded, course, tmp_path / "one", "bob").pages) == 1
    with pytest.raises(UsageError, match="nothing of zoe has been graded"):
        write_student_report(graded, course, tmp_path / "none", "zoe")
