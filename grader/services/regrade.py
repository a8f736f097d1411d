"""Regrading: grade again what another version graded, and find the changes of each score, check by check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import Report
from grader.core.results.grading import Grading
from grader.core.results.regrade_changes import (
    ChangedSubmission,
    RegradeSummary,
    ScoreChange,
    diff_gradings,
    replace_question,
)
from grader.services.grading_run import GradeRequest, GradingOptions, GradingRun, IdentifiedResult
from grader.services.ingest import IngestResult
from grader.services.progress import Progress, SilentProgress
from grader.services.reports import report_submissions
from grader.store import GradedSubmission, Store, UnreadableResult


@dataclass(frozen=True)
class RegradeResult:
    """A report of each submission in order, the change of each or None, and a summary of the changes."""

    reports: tuple[Report, ...]
    changes: tuple[ScoreChange | None, ...]
    summary: RegradeSummary


@dataclass
class _Regrade:
    """The regraded submissions and their changes. Only changes are kept, because all is held in memory."""

    results: dict[int, Grading | UnreadableResult] = field(default_factory=dict)
    changes: dict[int, ScoreChange] = field(default_factory=dict)
    graded_count: int = 0


def regrade_submissions(
    store: Store,
    course: Course,
    ingested: Sequence[IngestResult],
    request: GradeRequest,
    options: GradingOptions,
    progress: Progress = SilentProgress(),
) -> RegradeResult:
    """Regrade those submissions that another version graded; append the results unless it is a dry run.

    Raises UsageError for a dry run, or a single question, if nothing has been graded before.
    """
    regrade = _Regrade()
    if request.dry_run or request.question is not None:
        ingested = _select_graded(store, ingested)
    ids = {one.submission for one in ingested if one.submission is not None}
    run = GradingRun(store, course, request, options, progress)
    if request.dry_run:
        run.run_dry(ids, lambda results: regrade.results.update(_compare_results(store, results, request, regrade)))
    else:
        run.run(ids, lambda results: store.append_many(_compare_results(store, results, request, regrade)))
        if regrade.graded_count:
            store.note_regrade(
                f"by course version {course.version}: {regrade.graded_count} graded, {len(regrade.changes)} changed"
            )
    reports = tuple(report_submissions(store, course, ingested, regrade.results))
    changed = tuple(_list_changed(ingested, reports, regrade))
    summary = RegradeSummary(changed, regrade.graded_count, course.version, request.dry_run, request.question)
    return RegradeResult(reports, tuple(regrade.changes.get(one.submission or 0) for one in ingested), summary)


def _select_graded(store: Store, ingested: Sequence[IngestResult]) -> list[IngestResult]:
    ids = {one.submission for one in ingested if one.submission is not None}
    graded = {one.submission.id for one in store.iterate_graded(ids=ids)}
    if not graded:
        raise UsageError("nothing of this has been graded before", "run grader grade first")
    return [one for one in ingested if one.submission in graded]


def _compare_results(
    store: Store, results: list[IdentifiedResult], request: GradeRequest, regrade: _Regrade
) -> list[IdentifiedResult]:
    """Return the results to save: the new ones, or the earlier ones with one question of the new."""
    before = {one.submission.id: one for one in store.iterate_graded(ids=[id for id, _ in results])}
    kept = list(_select_results(results, before, request.question))
    regrade.graded_count += len(kept)
    for id, result in kept:
        if id in before:
            change = diff_gradings(_as_grading(before[id].result), _as_grading(result), before[id].marks)
            if change:
                regrade.changes[id] = change
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


def _list_changed(
    ingested: Sequence[IngestResult], reports: Sequence[Report], regrade: _Regrade
) -> Iterator[ChangedSubmission]:
    """Yield each submission that changed, once, in the given order."""
    listed: set[int] = set()
    for one, report in zip(ingested, reports, strict=True):
        change = regrade.changes.get(one.submission or 0)
        if change is not None and one.submission is not None and one.submission not in listed:
            listed.add(one.submission)
            yield ChangedSubmission(report.student or "", report.exercise, report.submission, report.max_score, change)
