"""`grader grade --regrade`: anew what another version graded; exactly whose score changed, and by which check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.cli import score_table, terminal
from grader.cli.safe_write import write_new
from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import Report
from grader.core.results.grading import Grading
from grader.core.results.regrade_changes import (
    ChangedSubmission,
    CheckChange,
    CheckOutcome,
    RegradeSummary,
    ScoreChange,
    diff_gradings,
    replace_question,
)
from grader.feedback.pages import PageRenderer
from grader.services.grade import GradingOptions, GradingRun, IdentifiedResult
from grader.services.ingest import GradeRequest, IngestResult
from grader.services.reports import report_submissions
from grader.store import GradedSubmission, Store, UnreadableResult


@dataclass
class _RegradeProgress:
    """What was graded anew, by submission, and the changes among it. Held in memory: what didn't change isn't run."""

    results: dict[int, Grading | UnreadableResult] = field(default_factory=dict)
    changes: dict[int, ScoreChange] = field(default_factory=dict)
    graded: int = 0


def run_regrade(
    store: Store,
    course: Course,
    lines: Sequence[IngestResult],
    wanted: GradeRequest,
    how: GradingOptions,
    *,
    as_json: bool,
) -> int:
    """Grades anew, appends unless it is a rehearsal, and prints; the exit code."""
    anew = _RegradeProgress()
    if wanted.html_file is not None and wanted.html_file.exists():
        raise UsageError(f"{wanted.html_file} is there already: name another file for the page")
    if wanted.dry_run or wanted.question is not None:
        lines = _graded_before(store, lines)
    ids = {line.submission for line in lines if line.submission is not None}
    judging = GradingRun(store, course, wanted, how)
    if wanted.dry_run:
        judging.run_dry(ids, lambda results: anew.results.update(_compare_results(store, results, wanted, anew)))
    else:
        judging.run(ids, lambda results: store.append_many(_compare_results(store, results, wanted, anew)))
        if anew.graded:
            store.note_regrade(f"by course version {course.version}: {anew.graded} graded, {len(anew.changes)} changed")
    reports = list(report_submissions(store, course, lines, anew.results))
    whole = RegradeSummary(
        tuple(_changes(lines, reports, anew)), anew.graded, course.version, wanted.dry_run, wanted.question
    )
    if wanted.html_file is not None:
        write_new({wanted.html_file: PageRenderer(course.title).render_regrade_page(whole).encode()}, force=False)
    if as_json:
        for line, one in zip(lines, reports, strict=True):
            found = anew.changes.get(line.submission or 0)
            terminal.print_json(one.as_json() | {"change": found.as_json() if found else None})
    else:
        _print(whole)
        score_table.print_grading_errors(reports)
    return score_table.exit_code(reports)


def _graded_before(store: Store, lines: Sequence[IngestResult]) -> list[IngestResult]:
    ids = {line.submission for line in lines if line.submission is not None}
    graded = {one.submission.id for one in store.iterate_graded(ids=ids)}
    if not graded:
        raise UsageError("nothing of this has been graded before: run grader grade first")
    return [line for line in lines if line.submission in graded]


def _compare_results(
    store: Store, results: list[IdentifiedResult], wanted: GradeRequest, anew: _RegradeProgress
) -> list[IdentifiedResult]:
    """The results to keep: whole, or the earlier ones with one question of the new."""
    before = {one.submission.id: one for one in store.iterate_graded(ids=[id for id, _ in results])}
    kept = list(_select_results(results, before, wanted.question))
    anew.graded += len(kept)
    for id, result in kept:
        if id in before:
            found = diff_gradings(_as_grading(before[id].result), _as_grading(result), before[id].marks)
            if found:
                anew.changes[id] = found
    return kept


def _select_results(
    results: list[IdentifiedResult], before: dict[int, GradedSubmission], question: str | None
) -> Iterator[IdentifiedResult]:
    for id, result in results:
        if question is None:
            yield id, result
        elif isinstance(result, Grading) and isinstance(earlier := before[id].result, Grading):
            yield id, replace_question(earlier, result, question)


def _as_grading(result: Grading | UnreadableResult) -> Grading | None:
    return result if isinstance(result, Grading) else None


def _changes(
    lines: Sequence[IngestResult], reports: Sequence[Report], anew: _RegradeProgress
) -> Iterator[ChangedSubmission]:
    """Each submission that changed, once, in the order of the lines."""
    shown: set[int] = set()
    for line, one in zip(lines, reports, strict=True):
        found = anew.changes.get(line.submission or 0)
        if found is not None and line.submission is not None and line.submission not in shown:
            shown.add(line.submission)
            yield ChangedSubmission(one.student or "", one.exercise, one.submission, one.max_score, found)


def _print(whole: RegradeSummary) -> None:
    for one in whole.changes:
        _print_change(one)
    if not whole.graded:
        terminal.print_styled("nothing to grade anew: this version has graded everything")
        return
    same = sum(1 for one in whole.changes if round(one.change.difference, 6) == 0)
    changed = f"{len(whole.changes)} of {whole.graded} graded anew changed"
    changed += f", {same} of them by checks that leave the sum as it was" if same else ""
    terminal.print_styled(changed + ("; this was a rehearsal, nothing is recorded" if whole.rehearsal else ""))


def _print_change(one: ChangedSubmission) -> None:
    found = one.change
    sums = f"{found.before:g} → {found.after:g} of {one.max_score:g} points ({found.difference:+g})"
    if found.pending_before != found.pending_after:
        sums += f", pending {found.pending_before:g} → {found.pending_after:g}"
    terminal.print_styled((one.student, "bold"), f"  {one.exercise}, submission {one.submission}: {sums}")
    for check in found.checks:
        terminal.print_styled(f"{check.question} / {check.check}: {_steps(check)}", indent=4)


def _steps(check: CheckChange) -> str:
    return f"{_format_status(check.before)} → {_format_status(check.after)}"


def _format_status(ended: CheckOutcome | None) -> str:
    return "no such check" if ended is None else f"{ended.verdict.replace('_', ' ')} {ended.points:g}"
