"""Messages as data: a template with placeholders and their values, translated when it is shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MAX_COUNT_DIGITS: Final = 20
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Message:
    """A template with placeholders such as `{name}`, and the value of each: plain text, or a message.

    `plural` is the template for numbers other than one; the number is in the field `n`.
    """

    template: str
    fields: "tuple[tuple[str, str | Message], ...]" = ()
    plural: str = ""

    @property
    def number(self) -> int:
        """The number that chooses between singular and plural; 1 if nothing is counted."""
        counted = dict(self.fields).get("n", "1")
        known = isinstance(counted, str) and len(counted) < _MAX_COUNT_DIGITS and counted.isdecimal()
        return int(str(counted)) if known else 1

    def __str__(self) -> str:
        """Return the message in its original language."""
        chosen = self.plural if self.plural and self.number != 1 else self.template
        return fill_placeholders(chosen, {name: str(value) for name, value in self.fields})


MessageLike = str | Message
"""A translatable value: a text, which is looked up as it is, or a message."""


class TranslatableError(Exception):
    """An exception whose argument is its message, so that it can be translated."""

    @property
    def message(self) -> MessageLike:
        """The message, which may be part of a sentence."""
        argument = self.args[0] if self.args else ""
        return argument if isinstance(argument, Message) else str(argument)


def gettext(template: str, /, **fields: object) -> Message:
    """Return a translatable message: `gettext("`{name}` is empty.", name="W")`. Fields are converted by `str`."""
    return Message(template, _stringify_fields(fields))


def ngettext(one: str, many: str, /, n: int | str, **fields: object) -> Message:
    """Return a message with a number: `ngettext("{n} line", "{n} lines", n=3)`."""
    return Message(one, _stringify_fields({"n": n} | fields), many)


def as_message(message: MessageLike) -> Message:
    """Return a text as a message without placeholders, so that it is translated inside another message, too."""
    return message if isinstance(message, Message) else Message(message)


def join_messages(messages: Iterable[MessageLike], between: str = " ") -> Message:
    """Join several messages to one."""
    parts = list(messages)
    names = [f"part_{_encode_letters(i)}" for i in range(len(parts))]
    fields = tuple(zip(names, map(as_message, parts), strict=True))
    return Message(between.join(f"{{{name}}}" for name in names), fields)


def fill_placeholders(template: str, fields: dict[str, str]) -> str:
    """Fill a template's placeholders; one without a value stays. A template without fields is plain text."""
    if not fields:
        return template
    return _PLACEHOLDER.sub(lambda place: fields.get(place[1], place[0]), template)


def find_placeholders(template: str) -> frozenset[str]:
    """Return the names of a template's placeholders."""
    return frozenset(_PLACEHOLDER.findall(template))


def _stringify_fields(fields: dict[str, object]) -> tuple[tuple[str, str | Message], ...]:
    return tuple((name, value if isinstance(value, Message) else str(value)) for name, value in fields.items())


def _encode_letters(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else _encode_letters(number // 26 - 1) + _encode_letters(number % 26)
