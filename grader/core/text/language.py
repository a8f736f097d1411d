"""Translate messages and texts into a language. `course.po_files` reads the translations."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from grader.core.text.earlier_wording import update_wording
from grader.core.text.messages import Message, MessageLike, fill_placeholders

_LANGUAGE_CODE: Final = re.compile(r"[a-z]{2,3}(?:_[A-Za-z]{2,4})?")


def is_language_code(code: str) -> bool:
    """Tell whether a code can name a language: `fr`, `pt_BR`."""
    return _LANGUAGE_CODE.fullmatch(code) is not None


class UntranslatedStr(str):
    """A text that is shown in another language than the rest; `lang` is its language."""

    lang: str

    def __new__(cls, text: str, lang: str) -> "UntranslatedStr":
        instance = super().__new__(cls, text)
        instance.lang = lang
        return instance


def select_english_plural(number: int) -> int:
    """Return the index of the plural form for a number in English."""
    return int(number != 1)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Translations into one language: one form per text, or several, from which `select_plural` chooses by number."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    select_plural: Callable[[int], int] = select_english_plural

    def translate(self, text: str, number: int = 1) -> str | None:
        """Return the translation, or None.

        If the form for the number is not translated, the last translated form is taken, except the singular, which may
        omit the
        number.
        """
        forms = self.texts.get(text, ())
        if len(forms) < 2:
            return forms[0] if forms else None
        chosen, singular = self.select_plural(number), self.select_plural(1)
        if chosen < len(forms) and forms[chosen]:
            return forms[chosen]
        others = [words for place, words in enumerate(forms) if words and place != singular]
        return others[-1] if others else None


@dataclass(frozen=True)
class Language:
    """Translate into `code`. Without a translation, messages are shown in English and texts in `written`."""

    code: str = "en"
    catalogues: tuple[Catalogue, ...] = ()
    written: str = "en"

    def __call__(self, message: MessageLike) -> str:
        """Return the translation; an UntranslatedStr for an untranslated text in another language."""
        if isinstance(message, Message):
            return self._render(message)
        found = self._look_up(message)
        if found is not None:
            return found
        return message if self.written == self.code or not message else UntranslatedStr(message, self.written)

    def _render(self, message: Message) -> str:
        template, plural = update_wording(message.template), update_wording(message.plural)
        found = self._look_up(template, message.number)
        if found is None:
            found = plural if plural and message.number != 1 else template
        words = {name: self._render(value) if isinstance(value, Message) else value for name, value in message.fields}
        return fill_placeholders(found, words)

    def _look_up(self, text: str, number: int = 1) -> str | None:
        hits = (catalogue.translate(text, number) for catalogue in self.catalogues)
        return next((hit for hit in hits if hit is not None), None)


ENGLISH = Language()
