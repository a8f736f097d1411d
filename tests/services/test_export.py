"""Exports as a use case: the bytes of each file, and the number of results left out."""

import csv
import io
import json
from pathlib import PurePosixPath

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.sandbox.level import Level
from grader.services.export import ExportFormat, ExportRequest, check_export_request, export_results, export_table
from grader.services.grade import find_submissions_to_grade, grade_submissions
from grader.services.grading_run import GradeRequest, GradingOptions
from grader.store import Store


@pytest.fixture
def graded(store: Store, course: Course) -> Store:
    """Return records of ada, who is graded, and bob, who is not yet."""
    store.record("ada", "doubling", b"def twice(x):\n    return x + x\n", "doubling.py")
    wanted = GradeRequest()
    options = GradingOptions(1, Level.FULL, Level.SECCOMP)
    grade_submissions(store, course, find_submissions_to_grade(store, course, None, wanted), wanted, options)
    store.record("bob", "doubling", b"x = 1\n", "doubling.py")
    return store


def test_a_table_counts_ungraded_submissions(graded: Store, course: Course) -> None:
    """A CSV has a line per student with a score, JSON the same; both count the ungraded submissions."""
    table = export_table(graded, course, ExportRequest(ExportFormat.CSV))
    (row,) = csv.DictReader(io.StringIO(table.data.decode("utf-8-sig")))
    assert "ada" in row.values()
    assert (table.count, table.counted, table.ungraded, list(table.withheld)) == (1, "student", 1, [])
    data = json.loads(export_table(graded, course, ExportRequest(ExportFormat.JSON)).data)
    assert "ada" in json.dumps(data)


def test_gradescope_has_a_file_per_submission(graded: Store, course: Course) -> None:
    """Each file lies in a folder of its student, exercise and attempt."""
    results = export_results(graded, course, ExportRequest(ExportFormat.GRADESCOPE))
    ((path, data),) = results.files.items()
    assert path.parts[1:] == ("doubling", "1", "results.json")
    assert isinstance(path, PurePosixPath)
    assert json.loads(data)["score"] == 3.0
    assert (results.ungraded, results.withheld) == (1, 0)


def test_without_scores_there_is_nothing_to_export(store: Store, course: Course) -> None:
    """Records without a grading raise UsageError in every format."""
    with pytest.raises(UsageError, match="no submission of these exercises is graded yet"):
        export_table(store, course, ExportRequest(ExportFormat.CSV))
    with pytest.raises(UsageError, match="no submission of these exercises is graded yet"):
        export_results(store, course, ExportRequest(ExportFormat.GRADESCOPE))


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (ExportRequest(ExportFormat.CSV, exercise="halving"), "halving"),
        (ExportRequest(ExportFormat.CSV, columns=("doubling=Homework",)), "--column is only for canvas"),
        (ExportRequest(ExportFormat.GRADESCOPE, hidden="never"), "choose one of"),
    ],
)
def test_contradictory_options_are_wrong_use(course: Course, request_: ExportRequest, why: str) -> None:
    """Checking a request raises UsageError; it needs no records."""
    with pytest.raises(UsageError, match=why):
        check_export_request(course, request_)
