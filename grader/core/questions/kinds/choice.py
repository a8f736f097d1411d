"""Questions that ask to pick from options."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from grader.core.questions.kinds.kind import FormRule, PlainData, QuestionKind
from grader.core.questions.kinds.options import (
    UnreadableAnswerError,
    describe_answer_error,
    describe_unknown_options,
    format_names,
    is_empty_answer,
    parse_selection,
)
from grader.core.results.grading import CheckDetails
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import Message, gettext, join_messages
from grader.core.wire.job import ActionResult


@dataclass(frozen=True)
class ChoiceForm(FormRule):
    """The answer names some of `options` (key: wording), or exactly one."""

    form_name: ClassVar[str] = "choice"
    options: Mapping[str, str]
    several: bool

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        value = results[0].value
        if is_empty_answer(value):
            return RuleResult(0.0, self._empty, attempted=False)
        try:
            found = parse_selection(value, self.options)
        except UnreadableAnswerError as error:
            return RuleResult(0.0, join_messages((describe_answer_error(self.variable, error), self._advice)))
        if found.unknown:
            unknown = describe_unknown_options(self.variable, found.unknown)
            return RuleResult(0.0, join_messages((unknown, self._advice)))
        if not self.several and len(found.options) > 1:
            many, name = len(found.options), self.variable
            return RuleResult(0.0, gettext("`{name}` names {n} options; name only one.", name=name, n=many))
        return RuleResult(details=CheckDetails(given=", ".join(found.options)))

    def export_options(self) -> PlainData:
        return {"options": dict(self.options), "several": self.several}

    @classmethod
    def load(cls, variables: tuple[str, ...], options: PlainData) -> Self:
        return cls(variables, options["options"], options["several"])

    @property
    def _empty(self) -> Message:
        if self.several:
            return gettext("`{name}` is empty: name one or more of the options.", name=self.variable)
        return gettext("`{name}` is empty: name one of the options.", name=self.variable)

    @property
    def _advice(self) -> Message:
        return gettext("The options are {options}.", options=format_names(self.options))


@dataclass(frozen=True)
class ChoiceRule:
    """Score a choice: `right` are the keys of the right options."""

    form: ChoiceForm
    right: frozenset[str]

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        """Return the share of the points for an answer."""
        value = results[0].value
        if is_empty_answer(value):
            return RuleResult(0.0, attempted=False)
        try:
            found = parse_selection(value, self.form.options)
        except UnreadableAnswerError:
            return RuleResult(0.0)
        if not self.form.several and len(found.options) + len(found.unknown) != 1:
            return RuleResult(0.0)
        return RuleResult(found.compute_share(self.right))


KIND: Final = QuestionKind("choice", gettext("choice"), "Options are picked from a list.", (ChoiceForm,))
