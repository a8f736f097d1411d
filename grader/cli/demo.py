"""`grader demo`: a sample class, graded by the very path that a real one takes."""

from pathlib import Path
from typing import Final

from grader.cli import terminal
from grader.cli.grade import grade_files
from grader.cli.score_table import exit_code, print_grading_errors, print_score_table
from grader.core.errors import UsageError
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.questions.exercise import Course
from grader.core.report.report import Report
from grader.course.demo_class import generate_demo_class
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import write_atomically
from grader.feedback.file_names import page_name
from grader.feedback.write_pages import WrittenClassPages
from grader.formats.discover import find_submissions
from grader.sandbox.level import Level
from grader.services.grade import GradingOptions
from grader.services.report_pages import write_class_report
from grader.services.reports import load_score_sheets
from grader.store import Store

CLASS_FOLDER: Final = "submissions"
DATABASE: Final = "grader.db"
EXAMPLE_STUDENT: Final = "edsger"


def run_demo(to: Path, workers: int | None, level: Level, least: Level) -> int:
    """Writes a class below `to`, grades it, reports it, and says where to look. A second run goes on from the first."""
    course = load_course(bundled_course_folder())
    _write_class(course, to)
    names = [e.name for e in course.exercises]
    how = GradingOptions(workers, level, least, PUBLIC_SECRET)
    with Store.open(f"sqlite:///{to / DATABASE}") as store:
        reports = grade_files(store, course, find_submissions([to / CLASS_FOLDER], names), how)
        written = write_class_report(store, course, to / "report", progress=terminal.TerminalProgress())
        sheets = load_score_sheets(store, course)
    print_score_table(reports, names, sheets)
    _say_where(reports, written, to)
    print_grading_errors(reports)
    return exit_code(reports)


def _write_class(course: Course, to: Path) -> None:
    """The class's notebooks; what is there already stays. Raises UsageError for a place that isn't the demo's."""
    mine = to / CLASS_FOLDER
    if to.exists() and not mine.is_dir() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"{to} is there already and is no demo: choose another place with --to")
    try:
        for student, exercise, data in generate_demo_class(course):
            file = mine / student / f"{exercise}.ipynb"
            if not file.exists():
                write_atomically(file, data)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{to} can't be written ({reason}): choose another place with --to") from error


def _say_where(reports: list[Report], written: WrittenClassPages, to: Path) -> None:
    levels = ", ".join(sorted({report.sandbox for report in reports if report.sandbox}))
    students = len({report.student for report in reports})
    terminal.print_line(f"\n{len(reports)} submissions of {students} students, run at sandbox level {levels}")
    terminal.print_line(f"class     {written.class_page}")
    terminal.print_line(f"student   {to / 'report' / page_name(EXAMPLE_STUDENT, reports[0].exercise)}")
