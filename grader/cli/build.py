"""`grader build`: the notebooks with blanks, written or proven."""

from pathlib import Path

from grader.cli import terminal
from grader.cli.check import PUBLIC_SECRET
from grader.course.example_submissions import samples
from grader.course.loader import load
from grader.course.templates import write
from grader.course.verify import prove
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox


def write_course(folder: Path) -> int:
    """Writes the templates that changed, and names them."""
    course = load(folder)
    written = write(course, folder)
    for file in written:
        terminal.line(f"wrote {file}")
    if not written:
        terminal.line("every template was up to date")
    return 0


def check(folder: Path) -> int:
    """Proves the course; prints what is wrong and returns 3, or says what was proven and returns 0."""
    course = load(folder)
    with Sandbox(packages=course.packages) as sandbox:
        problems = prove(course, Judge(course, sandbox, PUBLIC_SECRET).judge)
    for problem in problems:
        terminal.line(problem)
    if problems:
        return 3
    questions = [q for e in course.exercises for q in e.questions]
    counts = [
        _count(len(course.exercises), "exercise"),
        _count(len(questions), "question"),
        _count(sum(len(q.mistakes) for q in questions), "known mistake"),
    ]
    if handed_in := sum(1 for exercise in course.exercises for _ in samples(exercise)):
        counts.append(_count(handed_in, "sample submission"))
    proven = "the solutions score full marks, the templates none, and each mistake is caught and named"
    terminal.line(f"{', '.join(counts)}: {proven}")
    return 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
