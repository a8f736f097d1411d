"""`grader demo`: a sample class, graded by the same code as a real one."""

from pathlib import Path

from grader.cli import terminal
from grader.cli.score_table import exit_code, print_grading_errors, print_score_table
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.course.loader import bundled_course_folder, load_course
from grader.sandbox.level import Level
from grader.services.demo import DemoResult, grade_demo_class
from grader.services.grading_run import GradingOptions


def run_demo(to: Path, workers: int | None, level: Level, min_level: Level) -> int:
    """Write a class below `to`, grade it, report on it, and print where the pages are. A second run continues."""
    course = load_course(bundled_course_folder())
    options = GradingOptions(workers, level, min_level, PUBLIC_SECRET)
    result = grade_demo_class(course, to, options, terminal.TerminalProgress())
    print_score_table(result.reports, [e.name for e in course.exercises], result.sheets)
    _print_places(result)
    print_grading_errors(result.reports)
    return exit_code(result.reports)


def _print_places(result: DemoResult) -> None:
    reports = result.reports
    levels = ", ".join(sorted({report.sandbox for report in reports if report.sandbox}))
    students = len({report.student for report in reports})
    terminal.print_line(f"\n{len(reports)} submissions of {students} students, run at sandbox level {levels}")
    terminal.print_line(f"class     {result.class_page}")
    terminal.print_line(f"student   {result.student_page}")
