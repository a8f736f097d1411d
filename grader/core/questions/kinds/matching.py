"""Questions that ask for the options that belong to each item."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from grader.core.questions.kinds.kind import FormRule, PlainData, QuestionKind
from grader.core.questions.kinds.options import (
    UnreadableAnswerError,
    describe_answer_error,
    describe_answer_type,
    describe_unknown_options,
    find_option,
    format_names,
    is_empty_answer,
    parse_selection,
)
from grader.core.results.grading import CheckDetails
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import Message, gettext, join_messages
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Value

_MAX_SENTENCES: Final = 8  # sentences about one answer


@dataclass(frozen=True)
class MatchingForm(FormRule):
    """The answer is a dict that gives each of `items` (key: wording) some of `options`."""

    form_name: ClassVar[str] = "matching"
    items: Mapping[str, str]
    options: Mapping[str, str]

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        value = results[0].value
        if is_empty_answer(value):
            empty = gettext("`{name}` is empty: give each item its options.", name=self.variable)
            return RuleResult(0.0, empty, attempted=False)
        if not isinstance(value, dict):
            return RuleResult(
                0.0,
                gettext(
                    "`{name}` should be a dict (item: options), but is {found}.",
                    name=self.variable,
                    found=describe_answer_type(value),
                ),
            )
        answers = self.select_answers(value)
        sentences: list[Message] = []
        if unknown := [str(key)[:40] for key in value if self._item(key) is None]:
            sentences += [
                describe_unknown_options(self.variable, unknown),
                gettext("The items are {items}.", items=format_names(self.items)),
            ]
        if left_out := [key for key in self.items if key not in answers or is_empty_answer(answers[key])]:
            sentences.append(
                gettext("`{name}` has no entry for {items}.", name=self.variable, items=format_names(left_out))
            )
        given = []
        for key in self.items:
            if key in left_out:
                continue
            try:
                found = parse_selection(answers[key], self.options)
            except UnreadableAnswerError as error:
                sentences.append(describe_answer_error(f"{self.variable}[{key!r}]", error))
                continue
            given.append(f"{key}: {', '.join(found.options)}")
            if found.unknown:
                name = f"{self.variable}[{key!r}]"
                sentences += [
                    describe_unknown_options(name, found.unknown),
                    gettext("The options are {options}.", options=format_names(self.options)),
                ]
        shown = CheckDetails(given="; ".join(given))
        return (
            RuleResult(0.0, join_messages(sentences[:_MAX_SENTENCES]), details=shown)
            if sentences
            else RuleResult(details=shown)
        )

    def select_answers(self, value: Mapping[Value, Value]) -> dict[str, Value]:
        """Return the answers by the item's key; those for unknown items are left out."""
        return {item: answer for key, answer in value.items() if (item := self._item(key)) is not None}

    def export_options(self) -> PlainData:
        return {"items": dict(self.items), "options": dict(self.options)}

    @classmethod
    def load(cls, variables: tuple[str, ...], options: PlainData) -> Self:
        return cls(variables, options["items"], options["options"])

    def _item(self, key: Value) -> str | None:
        if isinstance(key, int) and not isinstance(key, bool):
            key = str(key)
        return find_option(key, self.items) if isinstance(key, str) else None


@dataclass(frozen=True)
class MatchingRule:
    """Score a matching: `right` are the keys of the right options for each item."""

    form: MatchingForm
    right: Mapping[str, frozenset[str]]

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        """Return the mean of the items' shares."""
        value = results[0].value
        if is_empty_answer(value):
            return RuleResult(0.0, attempted=False)
        if not isinstance(value, dict):
            return RuleResult(0.0)
        answers = self.form.select_answers(value)
        shares = [self._share(answers.get(key), self.right[key]) for key in self.form.items]
        return RuleResult(sum(shares) / len(shares))

    def _share(self, answer: Value, right: frozenset[str]) -> float:
        try:
            return 0.0 if is_empty_answer(answer) else parse_selection(answer, self.form.options).compute_share(right)
        except UnreadableAnswerError:
            return 0.0


KIND: Final = QuestionKind(
    "matching", gettext("matching"), "Each item is given the options that belong to it.", (MatchingForm,)
)
