"""Options named in an answer: parse them, describe errors of the form, and score them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

import numpy as np

from grader.core.compare.tensors import get_value_type
from grader.core.text.messages import Message, TranslatableError, gettext, ngettext
from grader.core.wire.values import Value

_SEPARATORS: Final = re.compile(r"[,;\n]")
_MAX_ANSWER_CHARS: Final = 2_000  # characters of an answer in one text
_MAX_OPTIONS_PICKED: Final = 100
_MAX_UNKNOWN_LISTED: Final = 5


class UnreadableAnswerError(TranslatableError, ValueError):
    """The answer hasn't the requested form; the message gives the reason, as a continuation of the variable's name."""


@dataclass(frozen=True)
class OptionSelection:
    """The picked options, in the order of the question, and the names that aren't options."""

    options: tuple[str, ...]
    unknown: tuple[str, ...]

    def compute_share(self, right: Collection[str]) -> float:
        """Return `max(0, 1 - errors / right)`: a wrong option costs as much as a missing one."""
        errors = len(set(self.options) ^ set(right)) + len(self.unknown)
        return max(0.0, 1 - errors / len(right))


def parse_selection(value: Value, options: Mapping[str, str]) -> OptionSelection:
    """Return the options in a set, list, tuple, dict's values or text, by key or by wording.

    Raises UnreadableAnswerError.
    """
    words = _split_words(value, options)
    by_word = _index_by_wording(options)
    found = {word: by_word.get(_normalize_wording(word)) if word not in options else word for word in words}
    known = {key for key in found.values() if key is not None}
    unknown = tuple(word[:40] for word, key in found.items() if key is None)
    return OptionSelection(tuple(key for key in options if key in known), unknown)


def find_option(text: str, options: Mapping[str, str]) -> str | None:
    """Return the key of the only option with that key or wording; None for none or several."""
    return text if text in options else _index_by_wording(options).get(_normalize_wording(text[:_MAX_ANSWER_CHARS]))


def _index_by_wording(options: Mapping[str, str]) -> Mapping[str, str | None]:
    """Return the option of each key and wording, ignoring case; None for an ambiguous one."""
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
            raise UnreadableAnswerError(
                gettext("is a text of {n} characters; give only the names of options", n=len(value))
            )
        known = _index_by_wording(options)
        parts = (part.strip() for part in _SEPARATORS.split(value))
        return [word for part in parts for word in ([part] if _normalize_wording(part) in known else part.split())]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return [str(int(value))]
    if not isinstance(value, list | tuple):
        raise UnreadableAnswerError(
            gettext("should be a set of names, but is {found}", found=describe_answer_type(value))
        )
    if len(value) > _MAX_OPTIONS_PICKED:
        raise UnreadableAnswerError(gettext("has {n} items; give only the names of options", n=len(value)))
    words: list[str] = []
    for item in value:
        if isinstance(item, list | tuple | dict) or not isinstance(item, str | int | np.integer):
            raise UnreadableAnswerError(
                gettext("should be a set of names, but contains {found}", found=describe_answer_type(item))
            )
        words += _split_words(item, options) if not isinstance(item, str) else [item[:_MAX_ANSWER_CHARS]]
    return words


def describe_answer_type(value: Value) -> Message:
    """Return the type of a value in words."""
    return Message(get_value_type(value))


def is_empty_answer(value: Value) -> bool:
    """Tell whether an answer is empty."""
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)


def describe_answer_error(variable: str, error: UnreadableAnswerError) -> Message:
    """Return the sentence about an answer that can't be read."""
    return gettext("`{name}` {problem}.", name=variable, problem=error.message)


def describe_unknown_options(variable: str, names: Collection[str]) -> Message:
    """Return the sentence about names that aren't options."""
    listed = format_names(islice(names, _MAX_UNKNOWN_LISTED)) + (", …" if len(names) > _MAX_UNKNOWN_LISTED else "")
    return ngettext(
        "`{name}` names {options}, which is unknown.",
        "`{name}` names {options}, which are unknown.",
        n=len(names),
        name=variable,
        options=listed,
    )


def format_names(names: Iterable[str]) -> str:
    """Format names as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)
