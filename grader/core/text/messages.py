"""Sentences as data: a template with named places and what fills them, put into words of a language when shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MAX_COUNT_DIGITS: Final = 20
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Message:
    """A template with places such as `{name}`, and what fills each: text as it is, or a phrase of its own.

    `plural` is the template for other numbers than one; the number is then in the field `n`.
    """

    template: str
    fields: "tuple[tuple[str, str | Message], ...]" = ()
    plural: str = ""

    @property
    def number(self) -> int:
        """What chooses between singular and plural; 1 where nothing is counted."""
        counted = dict(self.fields).get("n", "1")
        known = isinstance(counted, str) and len(counted) < _MAX_COUNT_DIGITS and counted.isdecimal()
        return int(str(counted)) if known else 1

    def __str__(self) -> str:
        """The sentence as it was written."""
        chosen = self.plural if self.plural and self.number != 1 else self.template
        return fill_placeholders(chosen, {name: str(value) for name, value in self.fields})


MessageLike = str | Message
"""What can be put into words: a text that is looked up as it is, or a phrase."""


class TranslatableError(Exception):
    """An exception whose argument is what it says, so that it can be said in any language."""

    @property
    def message(self) -> MessageLike:
        """The sentence, or the part of one."""
        said = self.args[0] if self.args else ""
        return said if isinstance(said, Message) else str(said)


def gettext(template: str, /, **fields: object) -> Message:
    """A sentence that can be translated: `gettext("`{name}` is empty.", name="W")`; fields are shown by `str`."""
    return Message(template, _stringify_fields(fields))


def ngettext(one: str, many: str, /, n: int | str, **fields: object) -> Message:
    """A sentence that counts: `ngettext("{n} line", "{n} lines", n=3)`."""
    return Message(one, _stringify_fields({"n": n} | fields), many)


def as_message(said: MessageLike) -> Message:
    """A text as a phrase without places, so that it is looked up wherever it stands in another."""
    return said if isinstance(said, Message) else Message(said)


def join_messages(phrases: Iterable[MessageLike], between: str = " ") -> Message:
    """Several phrases one behind the other."""
    parts = list(phrases)
    names = [f"part_{_encode_letters(i)}" for i in range(len(parts))]
    fields = tuple(zip(names, map(as_message, parts), strict=True))
    return Message(between.join(f"{{{name}}}" for name in names), fields)


def fill_placeholders(template: str, fields: dict[str, str]) -> str:
    """The template with its places filled; one that nothing fills stays. A template without fields is plain text."""
    if not fields:
        return template
    return _PLACEHOLDER.sub(lambda place: fields.get(place[1], place[0]), template)


def find_placeholders(template: str) -> frozenset[str]:
    """The names of a template's places."""
    return frozenset(_PLACEHOLDER.findall(template))


def _stringify_fields(fields: dict[str, object]) -> tuple[tuple[str, str | Message], ...]:
    return tuple((name, value if isinstance(value, Message) else str(value)) for name, value in fields.items())


def _encode_letters(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else _encode_letters(number // 26 - 1) + _encode_letters(number % 26)
