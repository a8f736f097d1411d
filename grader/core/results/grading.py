"""One run of the checks over a submission, as stored data: verdicts and mismatches, no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.compare.curves import Curve
from grader.core.compare.heatmap import Heatmap
from grader.core.compare.networks import Drawing
from grader.core.compare.tensor_table import TensorTable
from grader.core.compare.tensors import Remark
from grader.core.results.reason import Explanation, KnownMistake, Reason, Relation
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun


@dataclass(frozen=True)
class FigureData:
    """Data of a figure as JSON can hold it; `name` is the module of `grader.feedback.figures` that draws it."""

    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class CheckDetails:
    """Values of one call that a visible check may show: inputs, expected output, actual output.

    For an answer that is data, `given` is the answer as it was understood; drawings and curves are shown as figures.
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
    calls: tuple[str, ...] = ()
    """The lines of Python that use a class, with the names of the inputs."""


@dataclass(frozen=True)
class CheckResult:
    """The result of one check: its verdict, the reason, and the explanations that are known, the surest first.

    `output` is the label of the judged output (`grad['W2']`). `pending` are the points that a person must decide.
    """

    name: str
    verdict: Verdict
    points: float
    max_points: float
    hidden: bool
    output: str = ""
    reason: Reason | None = None
    explanations: tuple[Explanation, ...] = ()
    remarks: tuple[Remark, ...] = ()
    details: CheckDetails | None = None
    printed: str = ""
    pending: float = 0.0
    carried: tuple[str, ...] = ()
    """Labels of earlier wrong outputs that were set right to judge and diagnose this one."""

    @property
    def mistake(self) -> str | None:
        """The name of the first known mistake that explains the result."""
        return next((one.name for one in self.explanations if isinstance(one, KnownMistake)), None)

    @property
    def relation(self) -> Relation | None:
        """The relation of the wrong tensor to the expected one, if one is known."""
        return next((one for one in self.explanations if isinstance(one, Relation)), None)


@dataclass(frozen=True)
class QuestionResult:
    """All checks of one question."""

    id: str
    kind: str
    checks: tuple[CheckResult, ...]

    @property
    def score(self) -> float:
        """The points earned."""
        return sum((check.points for check in self.checks), 0.0)

    @property
    def max_score(self) -> float:
        """Points that there are."""
        return sum((check.max_points for check in self.checks), 0.0)

    @property
    def pending(self) -> float:
        """The points that are pending: for a person, or for another run after a `grader_error`."""
        return sum((c.max_points if c.verdict is Verdict.GRADER_ERROR else c.pending for c in self.checks), 0.0)


@dataclass(frozen=True)
class Grading:
    """One run over one submission. `seed` is a fingerprint of the secret, not the secret; `sandbox` is its level."""

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
        """The points earned by the checks."""
        return sum((q.score for q in self.questions), 0.0)

    @property
    def max_score(self) -> float:
        """Points that there are."""
        return sum((q.max_score for q in self.questions), 0.0)

    @property
    def pending(self) -> float:
        """The points that are pending."""
        return sum((q.pending for q in self.questions), 0.0)

    @property
    def has_grader_error(self) -> bool:
        """Whether the grader itself failed, so that the next run grades the submission again."""
        return any(c.verdict is Verdict.GRADER_ERROR for q in self.questions for c in q.checks)
