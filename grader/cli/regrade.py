"""The output of `grader grade --regrade`: each score that changed, and the checks that changed it."""

from pathlib import Path

from grader.cli import terminal
from grader.cli.safe_write import write_new
from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.results.regrade_changes import ChangedSubmission, CheckChange, CheckOutcome, RegradeSummary
from grader.core.text.numbers import count_points, format_points
from grader.core.text.plurals import count_noun
from grader.course.po_files import choose_language
from grader.feedback.pages import PageRenderer
from grader.services.regrade import RegradeResult


def check_page_is_new(page: Path | None) -> None:
    """Raise UsageError if the page's file exists already."""
    if page is not None and page.exists():
        raise UsageError(f"{page} exists already: name another file for the page")


def write_regrade_page(summary: RegradeSummary, course: Course, page: Path) -> None:
    """Write the page of changes as a new file, in the language of the course."""
    language = choose_language(course)
    html = PageRenderer(language(course.title), language=language).render_regrade_page(summary)
    write_new({page: html.encode()}, force=False)


def print_changes_json(result: RegradeResult) -> None:
    """Print one JSON object per submission, with its change."""
    for report, change in zip(result.reports, result.changes, strict=True):
        terminal.print_json(report.as_json() | {"change": change.as_json() if change else None})


def print_changes(summary: RegradeSummary) -> None:
    """Print each submission that changed with its checks, then the number of changes."""
    for one in summary.changes:
        _print_change(one)
    if not summary.graded_count:
        terminal.print_styled("nothing to grade again: this version has graded everything")
        return
    same = sum(1 for one in summary.changes if round(one.change.difference, 6) == 0)
    changed = f"{len(summary.changes)} of {count_noun(summary.graded_count, 'submission')} changed"
    changed += f", {same} of them in checks only, with the same score" if same else ""
    terminal.print_styled(changed + ("; dry run, nothing is recorded" if summary.is_dry_run else ""))


def _print_change(one: ChangedSubmission) -> None:
    change = one.change
    steps = f"{format_points(change.before)} → {format_points(change.after)}"
    sums = f"{steps} of {count_points(one.max_score)} ({change.difference:+g})"
    if change.pending_before != change.pending_after:
        sums += f", pending {format_points(change.pending_before)} → {format_points(change.pending_after)}"
    terminal.print_styled((one.student, "bold"), f"  {one.exercise}, submission {one.submission}: {sums}")
    for check in change.checks:
        terminal.print_styled(f"{check.question} / {check.check}: {_format_steps(check)}", indent=4)


def _format_steps(check: CheckChange) -> str:
    return f"{_format_status(check.before)} → {_format_status(check.after)}"


def _format_status(ended: CheckOutcome | None) -> str:
    return "no such check" if ended is None else f"{ended.verdict.replace('_', ' ')} {format_points(ended.points)}"
