"""Answers that pick from options: choice and matching. What was picked, in what form, and how much of it is right."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

import numpy as np

from grader.core.compare.tensors import type_name
from grader.core.results.grading import Shown
from grader.core.results.rule_result import Judgement
from grader.core.text.messages import Phrase, Telling, say, say_n, together
from grader.core.wire.job import Returned
from grader.core.wire.values import Value

_BETWEEN: Final = re.compile(r"[,;\n]")
_LONGEST: Final = 2_000  # characters of an answer in one string
_MOST: Final = 100  # options picked
_NAMED: Final = 5  # unknown names that are told
_SAID: Final = 8  # sentences about one answer


class Unreadable(Telling, ValueError):
    """The answer isn't in the form that was asked for; the message says why, as what follows its name."""


@dataclass(frozen=True)
class Picked:
    """The options that were picked, in the order of the question, and the names that are none."""

    options: tuple[str, ...]
    unknown: tuple[str, ...]

    def share(self, right: Collection[str]) -> float:
        """`max(0, 1 - errors / right)`: a wrong one costs as much as a missing one."""
        errors = len(set(self.options) ^ set(right)) + len(self.unknown)
        return max(0.0, 1 - errors / len(right))


def picked(value: Value, options: Mapping[str, str]) -> Picked:
    """The options in a set, list, tuple, dict's values or text, by key or by wording. Raises Unreadable."""
    words = _words(value, options)
    by_word = _by_word(options)
    found = {word: by_word.get(_plain(word)) if word not in options else word for word in words}
    known = {key for key in found.values() if key is not None}
    unknown = tuple(word[:40] for word, key in found.items() if key is None)
    return Picked(tuple(key for key in options if key in known), unknown)


def _by_word(options: Mapping[str, str]) -> Mapping[str, str | None]:
    """Keys and wordings without regard to capitals; None where two options would be meant."""
    return _made_by_word(tuple(options.items()))


@cache
def _made_by_word(options: tuple[tuple[str, str], ...]) -> Mapping[str, str | None]:
    found: dict[str, str | None] = {}
    for key, text in options:
        for word in {_plain(key), _plain(text)}:
            found[word] = None if word in found else key
    return found


def _plain(word: str) -> str:
    return " ".join(word.casefold().split())


def _words(value: Value, options: Mapping[str, str]) -> list[str]:
    if isinstance(value, str):
        if len(value) > _LONGEST:
            raise Unreadable(say("is a text of {n} characters; name the options only", n=len(value)))
        known = _by_word(options)
        parts = (part.strip() for part in _BETWEEN.split(value))
        return [word for part in parts for word in ([part] if _plain(part) in known else part.split())]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return [str(int(value))]
    if not isinstance(value, list | tuple):
        raise Unreadable(say("should be a set of names, but is {found}", found=_type(value)))
    if len(value) > _MOST:
        raise Unreadable(say("has {n} items; name the options only", n=len(value)))
    words: list[str] = []
    for item in value:
        if isinstance(item, list | tuple | dict) or not isinstance(item, str | int | np.integer):
            raise Unreadable(say("should be a set of names, but has {found} in it", found=_type(item)))
        words += _words(item, options) if not isinstance(item, str) else [item[:_LONGEST]]
    return words


def _type(value: Value) -> Phrase:
    return say("nothing (None)") if value is None else Phrase(type_name(value))


@dataclass(frozen=True)
class Choice:
    """Which of `options` (key: wording); `right` are the keys to pick."""

    variable: str
    options: Mapping[str, str]
    right: frozenset[str]
    several: bool

    def form(self, returned: tuple[Returned, ...]) -> Judgement:
        """The answer can be read; nothing is said of whether it is right."""
        value = returned[0].value
        if _is_empty(value):
            return Judgement(0.0, self._empty, attempted=False)
        try:
            found = picked(value, self.options)
        except Unreadable as error:
            return Judgement(0.0, together((_wrong(self.variable, error), self._advice)))
        if found.unknown:
            return Judgement(0.0, together((_unknown(self.variable, found.unknown), self._advice)))
        if not self.several and len(found.options) > 1:
            many, name = len(found.options), self.variable
            return Judgement(0.0, say("`{name}` names {n} options; one is asked for.", name=name, n=many))
        return Judgement(shown=Shown(given=", ".join(found.options)))

    def score(self, returned: tuple[Returned, ...]) -> Judgement:
        """The share that is right."""
        value = returned[0].value
        if _is_empty(value):
            return Judgement(0.0, attempted=False)
        try:
            found = picked(value, self.options)
        except Unreadable:
            return Judgement(0.0)
        if not self.several and len(found.options) + len(found.unknown) != 1:
            return Judgement(0.0)
        return Judgement(found.share(self.right))

    @property
    def _empty(self) -> Phrase:
        if self.several:
            return say("`{name}` is empty: name some of the options.", name=self.variable)
        return say("`{name}` is empty: name one of the options.", name=self.variable)

    @property
    def _advice(self) -> Phrase:
        return say("The options are {options}.", options=_list(self.options))


@dataclass(frozen=True)
class Matching:
    """What belongs to each of `items` (key: wording) among `options`; `right` are the keys of options for each."""

    variable: str
    items: Mapping[str, str]
    options: Mapping[str, str]
    right: Mapping[str, frozenset[str]]

    def form(self, returned: tuple[Returned, ...]) -> Judgement:
        """The answer can be read; nothing is said of whether it is right."""
        value = returned[0].value
        if _is_empty(value):
            empty = say("`{name}` is empty: give each item its options.", name=self.variable)
            return Judgement(0.0, empty, attempted=False)
        if not isinstance(value, dict):
            return Judgement(
                0.0,
                say(
                    "`{name}` should be a dict (item: options), but is {found}.", name=self.variable, found=_type(value)
                ),
            )
        answers = self._answers(value)
        said: list[Phrase] = []
        if strange := [str(key)[:40] for key in value if self._item(key) is None]:
            said += [_unknown(self.variable, strange), say("The items are {items}.", items=_list(self.items))]
        if left_out := [key for key in self.items if key not in answers or _is_empty(answers[key])]:
            said.append(say("`{name}` says nothing of {items}.", name=self.variable, items=_list(left_out)))
        given = []
        for key in self.items:
            if key in left_out:
                continue
            try:
                found = picked(answers[key], self.options)
            except Unreadable as error:
                said.append(_wrong(f"{self.variable}[{key!r}]", error))
                continue
            given.append(f"{key}: {', '.join(found.options)}")
            if found.unknown:
                name = f"{self.variable}[{key!r}]"
                said += [_unknown(name, found.unknown), say("The options are {options}.", options=_list(self.options))]
        shown = Shown(given="; ".join(given))
        return Judgement(0.0, together(said[:_SAID]), shown=shown) if said else Judgement(shown=shown)

    def score(self, returned: tuple[Returned, ...]) -> Judgement:
        """The mean over the items of the share that is right."""
        value = returned[0].value
        if _is_empty(value):
            return Judgement(0.0, attempted=False)
        if not isinstance(value, dict):
            return Judgement(0.0)
        answers = self._answers(value)
        shares = [self._share(answers.get(key), self.right[key]) for key in self.items]
        return Judgement(sum(shares) / len(shares))

    def _share(self, answer: Value, right: frozenset[str]) -> float:
        try:
            return 0.0 if _is_empty(answer) else picked(answer, self.options).share(right)
        except Unreadable:
            return 0.0

    def _answers(self, value: Mapping[Value, Value]) -> dict[str, Value]:
        return {item: answer for key, answer in value.items() if (item := self._item(key)) is not None}

    def _item(self, key: Value) -> str | None:
        if isinstance(key, int) and not isinstance(key, bool):
            key = str(key)
        if not isinstance(key, str):
            return None
        return key if key in self.items else _by_word(self.items).get(_plain(key[:_LONGEST]))


def _is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)


def _wrong(variable: str, error: Unreadable) -> Phrase:
    return say("`{name}` {problem}.", name=variable, problem=error.says)


def _unknown(variable: str, names: Collection[str]) -> Phrase:
    listed = _list(islice(names, _NAMED)) + (", …" if len(names) > _NAMED else "")
    return say_n(
        "`{name}` names {options}, which is not known here.",
        "`{name}` names {options}, which are not known here.",
        n=len(names),
        name=variable,
        options=listed,
    )


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
