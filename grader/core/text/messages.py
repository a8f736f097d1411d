"""Sentences as data: a template with named places and what fills them, put into words of a language when shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_DIGITS: Final = 20
_PLACE: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Phrase:
    """A template with places such as `{name}`, and what fills each: text as it is, or a phrase of its own.

    `plural` is the template for other numbers than one; the number is then in the field `n`.
    """

    template: str
    fields: "tuple[tuple[str, str | Phrase], ...]" = ()
    plural: str = ""

    @property
    def number(self) -> int:
        """What chooses between singular and plural; 1 where nothing is counted."""
        counted = dict(self.fields).get("n", "1")
        known = isinstance(counted, str) and len(counted) < _DIGITS and counted.isdecimal()
        return int(str(counted)) if known else 1

    def __str__(self) -> str:
        """The sentence as it was written."""
        chosen = self.plural if self.plural and self.number != 1 else self.template
        return filled(chosen, {name: str(value) for name, value in self.fields})


Said = str | Phrase
"""What can be put into words: a text that is looked up as it is, or a phrase."""


class Telling(Exception):
    """An exception whose argument is what it says, so that it can be said in any language."""

    @property
    def says(self) -> Said:
        """The sentence, or the part of one."""
        said = self.args[0] if self.args else ""
        return said if isinstance(said, Phrase) else str(said)


def say(template: str, /, **fields: object) -> Phrase:
    """`say("`{name}` is empty.", name="W")`: a sentence that can be translated; fields are shown as `str` has them."""
    return Phrase(template, _fields(fields))


def say_n(one: str, many: str, /, n: int | str, **fields: object) -> Phrase:
    """A sentence that counts: `say_n("{n} line", "{n} lines", n=3)`."""
    return Phrase(one, _fields({"n": n} | fields), many)


def as_phrase(said: Said) -> Phrase:
    """A text as a phrase without places, so that it is looked up wherever it stands in another."""
    return said if isinstance(said, Phrase) else Phrase(said)


def together(phrases: Iterable[Said], between: str = " ") -> Phrase:
    """Several phrases one behind the other."""
    parts = list(phrases)
    names = [f"part_{_letters(i)}" for i in range(len(parts))]
    fields = tuple(zip(names, map(as_phrase, parts), strict=True))
    return Phrase(between.join(f"{{{name}}}" for name in names), fields)


def filled(template: str, fields: dict[str, str]) -> str:
    """The template with its places filled; one that nothing fills stays. A template without fields is plain text."""
    if not fields:
        return template
    return _PLACE.sub(lambda place: fields.get(place[1], place[0]), template)


def places(template: str) -> frozenset[str]:
    """The names of a template's places."""
    return frozenset(_PLACE.findall(template))


def _fields(fields: dict[str, object]) -> tuple[tuple[str, str | Phrase], ...]:
    return tuple((name, value if isinstance(value, Phrase) else str(value)) for name, value in fields.items())


def _letters(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else _letters(number // 26 - 1) + _letters(number % 26)
