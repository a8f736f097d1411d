"""Questions that ask for the curves of an experiment."""

from dataclasses import dataclass
from typing import ClassVar, Final

from grader.core.compare.curves import Curve, find_curves
from grader.core.questions.kinds.author_rules import describe_opaque
from grader.core.questions.kinds.kind import FormRule, QuestionKind
from grader.core.results.grading import CheckDetails
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import gettext
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Opaque


@dataclass(frozen=True)
class CurvesForm(FormRule):
    """Each variable holds at least one curve."""

    form_name: ClassVar[str] = "curves"

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        values = [result.value for result in results]
        found: list[Curve] = []
        for value, name in zip(values, self.variables, strict=True):
            if isinstance(value, Opaque):
                return RuleResult(0.0, describe_opaque(value, name))
            ours = find_curves(value, name if len(self.variables) > 1 else "")
            if not ours:
                return RuleResult(
                    0.0,
                    gettext("`{name}` contains no curve. A curve is a list of numbers, one per step.", name=name),
                )
            found += ours
        return RuleResult(details=CheckDetails(curves=tuple(found)))


KIND: Final = QuestionKind(
    "experiment", gettext("experiment"), "Curves of an experiment are handed in, and plotted.", (CurvesForm,)
)
