"""Translate messages and texts into a language. `course.po_files` reads the translations."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from grader.core.text.earlier_wording import update_wording
from grader.core.text.messages import Message, MessageLike, fill_placeholders, find_placeholders
from grader.core.text.numbers import localize_number

_CODE: Final = re.compile(r"`[^`]*`")
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
    is_of_course: bool = False
    """Whether it translates a course. Authors put plain numbers into sentences; the program's are localized already."""

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
    """Translate into `code`. Without a translation, messages are shown in English and texts in `source_language`."""

    code: str = "en"
    catalogues: tuple[Catalogue, ...] = ()
    source_language: str = "en"

    def __call__(self, message: MessageLike) -> str:
        """Return the translation; an UntranslatedStr for an untranslated text in another language."""
        if isinstance(message, Message):
            return self._render(message)
        found = self._look_up(message)
        if found is not None:
            return found
        return (
            message
            if self.source_language == self.code or not message
            else UntranslatedStr(message, self.source_language)
        )

    def _render(self, message: Message) -> str:
        template, plural = update_wording(message.template), update_wording(message.plural)
        catalogue, found = self._find(message.template, message.number)  # a course may translate the earlier wording
        if found is None:
            catalogue, found = self._find(template, message.number)
        is_of_course = self.source_language == self.code if catalogue is None else catalogue.is_of_course
        if found is None:
            found = plural if plural and message.number != 1 else template
        code = find_placeholders("".join(_CODE.findall(found)))
        words = {}
        for name, value in message.fields:
            shown = localize_number(value) if is_of_course and name not in code and isinstance(value, str) else value
            words[name] = self._render(shown) if isinstance(shown, Message) else shown
        return fill_placeholders(found, words)

    def _look_up(self, text: str, number: int = 1) -> str | None:
        return self._find(text, number)[1]

    def _find(self, text: str, number: int) -> tuple[Catalogue | None, str | None]:
        """Return the first translation and its catalogue."""
        for catalogue in self.catalogues:
            hit = catalogue.translate(text, number)
            if hit is not None:
                return catalogue, hit
        return None, None


ENGLISH = Language()
