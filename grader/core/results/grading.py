"""One run of the checks over a submission, as data that is stored: verdicts and mismatches, no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.compare.curves import Curve
from grader.core.compare.heatmap import Heatmap
from grader.core.compare.networks import Drawing
from grader.core.compare.tensor_table import TensorTable
from grader.core.compare.tensors import Remark
from grader.core.results.reason import Explanation, KnownMistake, Reason
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun


@dataclass(frozen=True)
class FigureData:
    """Data of a figure as JSON can hold it; `name` is the module of `grader.feedback.figures` that draws it."""

    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class CheckDetails:
    """What a visible check may show of one call: what went in, what was expected, what came.

    Of an answer that is data: `given`, what it was taken for; drawings and curves are shown as figures.
    """

    inputs: tuple[TensorTable, ...] = ()
    expected: tuple[TensorTable, ...] = ()
    actual: tuple[TensorTable, ...] = ()
    given: str = ""
    expected_drawing: Drawing | None = None
    drawing: Drawing | None = None
    curves: tuple[Curve, ...] = ()
    heats: tuple[Heatmap, ...] = ()
    figure: FigureData | None = None


@dataclass(frozen=True)
class CheckResult:
    """How one check ended, why, and what explains it as far as that is known.

    `output` is the label of what was judged (`grad['W2']`). `pending` are the points that wait for a person.
    """

    name: str
    verdict: Verdict
    points: float
    max_points: float
    hidden: bool
    output: str = ""
    reason: Reason | None = None
    explanation: Explanation | None = None
    remarks: tuple[Remark, ...] = ()
    shown: CheckDetails | None = None
    printed: str = ""
    pending: float = 0.0
    carried: tuple[str, ...] = ()
    """What was set right to judge this, and to diagnose it, on its own: labels of earlier outputs that are wrong."""

    @property
    def mistake(self) -> str | None:
        """The name of the known mistake that explains it."""
        return self.explanation.name if isinstance(self.explanation, KnownMistake) else None


@dataclass(frozen=True)
class QuestionResult:
    """All checks of one question."""

    id: str
    kind: str
    checks: tuple[CheckResult, ...]

    @property
    def score(self) -> float:
        """Points earned."""
        return sum((check.points for check in self.checks), 0.0)

    @property
    def max_score(self) -> float:
        """Points that there are."""
        return sum((check.max_points for check in self.checks), 0.0)

    @property
    def pending(self) -> float:
        """Points that wait: for a person, or for us after a `grader_error`."""
        return sum((c.max_points if c.verdict is Verdict.GRADER_ERROR else c.pending for c in self.checks), 0.0)


@dataclass(frozen=True)
class Grading:
    """One run over one submission. `seed` is a fingerprint of the secret, never the secret; `sandbox` is the level."""

    exercise: str
    course_version: str
    grader_version: str
    seed: str
    sandbox: str
    questions: tuple[QuestionResult, ...]
    cells: tuple[CellRun, ...] = ()
    elapsed_ms: float = 0.0

    @property
    def score(self) -> float:
        """Points earned by the checks."""
        return sum((q.score for q in self.questions), 0.0)

    @property
    def max_score(self) -> float:
        """Points that there are."""
        return sum((q.max_score for q in self.questions), 0.0)

    @property
    def pending(self) -> float:
        """Points that still wait."""
        return sum((q.pending for q in self.questions), 0.0)

    @property
    def faulted(self) -> bool:
        """Something of ours failed, so that the next run takes it up again."""
        return any(c.verdict is Verdict.GRADER_ERROR for q in self.questions for c in q.checks)
