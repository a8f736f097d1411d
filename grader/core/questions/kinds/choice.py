"""Answers that pick from options: choice and matching. What was picked, in what form, and how much of it is right."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

import numpy as np

from grader.core.compare.tensors import get_type_name
from grader.core.results.grading import CheckDetails
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import Message, TranslatableError, gettext, join_messages, ngettext
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Value

_SEPARATORS: Final = re.compile(r"[,;\n]")
_MAX_ANSWER_CHARS: Final = 2_000  # characters of an answer in one string
_MAX_OPTIONS_PICKED: Final = 100  # options picked
_MAX_UNKNOWN_LISTED: Final = 5  # unknown names that are told
_MAX_SENTENCES: Final = 8  # sentences about one answer


class UnreadableAnswerError(TranslatableError, ValueError):
    """The answer isn't in the form that was asked for; the message says why, as what follows its name."""


@dataclass(frozen=True)
class OptionSelection:
    """The options that were picked, in the order of the question, and the names that are none."""

    options: tuple[str, ...]
    unknown: tuple[str, ...]

    def compute_share(self, right: Collection[str]) -> float:
        """`max(0, 1 - errors / right)`: a wrong one costs as much as a missing one."""
        errors = len(set(self.options) ^ set(right)) + len(self.unknown)
        return max(0.0, 1 - errors / len(right))


def parse_selection(value: Value, options: Mapping[str, str]) -> OptionSelection:
    """The options in a set, list, tuple, dict's values or text, by key or by wording. Raises Unreadable."""
    words = _split_words(value, options)
    by_word = _index_by_wording(options)
    found = {word: by_word.get(_normalize_wording(word)) if word not in options else word for word in words}
    known = {key for key in found.values() if key is not None}
    unknown = tuple(word[:40] for word, key in found.items() if key is None)
    return OptionSelection(tuple(key for key in options if key in known), unknown)


def _index_by_wording(options: Mapping[str, str]) -> Mapping[str, str | None]:
    """Keys and wordings without regard to capitals; None where two options would be meant."""
    return _build_wording_index(tuple(options.items()))


@cache
def _build_wording_index(options: tuple[tuple[str, str], ...]) -> Mapping[str, str | None]:
    found: dict[str, str | None] = {}
    for key, text in options:
        for word in {_normalize_wording(key), _normalize_wording(text)}:
            found[word] = None if word in found else key
    return found


def _normalize_wording(word: str) -> str:
    return " ".join(word.casefold().split())


def _split_words(value: Value, options: Mapping[str, str]) -> list[str]:
    if isinstance(value, str):
        if len(value) > _MAX_ANSWER_CHARS:
            raise UnreadableAnswerError(gettext("is a text of {n} characters; name the options only", n=len(value)))
        known = _index_by_wording(options)
        parts = (part.strip() for part in _SEPARATORS.split(value))
        return [word for part in parts for word in ([part] if _normalize_wording(part) in known else part.split())]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return [str(int(value))]
    if not isinstance(value, list | tuple):
        raise UnreadableAnswerError(gettext("should be a set of names, but is {found}", found=_describe_type(value)))
    if len(value) > _MAX_OPTIONS_PICKED:
        raise UnreadableAnswerError(gettext("has {n} items; name the options only", n=len(value)))
    words: list[str] = []
    for item in value:
        if isinstance(item, list | tuple | dict) or not isinstance(item, str | int | np.integer):
            raise UnreadableAnswerError(
                gettext("should be a set of names, but has {found} in it", found=_describe_type(item))
            )
        words += _split_words(item, options) if not isinstance(item, str) else [item[:_MAX_ANSWER_CHARS]]
    return words


def _describe_type(value: Value) -> Message:
    return gettext("nothing (None)") if value is None else Message(get_type_name(value))


@dataclass(frozen=True)
class ChoiceRule:
    """Which of `options` (key: wording); `right` are the keys to pick."""

    variable: str
    options: Mapping[str, str]
    right: frozenset[str]
    several: bool

    def check_form(self, returned: tuple[ActionResult, ...]) -> RuleResult:
        """The answer can be read; nothing is said of whether it is right."""
        value = returned[0].value
        if _is_empty(value):
            return RuleResult(0.0, self._empty, attempted=False)
        try:
            found = parse_selection(value, self.options)
        except UnreadableAnswerError as error:
            return RuleResult(0.0, join_messages((_describe_error(self.variable, error), self._advice)))
        if found.unknown:
            return RuleResult(0.0, join_messages((_describe_unknown(self.variable, found.unknown), self._advice)))
        if not self.several and len(found.options) > 1:
            many, name = len(found.options), self.variable
            return RuleResult(0.0, gettext("`{name}` names {n} options; one is asked for.", name=name, n=many))
        return RuleResult(shown=CheckDetails(given=", ".join(found.options)))

    def score(self, returned: tuple[ActionResult, ...]) -> RuleResult:
        """The share that is right."""
        value = returned[0].value
        if _is_empty(value):
            return RuleResult(0.0, attempted=False)
        try:
            found = parse_selection(value, self.options)
        except UnreadableAnswerError:
            return RuleResult(0.0)
        if not self.several and len(found.options) + len(found.unknown) != 1:
            return RuleResult(0.0)
        return RuleResult(found.compute_share(self.right))

    @property
    def _empty(self) -> Message:
        if self.several:
            return gettext("`{name}` is empty: name some of the options.", name=self.variable)
        return gettext("`{name}` is empty: name one of the options.", name=self.variable)

    @property
    def _advice(self) -> Message:
        return gettext("The options are {options}.", options=_format_names(self.options))


@dataclass(frozen=True)
class MatchingRule:
    """What belongs to each of `items` (key: wording) among `options`; `right` are the keys of options for each."""

    variable: str
    items: Mapping[str, str]
    options: Mapping[str, str]
    right: Mapping[str, frozenset[str]]

    def check_form(self, returned: tuple[ActionResult, ...]) -> RuleResult:
        """The answer can be read; nothing is said of whether it is right."""
        value = returned[0].value
        if _is_empty(value):
            empty = gettext("`{name}` is empty: give each item its options.", name=self.variable)
            return RuleResult(0.0, empty, attempted=False)
        if not isinstance(value, dict):
            return RuleResult(
                0.0,
                gettext(
                    "`{name}` should be a dict (item: options), but is {found}.",
                    name=self.variable,
                    found=_describe_type(value),
                ),
            )
        answers = self._answers(value)
        said: list[Message] = []
        if strange := [str(key)[:40] for key in value if self._item(key) is None]:
            said += [
                _describe_unknown(self.variable, strange),
                gettext("The items are {items}.", items=_format_names(self.items)),
            ]
        if left_out := [key for key in self.items if key not in answers or _is_empty(answers[key])]:
            said.append(gettext("`{name}` says nothing of {items}.", name=self.variable, items=_format_names(left_out)))
        given = []
        for key in self.items:
            if key in left_out:
                continue
            try:
                found = parse_selection(answers[key], self.options)
            except UnreadableAnswerError as error:
                said.append(_describe_error(f"{self.variable}[{key!r}]", error))
                continue
            given.append(f"{key}: {', '.join(found.options)}")
            if found.unknown:
                name = f"{self.variable}[{key!r}]"
                said += [
                    _describe_unknown(name, found.unknown),
                    gettext("The options are {options}.", options=_format_names(self.options)),
                ]
        shown = CheckDetails(given="; ".join(given))
        return RuleResult(0.0, join_messages(said[:_MAX_SENTENCES]), shown=shown) if said else RuleResult(shown=shown)

    def score(self, returned: tuple[ActionResult, ...]) -> RuleResult:
        """The mean over the items of the share that is right."""
        value = returned[0].value
        if _is_empty(value):
            return RuleResult(0.0, attempted=False)
        if not isinstance(value, dict):
            return RuleResult(0.0)
        answers = self._answers(value)
        shares = [self._share(answers.get(key), self.right[key]) for key in self.items]
        return RuleResult(sum(shares) / len(shares))

    def _share(self, answer: Value, right: frozenset[str]) -> float:
        try:
            return 0.0 if _is_empty(answer) else parse_selection(answer, self.options).compute_share(right)
        except UnreadableAnswerError:
            return 0.0

    def _answers(self, value: Mapping[Value, Value]) -> dict[str, Value]:
        return {item: answer for key, answer in value.items() if (item := self._item(key)) is not None}

    def _item(self, key: Value) -> str | None:
        if isinstance(key, int) and not isinstance(key, bool):
            key = str(key)
        if not isinstance(key, str):
            return None
        return (
            key if key in self.items else _index_by_wording(self.items).get(_normalize_wording(key[:_MAX_ANSWER_CHARS]))
        )


def _is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)


def _describe_error(variable: str, error: UnreadableAnswerError) -> Message:
    return gettext("`{name}` {problem}.", name=variable, problem=error.message)


def _describe_unknown(variable: str, names: Collection[str]) -> Message:
    listed = _format_names(islice(names, _MAX_UNKNOWN_LISTED)) + (", …" if len(names) > _MAX_UNKNOWN_LISTED else "")
    return ngettext(
        "`{name}` names {options}, which is not known here.",
        "`{name}` names {options}, which are not known here.",
        n=len(names),
        name=variable,
        options=listed,
    )


def _format_names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
