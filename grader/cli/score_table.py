"""The table of scores, remarks about files that could not be graded, and the exit code."""

from collections.abc import Iterable, Sequence

from grader.cli import terminal
from grader.core.report.report import Report
from grader.core.results.policy import ScoreSheet
from grader.core.text.numbers import format_points, format_share
from grader.core.text.plurals import count_noun
from grader.services.reports import ScoreSheets


def exit_code(reports: Iterable[Report]) -> int:
    """Return 3 if a file could not be read, or not be graded because of a fault of the grader, else 0."""
    return 3 if any(one.error is not None or one.has_grader_error for one in reports) else 0


def print_score_table(reports: Iterable[Report], exercises: Sequence[str], sheets: ScoreSheets) -> None:
    """Print one row per student and one column per exercise: the score under the rules, and its parts."""
    from rich.table import Table
    from rich.text import Text

    scores: dict[str, dict[str, str]] = {}
    for one in reports:
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
    counted = sheet.counted_attempt if sheet else None
    if sheet is None or counted is None:
        return "not readable" if last.error is not None else _format_points(last.score, last.max_score, last.pending)
    attempt = counted.attempt
    if last.error is not None and attempt.number == last.submission:
        return "not readable"
    made = len(sheet.attempts)
    which = [f"attempt {attempt.number} of {made}"] if attempt.number != sheet.attempts[-1].attempt.number else []
    late = [f"{count_noun(counted.days, 'day')} late"] if counted.days else []
    lost = [f"{format_points(attempt.score)} × {format_share(counted.late_factor)}"] if counted.late_factor < 1 else []
    return _format_points(sheet.score, sheet.max_score, sheet.pending, *which, *late, *lost)


def _format_points(score: float, most: float, pending: float, *notes: str) -> str:
    remarks = [*notes, *([f"{format_points(pending)} pending"] if pending else [])]
    return f"{format_points(score)} / {format_points(most)}" + (f" ({', '.join(remarks)})" if remarks else "")


def print_grading_errors(reports: Iterable[Report]) -> None:
    """Print a remark for every file that could not be graded."""
    for one in reports:
        if one.error is not None:
            student = f"{one.student}: " if one.student is not None else ""
            terminal.print_remark(f"not graded: {student}{one.error}")
        elif one.has_grader_error:
            terminal.print_remark(
                f"pending: {one.student}: {one.exercise}: the grader itself failed; run the command again"
            )
