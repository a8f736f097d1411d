"""Exports as a use case: the bytes of each file, and the number of results left out."""

import csv
import io
import json
import zipfile
from pathlib import PurePosixPath

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.formats.export.csv_scores import FORMAT as CSV
from grader.formats.export.export_format import AnyExportFormat
from grader.formats.export.gradescope import FORMAT as GRADESCOPE
from grader.formats.export.json_scores import FORMAT as JSON
from grader.formats.export.moodle import FORMAT as MOODLE
from grader.formats.export.registry import EXPORT_FORMATS
from grader.sandbox.level import Level
from grader.services.export import ExportRequest, export_download, export_results, export_table, read_export_options
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
    export = export_table(graded, course, CSV, ExportRequest())
    (row,) = csv.DictReader(io.StringIO(export.table.data.decode("utf-8-sig")))
    assert "ada" in row.values()
    assert (export.table.count, export.table.noun, export.ungraded, list(export.withheld)) == (1, "student", 1, [])
    data = json.loads(export_table(graded, course, JSON, ExportRequest()).table.data)
    assert "ada" in json.dumps(data)


def test_gradescope_has_a_file_per_submission(graded: Store, course: Course) -> None:
    """Each file lies in a folder of its student, exercise and attempt."""
    results = export_results(graded, course, GRADESCOPE, ExportRequest())
    ((path, data),) = results.files.items()
    assert path.parts[1:] == ("doubling", "1", "results.json")
    assert isinstance(path, PurePosixPath)
    assert json.loads(data)["score"] == 3.0
    assert (results.ungraded, results.withheld) == (1, 0)


def test_without_scores_there_is_nothing_to_export(store: Store, course: Course) -> None:
    """Records without a grading raise UsageError in every format."""
    with pytest.raises(UsageError, match="no submission of these exercises is graded yet"):
        export_table(store, course, CSV, ExportRequest())
    with pytest.raises(UsageError, match="no submission of these exercises is graded yet"):
        export_results(store, course, GRADESCOPE, ExportRequest())


@pytest.mark.parametrize("format", EXPORT_FORMATS.values(), ids=str)
def test_every_format_is_a_download(graded: Store, course: Course, format: AnyExportFormat) -> None:
    """A table is a file with its ending; results are packed into a zip with the paths of the folder."""
    download = export_download(graded, course, format, ExportRequest("doubling"))
    name, _, ending = download.name.rpartition(".")
    assert name == f"{format}-doubling"
    if ending == "zip":
        with zipfile.ZipFile(io.BytesIO(download.data)) as archive:
            assert [path.split("/")[-1] for path in archive.namelist()] == ["results.json"]
    else:
        assert ending in ("csv", "json")
        assert b"ada" in download.data


@pytest.mark.parametrize(
    ("format", "request_", "why"),
    [
        (CSV, ExportRequest("halving"), "halving"),
        (CSV, ExportRequest(options={"column": ("doubling=Homework",)}), "--column is only for canvas"),
        (CSV, ExportRequest(options={"template": ("a.csv",)}), "--template is only for canvas and moodle"),
        (MOODLE, ExportRequest(options={"template": ("a.csv",)}), "name the exercise with --exercise"),
        (GRADESCOPE, ExportRequest(options={"hidden": ("never",)}), "choose one of after_published, hidden"),
    ],
)
def test_contradictory_options_are_wrong_use(
    course: Course, format: AnyExportFormat, request_: ExportRequest, why: str
) -> None:
    """Reading the options raises UsageError; it needs no records."""
    with pytest.raises(UsageError, match=why):
        read_export_options(course, format, request_)
