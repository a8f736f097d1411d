"""A whole class at a glance, computed from its reports alone: scores, questions, mistakes, limits, unreadable files."""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.core.report import QuestionReport, Report
from grader.core.verdict import Verdict

BINS: Final = 10
"""Columns of a distribution; the last one holds full marks too."""

LIMITS: Final = (Verdict.TIME_LIMIT, Verdict.MEMORY_LIMIT, Verdict.OUTPUT_LIMIT)


@dataclass(frozen=True)
class Entry:
    """One student's result in one exercise. `error` says why the file could not be read, None where it could."""

    student: str | None
    exercise: str
    score: float
    max_score: float
    pending: float
    error: str | None = None


@dataclass(frozen=True)
class StudentRow:
    """One student: an entry an exercise (None: nothing handed in), and the points of all exercises together."""

    student: str | None
    entries: tuple[Entry | None, ...]
    score: float
    max_score: float
    pending: float


@dataclass(frozen=True)
class QuestionFigures:
    """How one question went. `states` counts the submissions by the state of the question.

    `mean_share` is the mean of score / max_score over the submissions that wait for nothing, None where there are none.
    """

    id: str
    title: str
    kind: str
    max_score: float
    mean_share: float | None
    states: Mapping[str, int]

    @property
    def submissions(self) -> int:
        """How many submissions were asked this question."""
        return sum(self.states.values())

    def share(self, state: str) -> float:
        """The part of the submissions in that state, from 0 to 1."""
        return self.states.get(state, 0) / self.submissions if self.submissions else 0.0


@dataclass(frozen=True)
class ExerciseFigures:
    """How one exercise went. `mean`, `median` and `distribution` (BINS counts) are of the files that could be read."""

    name: str
    title: str
    max_score: float
    graded: int
    mean: float | None
    median: float | None
    distribution: tuple[int, ...]
    questions: tuple[QuestionFigures, ...]


@dataclass(frozen=True)
class MistakeFigures:
    """A known mistake of one question, and who made it."""

    exercise: str
    question: str
    name: str
    hint: str
    students: tuple[str | None, ...]


@dataclass(frozen=True)
class LimitFigures:
    """A limit that was hit in one question, and by whose code."""

    exercise: str
    question: str
    verdict: Verdict
    students: tuple[str | None, ...]


@dataclass(frozen=True)
class ClassReport:
    """All that the class page shows: students by name, exercises in order, mistakes and limits by count."""

    exercises: tuple[ExerciseFigures, ...]
    students: tuple[StudentRow, ...]
    mistakes: tuple[MistakeFigures, ...]
    limits: tuple[LimitFigures, ...]
    unreadable: tuple[Entry, ...]


@dataclass(frozen=True)
class _Question:
    """What is kept of one question of one report."""

    id: str
    title: str
    kind: str
    score: float
    max_score: float
    pending: float
    state: str
    mistakes: Mapping[str, str]
    limits: frozenset[Verdict]


@dataclass(frozen=True)
class _Kept:
    """What is kept of one report, so that a class of thousands fits in memory."""

    entry: Entry
    title: str
    questions: tuple[_Question, ...] = field(default=())


def class_report(reports: Iterable[Report], order: Sequence[str] = ()) -> ClassReport:
    """The figures of a class, in one pass over its reports.

    Of several reports of one student's exercise the last counts. Exercises come in `order`, others behind by name.
    """
    kept = {(report.student, report.exercise): _kept(report) for report in reports}
    everything = sorted(kept.values(), key=lambda k: _by_name(k.entry.student))
    names = {exercise for _, exercise in kept}
    ordered = [name for name in order if name in names] + sorted(names - set(order))
    exercises = tuple(_exercise(name, [k for k in everything if k.entry.exercise == name]) for name in ordered)
    return ClassReport(
        exercises=exercises,
        students=_students(everything, exercises),
        mistakes=_mistakes(everything, ordered),
        limits=_limits(everything, ordered),
        unreadable=tuple(k.entry for k in everything if k.entry.error is not None),
    )


def _by_name(student: str | None) -> tuple[bool, str, str]:
    return (student is None, (student or "").casefold(), student or "")


def _kept(report: Report) -> _Kept:
    scored = report.sheet or report
    entry = Entry(report.student, report.exercise, scored.score, scored.max_score, scored.pending, report.error)
    return _Kept(entry, report.title, tuple(_question(q) for q in report.questions))


def _question(question: QuestionReport) -> _Question:
    return _Question(
        id=question.id,
        title=question.title,
        kind=question.kind,
        score=question.score,
        max_score=question.max_score,
        pending=question.pending,
        state=question.state,
        mistakes={c.mistake: c.hint or "" for c in question.checks if c.mistake},
        limits=frozenset(c.verdict for c in question.checks if c.verdict in LIMITS),
    )


def _exercise(name: str, kept: list[_Kept]) -> ExerciseFigures:
    graded = [k for k in kept if k.entry.error is None]
    scores = [k.entry.score for k in graded]
    return ExerciseFigures(
        name=name,
        title=graded[0].title if graded else kept[0].title,
        max_score=max(k.entry.max_score for k in kept),
        graded=len(graded),
        mean=statistics.fmean(scores) if scores else None,
        median=statistics.median(scores) if scores else None,
        distribution=_distribution([k.entry for k in graded]),
        questions=_questions(sorted(graded, key=lambda k: -len(k.questions))),
    )


def _distribution(entries: list[Entry]) -> tuple[int, ...]:
    bins = Counter(min(int(BINS * e.score / e.max_score), BINS - 1) for e in entries if e.max_score > 0)
    return tuple(bins[i] for i in range(BINS))


def _questions(fullest_first: list[_Kept]) -> tuple[QuestionFigures, ...]:
    by_id: dict[str, list[_Question]] = {}
    for kept in fullest_first:
        for question in kept.questions:
            by_id.setdefault(question.id, []).append(question)
    return tuple(_question_figures(same) for same in by_id.values())


def _question_figures(same: list[_Question]) -> QuestionFigures:
    shares = [q.score / q.max_score for q in same if q.max_score > 0 and not q.pending]
    mean = statistics.fmean(shares) if shares else None
    first = same[0]
    most = max(q.max_score for q in same)
    return QuestionFigures(first.id, first.title, first.kind, most, mean, Counter(q.state for q in same))


def _students(everything: list[_Kept], exercises: tuple[ExerciseFigures, ...]) -> tuple[StudentRow, ...]:
    full = sum(exercise.max_score for exercise in exercises)
    by_student: dict[str | None, dict[str, Entry]] = {}
    for kept in everything:
        by_student.setdefault(kept.entry.student, {})[kept.entry.exercise] = kept.entry
    return tuple(
        StudentRow(
            student=student,
            entries=tuple(entries.get(exercise.name) for exercise in exercises),
            score=sum(e.score for e in entries.values()),
            max_score=full,
            pending=sum(e.pending for e in entries.values()),
        )
        for student, entries in by_student.items()
    )


def _mistakes(everything: list[_Kept], order: list[str]) -> tuple[MistakeFigures, ...]:
    students: dict[tuple[str, str, str], list[str | None]] = {}
    hints: dict[tuple[str, str, str], str] = {}
    for kept in everything:
        for question in kept.questions:
            for name, hint in question.mistakes.items():
                key = (kept.entry.exercise, question.id, name)
                students.setdefault(key, []).append(kept.entry.student)
                hints[key] = hints.get(key) or hint
    figures = [MistakeFigures(*key, hints[key], tuple(who)) for key, who in students.items()]
    return tuple(sorted(figures, key=lambda m: (-len(m.students), order.index(m.exercise), m.question, m.name)))


def _limits(everything: list[_Kept], order: list[str]) -> tuple[LimitFigures, ...]:
    students: dict[tuple[str, str, Verdict], list[str | None]] = {}
    for kept in everything:
        for question in kept.questions:
            for verdict in question.limits:
                students.setdefault((kept.entry.exercise, question.id, verdict), []).append(kept.entry.student)
    figures = [LimitFigures(*key, tuple(who)) for key, who in students.items()]
    return tuple(sorted(figures, key=lambda f: (-len(f.students), order.index(f.exercise), f.question, f.verdict)))
