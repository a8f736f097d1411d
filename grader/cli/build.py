"""`grader build`: the notebooks with blanks, written or proven."""

from pathlib import Path

from grader.cli import terminal
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.course.example_submissions import read_example_submissions
from grader.course.loader import load_course
from grader.course.templates import write_templates
from grader.course.verify import find_course_problems
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox


def write_course(folder: Path) -> int:
    """Writes the templates that changed, and names them."""
    course = load_course(folder)
    written = write_templates(course, folder)
    for file in written:
        terminal.print_line(f"wrote {file}")
    if not written:
        terminal.print_line("every template was up to date")
    return 0


def print_course_problems(folder: Path) -> int:
    """Proves the course; prints what is wrong and returns 3, or says what was proven and returns 0."""
    course = load_course(folder)
    with Sandbox(packages=course.packages) as sandbox:
        problems = find_course_problems(course, Judge(course, sandbox, PUBLIC_SECRET).judge)
    for problem in problems:
        terminal.print_line(problem)
    if problems:
        return 3
    questions = [q for e in course.exercises for q in e.questions]
    counts = [
        _count(len(course.exercises), "exercise"),
        _count(len(questions), "question"),
        _count(sum(len(q.mistakes) for q in questions), "known mistake"),
    ]
    if handed_in := sum(1 for exercise in course.exercises for _ in read_example_submissions(exercise)):
        counts.append(_count(handed_in, "sample submission"))
    proven = "the solutions score full marks, the templates none, and each mistake is caught and named"
    terminal.print_line(f"{', '.join(counts)}: {proven}")
    return 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
