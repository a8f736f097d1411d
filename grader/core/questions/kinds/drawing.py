"""Questions that ask for a network as data."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from grader.core.compare.networks import Drawing, InvalidDrawingError, parse_drawing
from grader.core.questions.kinds.author_rules import RuleReturn, apply_rule, describe_opaque
from grader.core.questions.kinds.kind import FormRule, QuestionKind
from grader.core.results.grading import CheckDetails
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import gettext
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Opaque, Value


@dataclass(frozen=True)
class DrawingForm(FormRule):
    """The answer describes a network, which is shown beside the expected one."""

    form_name: ClassVar[str] = "drawing"
    expected: Drawing | None = None

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        value = results[0].value
        shown = CheckDetails(expected_drawing=self.expected and replace(self.expected, given=None))
        judged = apply_drawing_rule(lambda drawing: None, value, self.variable)
        if judged.passed:
            shown = replace(shown, drawing=replace(parse_drawing(value), given=None))
        return replace(judged, details=shown)


def apply_drawing_rule(function: Callable[[Drawing], RuleReturn], value: Value, name: str) -> RuleResult:
    """Judge the network that a value describes with an author's function."""
    if isinstance(value, Opaque):
        return RuleResult(0.0, describe_opaque(value, name))
    try:
        found = parse_drawing(value)
    except InvalidDrawingError as error:
        return RuleResult(0.0, gettext("`{name}` {problem}.", name=name, problem=error.message))
    return apply_rule(lambda: function(found), (), (name,))


KIND: Final = QuestionKind("drawing", gettext("drawing"), "A network is described as data, and drawn.", (DrawingForm,))
