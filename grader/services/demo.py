"""A sample class in a folder of its own: written, graded and reported on in the same way as a real one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.atomic_write import replace_file
from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import Report
from grader.course.demo_class import generate_demo_class
from grader.feedback.file_names import page_name
from grader.formats.discover import find_submissions
from grader.services.grade import grade_files
from grader.services.grading_run import GradingOptions
from grader.services.progress import Progress, SilentProgress
from grader.services.report_pages import write_class_report
from grader.services.reports import ScoreSheets, load_score_sheets
from grader.store import Store

_CLASS_FOLDER: Final = "submissions"
_DATABASE: Final = "grader.db"
_REPORT_FOLDER: Final = "report"
_EXAMPLE_STUDENT: Final = "edsger"


@dataclass(frozen=True)
class DemoResult:
    """A report of each submission, the scores by student and exercise, and two example pages."""

    reports: tuple[Report, ...]
    sheets: ScoreSheets
    class_page: Path
    student_page: Path


def grade_demo_class(
    course: Course, to: Path, options: GradingOptions, progress: Progress = SilentProgress()
) -> DemoResult:
    """Write a class below `to`, grade it, and write its pages. A second run continues the first.

    Raises UsageError if `to` holds something else or can't be written.
    """
    _write_class(course, to)
    found = find_submissions([to / _CLASS_FOLDER], [e.name for e in course.exercises])
    with Store.open(f"sqlite:///{to / _DATABASE}") as store:
        reports = tuple(grade_files(store, course, found, options, progress))
        written = write_class_report(store, course, to / _REPORT_FOLDER, progress=progress)
        sheets = load_score_sheets(store, course)
    student_page = to / _REPORT_FOLDER / page_name(_EXAMPLE_STUDENT, reports[0].exercise)
    return DemoResult(reports, sheets, written.class_page, student_page)


def _write_class(course: Course, to: Path) -> None:
    """Write the class's notebooks; keep those that are there already."""
    folder = to / _CLASS_FOLDER
    if to.exists() and not folder.is_dir() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"{to} exists already and is not a demo: choose another folder with --to")
    try:
        for student, exercise, data in generate_demo_class(course):
            file = folder / student / f"{exercise}.ipynb"
            if not file.exists():
                replace_file(file, data)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{to} can't be written ({reason}): choose another place with --to") from error
