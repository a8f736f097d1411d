"""`grader build`: write the notebooks with blanks, or verify the course."""

from pathlib import Path

from grader.cli import terminal
from grader.core.text.plurals import count_noun
from grader.course.loader import load_course
from grader.course.templates import write_templates
from grader.services.verify import Verification, verify_course


def write_course(folder: Path) -> int:
    """Write the templates that changed, and name them."""
    written = write_templates(load_course(folder), folder)
    for file in written:
        terminal.print_line(f"wrote {file}")
    if not written:
        terminal.print_line("all templates are up to date")
    return 0


def print_course_problems(folder: Path) -> int:
    """Verify the course; print what is wrong and return 3, or what was verified and return 0.

    Warnings are remarks, and don't change the exit code.
    """
    found = verify_course(load_course(folder))
    for warning in found.warnings:
        terminal.print_remark(f"warning: {warning}")
    for problem in found.problems:
        terminal.print_line(problem)
    if found.problems:
        return 3
    proven = "the solutions score full marks, the templates none, and each mistake is caught and named"
    terminal.print_line(f"{', '.join(_list_counts(found))}: {proven}")
    return 0


def _list_counts(found: Verification) -> list[str]:
    counts = [
        count_noun(found.exercises, "exercise"),
        count_noun(found.questions, "question"),
        count_noun(found.mistakes, "known mistake"),
    ]
    return [*counts, count_noun(found.examples, "sample submission")] if found.examples else counts
