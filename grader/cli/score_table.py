"""What came of submissions, shown: a line of JSON each, or one table; and the exit code that says the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from grader.cli import terminal
from grader.core.questions.exercise import Course
from grader.core.report.report import Handed, Report, report, unreadable
from grader.core.results.grading import Grading
from grader.core.results.policy import ScoreSheet, reckon
from grader.services.ingest import Line
from grader.store import Graded, Store, Unreadable

PAGE: Final = 200
"""Reports made at once."""

Sheets = Mapping[tuple[str, str], ScoreSheet]
"""How a score comes about, by student and exercise."""


def reports(
    store: Store, course: Course, lines: Sequence[Line], anew: Mapping[int, Grading | Unreadable] | None = None
) -> Iterator[Report]:
    """A report of each line, in order, from the latest grading of its submission, or from one that isn't recorded."""
    for start in range(0, len(lines), PAGE):
        page = lines[start : start + PAGE]
        ids = {line.submission for line in page if line.submission is not None}
        graded = {one.submission.id: one for one in store.latest(ids=ids)}
        for one in page:
            found = graded.get(one.submission) if one.submission is not None else None
            if found and anew and found.submission.id in anew:
                found = replace(found, result=anew[found.submission.id])
            yield as_report(course, found) if found else _ungraded(course, one)


def as_report(course: Course, graded: Graded) -> Report:
    """What was found about a submission, in words, without its code."""
    submission, result = graded.submission, graded.result
    if isinstance(result, Unreadable):
        said = unreadable(submission.student, submission.exercise, result.error, result.max_score)
        return replace(said, submission=submission.number)
    return report(
        course.exercise(submission.exercise), result, Handed(submission.student, submission.number, marks=graded.marks)
    )


def _ungraded(course: Course, one: Line) -> Report:
    full = next((e.max_score for e in course.exercises if e.name == one.exercise), 0.0)
    return unreadable(one.student, one.exercise, one.error or "it could not be graded: run the command again", full)


def score_sheets(store: Store, course: Course, student: str | None = None) -> Sheets:
    """How everybody's score in each exercise comes about, or one student's, by (student, exercise)."""
    rules = {e.name: e.policy for e in course.exercises}
    return {
        (one.student, one.exercise): reckon(rules[one.exercise], one.attempts, one.extension, course.zone)
        for one in store.attempts(rules, student)
    }


def exit_code(shown: Iterable[Report]) -> int:
    """3 if a file could not be read or our own fault kept it from being graded, else 0."""
    return 3 if any(one.error is not None or one.faulted for one in shown) else 0


def show_table(shown: Iterable[Report], exercises: Sequence[str], sheets: Sheets) -> None:
    """A row a student, a column an exercise: the score under the rules, with its sum where it isn't the points."""
    from rich.table import Table
    from rich.text import Text

    scores: dict[str, dict[str, str]] = {}
    for one in shown:
        if one.student is not None and one.exercise in exercises:
            scores.setdefault(one.student, {})[one.exercise] = _score(one, sheets.get((one.student, one.exercise)))
    if not scores:
        return
    columns = [name for name in exercises if any(name in row for row in scores.values())]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", overflow="fold")
    for name in columns:
        table.add_column(name, justify="right")
    for student in sorted(scores):
        table.add_row(Text(student), *(scores[student].get(name, "–") for name in columns))
    terminal.table(table)


def _score(last: Report, sheet: ScoreSheet | None) -> str:
    counted = sheet.counted if sheet else None
    if sheet is None or counted is None:
        return "not readable" if last.error is not None else _of(last.score, last.max_score, last.pending)
    attempt = counted.attempt
    if last.error is not None and attempt.number == last.submission:
        return "not readable"
    made = len(sheet.attempts)
    which = [f"attempt {attempt.number} of {made}"] if attempt.number != sheet.attempts[-1].attempt.number else []
    late = [f"{counted.days} {'day' if counted.days == 1 else 'days'} late"] if counted.days else []
    lost = [f"{attempt.score:g} × {100 * counted.kept:g} %"] if counted.kept < 1 else []
    return _of(sheet.score, sheet.max_score, sheet.pending, *which, *late, *lost)


def _of(score: float, most: float, pending: float, *notes: str) -> str:
    said = [*notes, *([f"{pending:g} pending"] if pending else [])]
    return f"{score:g} / {most:g}" + (f" ({', '.join(said)})" if said else "")


def tell_errors(shown: Iterable[Report]) -> None:
    """A remark for every file that could not be graded."""
    for one in shown:
        if one.error is not None:
            whose = f"{one.student}: " if one.student is not None else ""
            terminal.remark(f"not graded: {whose}{one.error}")
        elif one.faulted:
            terminal.remark(f"pending: {one.student}: {one.exercise}: the grader itself failed; run the command again")
