"""A language: puts phrases and texts into its words. Read by `course.po_files`; chosen when something is shown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from grader.core.text.messages import Phrase, Said, filled

_CODE: Final = re.compile(r"[a-z]{2,3}(?:_[A-Za-z]{2,4})?")


def is_code(code: str) -> bool:
    """It can name a language: `fr`, `pt_BR`."""
    return _CODE.fullmatch(code) is not None


class Foreign(str):
    """A text that is shown in another language than the rest: `lang` is which."""

    lang: str

    def __new__(cls, text: str, lang: str) -> "Foreign":
        made = super().__new__(cls, text)
        made.lang = lang
        return made


def one(number: int) -> int:
    """The form for a number, as English has it."""
    return int(number != 1)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Translations into one language: for each text its form, or forms where it counts; `form` chooses by number."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Callable[[int], int] = one

    def translated(self, text: str, number: int = 1) -> str | None:
        """The translation, or None.

        A number whose form is not translated takes the last that is, other than the form of 1, which may leave out
        the number.
        """
        forms = self.texts.get(text, ())
        if len(forms) < 2:
            return forms[0] if forms else None
        chosen, singular = self.form(number), self.form(1)
        if chosen < len(forms) and forms[chosen]:
            return forms[chosen]
        others = [words for place, words in enumerate(forms) if words and place != singular]
        return others[-1] if others else None


@dataclass(frozen=True)
class Language:
    """Speaks `code`. What no catalogue has is shown as it was written: phrases in English, texts in `written`."""

    code: str = "en"
    catalogues: tuple[Catalogue, ...] = ()
    written: str = "en"

    def __call__(self, said: Said) -> str:
        """The words; Foreign where a text isn't translated and was written in another language."""
        if isinstance(said, Phrase):
            return self._spoken(said)
        found = self._found(said)
        if found is not None:
            return found
        return said if self.written == self.code or not said else Foreign(said, self.written)

    def _spoken(self, phrase: Phrase) -> str:
        found = self._found(phrase.template, phrase.number)
        if found is None:
            found = phrase.plural if phrase.plural and phrase.number != 1 else phrase.template
        words = {name: self._spoken(value) if isinstance(value, Phrase) else value for name, value in phrase.fields}
        return filled(found, words)

    def _found(self, text: str, number: int = 1) -> str | None:
        hits = (catalogue.translated(text, number) for catalogue in self.catalogues)
        return next((hit for hit in hits if hit is not None), None)


ENGLISH = Language()
