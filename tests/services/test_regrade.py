"""Regrading as a use case: it returns the changes as data."""

from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.sandbox.level import Level
from grader.services.grade import find_submissions_to_grade, grade_submissions
from grader.services.grading_run import GradeRequest, GradingOptions
from grader.services.regrade import RegradeResult, regrade_submissions
from grader.store import Store

OPTIONS = GradingOptions(1, Level.FULL, Level.SECCOMP)
HALF = b"import numpy as np\ndef twice(x):\n    return x + x if np.ndim(x) == 1 else x\n"


def regrade(store: Store, course: Course, wanted: GradeRequest) -> RegradeResult:
    """Regrade the recorded submissions."""
    return regrade_submissions(store, course, find_submissions_to_grade(store, course, None, wanted), wanted, OPTIONS)


@pytest.fixture
def changed_course(store: Store, course: Course, course_folder: Path) -> Course:
    """Return the course after its class was graded and its second check was made easier."""
    store.record("ada", "doubling", b"def twice(x):\n    return x + x\n", "doubling.py")
    store.record("bob", "doubling", HALF, "doubling.py")
    wanted = GradeRequest()
    grade_submissions(store, course, find_submissions_to_grade(store, course, None, wanted), wanted, OPTIONS)
    checks = course_folder / "reference" / "doubling" / "checks.py"
    checks.write_text(checks.read_text().replace("rng.normal(size=(2, 3))", "rng.normal(size=2)"))
    return load_course(course_folder)


def test_a_dry_run_gives_the_same_changes_and_records_nothing(store: Store, changed_course: Course) -> None:
    """A dry run and the regrade after it give the same changes; only the regrade appends gradings."""
    dry_run = regrade(store, changed_course, GradeRequest(regrade=True, dry_run=True))
    assert store.read_info().gradings == 2
    real = regrade(store, changed_course, GradeRequest(regrade=True))
    assert store.read_info().gradings == 4
    assert dry_run.changes == real.changes
    assert [change and (change.before, change.after) for change in real.changes] == [None, (1.0, 3.0)]
    assert [one.student for one in real.summary.changes] == ["bob"]
    assert (dry_run.summary.is_dry_run, real.summary.is_dry_run) == (True, False)
    assert [one.score for one in dry_run.reports] == [one.score for one in real.reports] == [3.0, 3.0]


def test_a_second_regrade_grades_nothing(store: Store, changed_course: Course) -> None:
    """Submissions that this version has graded are left alone."""
    regrade(store, changed_course, GradeRequest(regrade=True))
    again = regrade(store, changed_course, GradeRequest(regrade=True))
    assert (again.summary.graded_count, again.summary.changes) == (0, ())
    assert store.read_info().gradings == 4


def test_a_dry_run_needs_earlier_gradings(store: Store, course: Course) -> None:
    """A dry run is wrong use if nothing has been graded before."""
    store.record("ada", "doubling", HALF, "doubling.py")
    with pytest.raises(UsageError, match="nothing of this has been graded before"):
        regrade(store, course, GradeRequest(regrade=True, dry_run=True))
