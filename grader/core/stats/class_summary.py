"""Summarise a class from its reports in one pass: each report is counted and not kept."""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.report.mistake_offer import MendingEdit
from grader.core.report.report import Report
from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import (
    BlockedAccess,
    ClassSummary,
    EditStats,
    Enrollment,
    ExerciseStats,
    LimitStats,
    MistakeStats,
    PendingStats,
    ReportLocation,
    ScoreEntry,
    StudentSummary,
)
from grader.core.stats.question_stats import (
    ReportLayout,
    SubmissionScores,
    build_layout,
    compute_question_stats,
    pack_scores,
)

DISTRIBUTION_BINS: Final = 10
"""Number of bins of a distribution; the last one includes full marks."""

LIMIT_VERDICTS: Final = (Verdict.TIME_LIMIT, Verdict.MEMORY_LIMIT, Verdict.OUTPUT_LIMIT)


@dataclass(frozen=True, slots=True)
class _ReportDigest:
    """The data kept of one report. `mistakes`, `limits` and `pending` name the question by its number, from 1."""

    entry: ScoreEntry
    title: str
    sheet: SubmissionScores
    mistakes: tuple[tuple[int, str], ...]
    edits: tuple[tuple[int, MendingEdit], ...]
    limits: tuple[tuple[int, Verdict], ...]
    pending: tuple[tuple[int, bool, float], ...]
    refusals: tuple[str, ...]
    refused_at: int


def summarize_class(
    reports: Iterable[Report], order: Sequence[str] = (), enrollment: Enrollment = Enrollment()
) -> ClassSummary:
    """Compute the statistics of a class. If one student's exercise has several reports, the last one counts.

    Exercises are sorted as in `order`, others after them by name. Every enrolled student has a row, and is missing in
    an
    exercise without a submission.
    """
    layouts: dict[ReportLayout, ReportLayout] = {}
    hints: dict[tuple[str, str, str], str] = {}
    digests = {(report.student, report.exercise): _digest_report(report, layouts, hints) for report in reports}
    everything = sorted(digests.values(), key=lambda k: _name_sort_key(k.entry.student))
    names = {exercise for _, exercise in digests}
    ordered = [name for name in order if name in names] + sorted(names - set(order))
    handed = digests.keys() | enrollment.ungraded
    exercises = tuple(
        _exercise(
            name,
            [k for k in everything if k.entry.exercise == name],
            tuple(s for s in sorted(enrollment.students, key=_name_sort_key) if (s, name) not in handed),
        )
        for name in ordered
    )
    return ClassSummary(
        exercises=exercises,
        students=_students(everything, exercises, enrollment),
        mistakes=_mistakes(everything, ordered, hints),
        edits=_edits(everything, ordered),
        limits=_limits(everything, ordered),
        refusals=_refusals(everything, ordered),
        pending=_pending(everything, ordered),
        unreadable=tuple(k.entry for k in everything if k.entry.error is not None),
        late=tuple(k.entry for k in everything if k.entry.late),
        ungraded=enrollment.ungraded,
    )


def _name_sort_key(student: str | None) -> tuple[bool, str, str]:
    return (student is None, (student or "").casefold(), student or "")


def _digest_report(
    report: Report, layouts: dict[ReportLayout, ReportLayout], hints: dict[tuple[str, str, str], str]
) -> _ReportDigest:
    """Return the digest of a report; equal layouts and hints are stored once and shared."""
    layout = build_layout(report)
    layout = layouts.setdefault(layout, layout)
    numbered = [(number, q, check) for number, q in enumerate(report.questions, 1) for check in q.checks]
    for _, question, check in numbered:
        if check.mistake:
            key = (report.exercise, question.id, check.mistake)
            hints[key] = hints.get(key) or check.hint or ""
    refused = [number for number, _, check in numbered if check.blocked_access]
    return _ReportDigest(
        entry=_entry(report),
        title=report.title,
        sheet=pack_scores(report, layout),
        mistakes=tuple(dict.fromkeys((number, c.mistake) for number, _, c in numbered if c.mistake)),
        edits=tuple((n, e) for n, q in enumerate(report.questions, 1) for e in report.edits if e.question == q.id),
        limits=tuple(dict.fromkeys((number, c.verdict) for number, _, c in numbered if c.verdict in LIMIT_VERDICTS)),
        pending=tuple(
            (number, any(c.verdict is Verdict.GRADER_ERROR for c in q.checks), q.pending)
            for number, q in enumerate(report.questions, 1)
            if q.pending
        ),
        refusals=report.refusals,
        refused_at=min(refused, default=0),
    )


def _entry(report: Report) -> ScoreEntry:
    sheet = report.score_sheet
    if sheet is None or (sheet.counted_attempt is None and not sheet.attempts):
        return ScoreEntry(
            *(report.student, report.exercise, report.score, report.max_score, report.pending, report.error),
            points=report.score,
            counted_number=report.submission,
        )
    counted = sheet.counted_attempt
    return ScoreEntry(
        *(report.student, report.exercise, sheet.score, sheet.max_score or report.max_score, sheet.pending),
        error=report.error,
        points=counted.attempt.score if counted else 0.0,
        late_factor=counted.late_factor if counted else 0.0,
        late=(counted or sheet.attempts[-1]).late,
        counted_number=counted.attempt.number if counted else None,
        attempts=len(sheet.attempts),
    )


def _exercise(name: str, digests: list[_ReportDigest], missing: tuple[str, ...]) -> ExerciseStats:
    graded = [k for k in digests if k.entry.error is None]
    scores = [k.entry.score for k in graded]
    return ExerciseStats(
        name=name,
        title=graded[0].title if graded else digests[0].title,
        max_score=max(k.entry.max_score for k in digests),
        graded_count=len(graded),
        mean=statistics.fmean(scores) if scores else None,
        median=statistics.median(scores) if scores else None,
        distribution=_distribution([k.entry for k in graded]),
        questions=compute_question_stats([k.sheet for k in graded]),
        missing=missing,
    )


def _distribution(entries: list[ScoreEntry]) -> tuple[int, ...]:
    bins = Counter(
        min(int(DISTRIBUTION_BINS * e.score / e.max_score), DISTRIBUTION_BINS - 1) for e in entries if e.max_score > 0
    )
    return tuple(bins[i] for i in range(DISTRIBUTION_BINS))


def _students(
    everything: list[_ReportDigest], exercises: tuple[ExerciseStats, ...], enrolled: Enrollment
) -> tuple[StudentSummary, ...]:
    full = sum(exercise.max_score for exercise in exercises)
    by_student: dict[str | None, dict[str, ScoreEntry]] = {student: {} for student in enrolled.students}
    for digest in everything:
        by_student.setdefault(digest.entry.student, {})[digest.entry.exercise] = digest.entry
    return tuple(
        StudentSummary(
            student=student,
            entries=tuple(entries.get(exercise.name) for exercise in exercises),
            score=sum(e.score for e in entries.values()),
            max_score=full,
            pending=sum(e.pending for e in entries.values()),
        )
        for student, entries in sorted(by_student.items(), key=lambda item: _name_sort_key(item[0]))
    )


def _mistakes(
    everything: list[_ReportDigest], order: list[str], hints: Mapping[tuple[str, str, str], str]
) -> tuple[MistakeStats, ...]:
    found: dict[tuple[str, str, str], list[ReportLocation]] = {}
    for digest in everything:
        for number, name in digest.mistakes:
            key = (digest.entry.exercise, _question(digest, number), name)
            found.setdefault(key, []).append(ReportLocation(digest.entry.student, number))
    figures = [MistakeStats(*key, hints[key], tuple(places)) for key, places in found.items()]
    return tuple(sorted(figures, key=lambda m: (-len(m.places), order.index(m.exercise), m.question, m.name)))


def _edits(everything: list[_ReportDigest], order: list[str]) -> tuple[EditStats, ...]:
    """Count equal edits; one that a single student needs is not listed."""
    found: dict[tuple[str, MendingEdit], list[ReportLocation]] = {}
    for digest in everything:
        for number, edit in digest.edits:
            found.setdefault((digest.entry.exercise, edit), []).append(ReportLocation(digest.entry.student, number))
    figures = [
        EditStats(exercise, edit.question, edit.before, edit.after, edit.offer, tuple(places))
        for (exercise, edit), places in found.items()
        if len(places) > 1
    ]
    return tuple(
        sorted(figures, key=lambda e: (-len(e.places), order.index(e.exercise), e.question, e.before, e.after))
    )


def _limits(everything: list[_ReportDigest], order: list[str]) -> tuple[LimitStats, ...]:
    found: dict[tuple[str, str, Verdict], list[ReportLocation]] = {}
    for digest in everything:
        for number, verdict in digest.limits:
            key = (digest.entry.exercise, _question(digest, number), verdict)
            found.setdefault(key, []).append(ReportLocation(digest.entry.student, number))
    figures = [LimitStats(*key, tuple(places)) for key, places in found.items()]
    return tuple(sorted(figures, key=lambda f: (-len(f.places), order.index(f.exercise), f.question, f.verdict)))


def _pending(everything: list[_ReportDigest], order: list[str]) -> tuple[PendingStats, ...]:
    found: dict[tuple[str, str, bool], list[tuple[ReportLocation, float]]] = {}
    for digest in everything:
        for number, ours, points in digest.pending:
            key = (digest.entry.exercise, _question(digest, number), ours)
            found.setdefault(key, []).append((ReportLocation(digest.entry.student, number), points))
    figures = [
        PendingStats(*key, sum(points for _, points in those), tuple(place for place, _ in those))
        for key, those in found.items()
    ]
    return tuple(
        sorted(figures, key=lambda p: (p.is_grader_error, order.index(p.exercise), -len(p.places), p.question))
    )


def _refusals(everything: list[_ReportDigest], order: list[str]) -> tuple[BlockedAccess, ...]:
    def found() -> Iterator[BlockedAccess]:
        for digest in everything:
            if digest.refusals or digest.refused_at:
                place = ReportLocation(digest.entry.student, 0 if digest.refusals else digest.refused_at)
                yield BlockedAccess(digest.entry.exercise, place, digest.refusals)

    return tuple(sorted(found(), key=lambda refusal: order.index(refusal.exercise)))


def _question(digest: _ReportDigest, number: int) -> str:
    return digest.sheet.layout.questions[number - 1].id
