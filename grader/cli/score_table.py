"""What came of submissions, shown: a line of JSON each, or one table; and the exit code that says the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from grader.cli import terminal
from grader.core.questions.exercise import Course
from grader.core.report.report import Report, SubmissionInfo, build_error_report, build_report
from grader.core.results.grading import Grading
from grader.core.results.policy import ScoreSheet, score_attempts
from grader.services.ingest import IngestResult
from grader.store import GradedSubmission, Store, UnreadableResult

REPORTS_PER_BATCH: Final = 200
"""Reports made at once."""

ScoreSheets = Mapping[tuple[str, str], ScoreSheet]
"""How a score comes about, by student and exercise."""


def report_submissions(
    store: Store,
    course: Course,
    lines: Sequence[IngestResult],
    anew: Mapping[int, Grading | UnreadableResult] | None = None,
) -> Iterator[Report]:
    """A report of each line, in order, from the latest grading of its submission, or from one that isn't recorded."""
    for start in range(0, len(lines), REPORTS_PER_BATCH):
        page = lines[start : start + REPORTS_PER_BATCH]
        ids = {line.submission for line in page if line.submission is not None}
        graded = {one.submission.id: one for one in store.iterate_graded(ids=ids)}
        for one in page:
            found = graded.get(one.submission) if one.submission is not None else None
            if found and anew and found.submission.id in anew:
                found = replace(found, result=anew[found.submission.id])
            yield report_grading(course, found) if found else _report_ungraded(course, one)


def report_grading(course: Course, graded: GradedSubmission) -> Report:
    """What was found about a submission, in words, without its code."""
    submission, result = graded.submission, graded.result
    if isinstance(result, UnreadableResult):
        said = build_error_report(submission.student, submission.exercise, result.error, result.max_score)
        return replace(said, submission=submission.number)
    return build_report(
        course.exercise(submission.exercise),
        result,
        SubmissionInfo(submission.student, submission.number, marks=graded.marks),
    )


def _report_ungraded(course: Course, one: IngestResult) -> Report:
    full = next((e.max_score for e in course.exercises if e.name == one.exercise), 0.0)
    return build_error_report(
        one.student, one.exercise, one.error or "it could not be graded: run the command again", full
    )


def load_score_sheets(store: Store, course: Course, student: str | None = None) -> ScoreSheets:
    """How everybody's score in each exercise comes about, or one student's, by (student, exercise)."""
    rules = {e.name: e.policy for e in course.exercises}
    return {
        (one.student, one.exercise): score_attempts(rules[one.exercise], one.attempts, one.extension, course.zone)
        for one in store.attempts(rules, student)
    }


def exit_code(shown: Iterable[Report]) -> int:
    """3 if a file could not be read or our own fault kept it from being graded, else 0."""
    return 3 if any(one.error is not None or one.faulted for one in shown) else 0


def print_score_table(shown: Iterable[Report], exercises: Sequence[str], sheets: ScoreSheets) -> None:
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
    terminal.print_table(table)


def _score(last: Report, sheet: ScoreSheet | None) -> str:
    counted = sheet.counted if sheet else None
    if sheet is None or counted is None:
        return "not readable" if last.error is not None else _format_points(last.score, last.max_score, last.pending)
    attempt = counted.attempt
    if last.error is not None and attempt.number == last.submission:
        return "not readable"
    made = len(sheet.attempts)
    which = [f"attempt {attempt.number} of {made}"] if attempt.number != sheet.attempts[-1].attempt.number else []
    late = [f"{counted.days} {'day' if counted.days == 1 else 'days'} late"] if counted.days else []
    lost = [f"{attempt.score:g} × {100 * counted.late_factor:g} %"] if counted.late_factor < 1 else []
    return _format_points(sheet.score, sheet.max_score, sheet.pending, *which, *late, *lost)


def _format_points(score: float, most: float, pending: float, *notes: str) -> str:
    said = [*notes, *([f"{pending:g} pending"] if pending else [])]
    return f"{score:g} / {most:g}" + (f" ({', '.join(said)})" if said else "")


def print_grading_errors(shown: Iterable[Report]) -> None:
    """A remark for every file that could not be graded."""
    for one in shown:
        if one.error is not None:
            whose = f"{one.student}: " if one.student is not None else ""
            terminal.print_remark(f"not graded: {whose}{one.error}")
        elif one.faulted:
            terminal.print_remark(
                f"pending: {one.student}: {one.exercise}: the grader itself failed; run the command again"
            )
