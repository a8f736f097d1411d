"""Questions and checks of one exercise over a whole class: counted, and analysed as items of a test.

A submission takes a few bytes per check, so that a class of thousands fits in memory. Submissions of one course version
share one ReportLayout; several versions are combined in one table by the names of questions and checks.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from grader.core.report.check_report import CheckReport
from grader.core.report.report import QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import CheckStats, QuestionStats
from grader.core.stats.item_analysis import analyze_items

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

QUESTION_STATES: Final = ("right", "partly", "wrong", "not_attempted", "pending")
_VERDICTS: Final = tuple(Verdict)
_NOT_ASKED: Final = 255
_UNKNOWN: Final = float("nan")


@dataclass(frozen=True)
class CheckHeader:
    """The properties of a check that are the same in all submissions."""

    question: str
    name: str
    says: str
    hidden: bool
    max_points: float


@dataclass(frozen=True)
class QuestionHeader:
    """The properties of a question that are the same in all submissions."""

    id: str
    title: str
    kind: str
    max_score: float


@dataclass(frozen=True)
class ReportLayout:
    """The questions and checks of a report, in order."""

    questions: tuple[QuestionHeader, ...]
    checks: tuple[CheckHeader, ...]


@dataclass(frozen=True, slots=True)
class SubmissionScores:
    """One submission: points (NaN: pending) and states of its questions, points and verdicts of its checks.

    Points take 8 bytes each; states and verdicts take one, their positions in QUESTION_STATES and in Verdict.
    """

    layout: ReportLayout
    scores: bytes
    states: bytes
    points: bytes
    verdicts: bytes


def build_layout(report: Report) -> ReportLayout:
    """Return the layout of a report."""
    return ReportLayout(
        tuple(QuestionHeader(q.id, q.title, q.kind, q.max_score) for q in report.questions),
        tuple(CheckHeader(q.id, c.name, c.says, c.hidden, c.max_points) for q in report.questions for c in q.checks),
    )


def pack_scores(report: Report, layout: ReportLayout) -> SubmissionScores:
    """Return the scores of a report in packed form."""
    checks = [check for question in report.questions for check in question.checks]
    return SubmissionScores(
        layout,
        _pack_floats(map(_score, report.questions)),
        bytes(QUESTION_STATES.index(question.state) for question in report.questions),
        _pack_floats(map(_points, checks)),
        bytes(_VERDICTS.index(check.verdict) for check in checks),
    )


def _pack_floats(numbers: Iterable[float]) -> bytes:
    return np.fromiter(numbers, np.float64).tobytes()


def _score(question: QuestionReport) -> float:
    return _UNKNOWN if question.pending else question.score


def _points(check: CheckReport) -> float:
    return _UNKNOWN if check.pending or check.verdict is Verdict.GRADER_ERROR else check.points


def compute_question_stats(sheets: Sequence[SubmissionScores]) -> tuple[QuestionStats, ...]:
    """Return the questions of an exercise, each with its checks, in the order of the layout with the most questions.

    Questions of other layouts follow.
    """
    layouts = sorted(dict.fromkeys(sheet.layout for sheet in sheets), key=lambda layout: -len(layout.questions))
    heads = _keep_first((q.id, q) for layout in layouts for q in layout.questions)
    if not heads:
        return ()
    grid = _Grid(sheets, layouts, [[q.id for q in layout.questions] for layout in layouts], list(heads))
    scores = grid.fill_table([sheet.scores for sheet in sheets], np.dtype(np.float64), _UNKNOWN)
    states = grid.fill_table([sheet.states for sheet in sheets], np.dtype(np.uint8), _NOT_ASKED)
    most = [max(q.max_score for layout in layouts for q in layout.questions if q.id == id) for id in heads]
    items = analyze_items(scores, np.array(most))
    checks = _compute_check_stats(sheets, layouts)
    return tuple(
        QuestionStats(
            *(head.id, head.title, head.kind, most[k], _count_names(states[:, k], QUESTION_STATES), items[k]),
            checks=tuple(check for check in checks if check.question == head.id),
        )
        for k, head in enumerate(heads.values())
    )


def _compute_check_stats(sheets: Sequence[SubmissionScores], layouts: Sequence[ReportLayout]) -> list[CheckStats]:
    heads = _keep_first(((c.question, c.name), c) for layout in layouts for c in layout.checks)
    keys = [[(c.question, c.name) for c in layout.checks] for layout in layouts]
    grid = _Grid(sheets, layouts, keys, list(heads))
    points = grid.fill_table([sheet.points for sheet in sheets], np.dtype(np.float64), _UNKNOWN)
    verdicts = grid.fill_table([sheet.verdicts for sheet in sheets], np.dtype(np.uint8), _NOT_ASKED)
    items = analyze_items(points, np.array([head.max_points for head in heads.values()]))
    return [
        CheckStats(
            c.question, c.name, c.says, c.hidden, c.max_points, _count_names(verdicts[:, k], _VERDICTS), items[k]
        )
        for k, c in enumerate(heads.values())
    ]


def _keep_first(pairs: Iterable[tuple[K, V]]) -> dict[K, V]:
    found: dict[K, V] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found


@dataclass(frozen=True)
class _Grid:
    """The positions of each layout's cells in a table of all submissions and all `columns`."""

    sheets: Sequence[SubmissionScores]
    layouts: Sequence[ReportLayout]
    keys: Sequence[Sequence[Hashable]]
    columns: Sequence[Hashable]

    def fill_table(self, rows: Sequence[bytes], kind: "np.dtype[Any]", empty: float) -> NDArray[Any]:
        """Return the table of these rows, one per submission; `empty` fills cells that a submission lacks."""
        table = np.full((len(rows), len(self.columns)), empty, kind)
        order = {key: k for k, key in enumerate(self.columns)}
        for layout, keys in zip(self.layouts, self.keys, strict=True):
            at = [i for i, sheet in enumerate(self.sheets) if sheet.layout == layout]
            cells = np.frombuffer(b"".join(rows[i] for i in at), kind).reshape(len(at), len(keys))
            table[np.ix_(at, [order[key] for key in keys])] = cells
        return table


def _count_names(column: NDArray[Any], names: Sequence[K]) -> Counter[K]:
    numbers, counts = np.unique(column, return_counts=True)
    return Counter({names[n]: int(count) for n, count in zip(numbers, counts, strict=True) if n != _NOT_ASKED})
