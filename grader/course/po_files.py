"""Read translations from `.po` files directly, without compiled copies that could become outdated.

    grader/locale/fr.po             the program's texts
    DIR/reference/locale/fr.po      a course's texts: titles, sentences of checks, hints

Fuzzy and empty entries are ignored; in an entry with plural forms, each empty form by itself. The catalogue's header
says which numbers take which form. `grader translate` writes these files.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from gettext import c2py
from pathlib import Path
from typing import Final

from grader.core.errors import CourseError, UsageError
from grader.core.questions.exercise import Course
from grader.core.text.language import ENGLISH, Catalogue, Language, is_language_code, select_english_plural
from grader.core.text.messages import gettext
from grader.core.text.source_location import SourceLocation
from grader.formats.decode_text import decode_unicode

LOCALE_FOLDER: Final = "locale"
_PROGRAM_LOCALE_FOLDER: Final = Path(__file__).parents[1] / LOCALE_FOLDER
_LINE: Final = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+)?"((?:[^"\\]|\\.)*)"\s*')
_ESCAPE: Final = re.compile(r"\\(.)")
_PLURAL_FORMS: Final = re.compile(r"^plural-forms:(.*)$", re.I | re.M)
_RULE: Final = re.compile(r"\s*(?:nplurals\s*=\s*(\d{1,2})\s*;)?\s*plural\s*=([^;]+);?\s*")
_UNSAFE_DIVISION: Final = re.compile(r"[/%](?!\s*[1-9])")  # a division that might be by 0
_PROBED_NUMBERS: Final = (*range(1001), 10**6, 10**7)


def list_program_languages() -> tuple[str, ...]:
    """Return the codes of the languages into which the program is translated."""
    return tuple(sorted({"en", *(file.stem for file in _PROGRAM_LOCALE_FOLDER.glob("*.po"))}))


def choose_language(course: Course, language_code: str | None = None) -> Language:
    """Return the wanted language, or the course's own; the course's translations take precedence over the program's.

    Raises UsageError if neither has the language.
    """
    code = language_code or course.language
    own = course.translations.get(code)
    available = sorted({*list_program_languages(), course.language, *course.translations})
    if code not in available:
        raise UsageError(
            gettext(
                "the language {code} is not available; choose one of: {names}",
                code=repr(code[:40]),
                names=", ".join(available),
            )
        )
    catalogues = tuple(known for known in (own, _load_program_catalogue(code)) if known is not None)
    return Language(code, catalogues, course.source_language)


def load_program_language(code: str) -> Language:
    """Return the program's own translations into a language, without a course; English if there are none."""
    catalogue = _load_program_catalogue(code)
    return Language(code, (catalogue,)) if catalogue else ENGLISH


def load_translations(folder: Path) -> Mapping[str, Catalogue]:
    """Read a course's catalogues, by language, from a folder of `.po` files. Raises CourseError with file and line."""
    files = sorted(folder.glob("*.po"))
    for file in files:
        if not is_language_code(file.stem):
            raise CourseError(
                f"{SourceLocation(str(file))}: {file.stem!r} is not a language code: use a file name such as fr.po"
            )
    return {file.stem: replace(read_catalogue(file), is_of_course=True) for file in files}


def read_catalogue(file: Path) -> Catalogue:
    """Read the translations in a `.po` file. Raises CourseError with the line that can't be read."""
    try:
        lines = decode_unicode(file.read_bytes()).splitlines()
    except UnicodeDecodeError as error:
        raise CourseError(f"{SourceLocation(str(file))}: this is not UTF-8 text: save it as UTF-8") from error
    texts: dict[str, tuple[str, ...]] = {}
    header = ""
    for fields in _entries(file, lines):
        forms = tuple(text for key, text in sorted(fields.items()) if key.startswith("msgstr"))
        if "msgctxt" in fields or not any(forms):
            continue
        if fields.get("msgid"):
            texts[fields["msgid"]] = forms
        else:
            header = forms[0]
    return Catalogue(texts, _parse_plural_form(file, header))


def _entries(file: Path, lines: Iterable[str]) -> Iterator[Mapping[str, str]]:
    """Yield the text behind each keyword of an entry; fuzzy entries are left out."""
    fields: dict[str, str] = {}
    key, fuzzy = "", False
    for number, line in enumerate([*lines, ""], 1):
        found = _LINE.fullmatch(line)
        starts = found is None or found[1] in ("msgid", "msgctxt")
        if starts and any(name.startswith("msgstr") for name in fields):
            if not fuzzy:
                yield fields
            fields, key, fuzzy = {}, "", False
        if found is None and not line.strip():
            continue
        if found is None and line.startswith("#"):
            fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        key = (found[1] or key) if found else ""
        if not found or not key:
            raise CourseError(f"{SourceLocation(str(file), number)}: this is not a line of a PO file: {line[:60]!r}")
        fields[key] = fields.get(key, "") + _ESCAPE.sub(_unescape, found[2])


def _unescape(escape: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(escape[1], escape[1])


def _parse_plural_form(file: Path, header: str) -> Callable[[int], int]:
    """Return the function from a number to its plural form, by the header's `Plural-Forms`; English if there is none.

    Raises CourseError for text that isn't a plural rule, and for a rule with a form beyond `nplurals`.
    """
    stated = _PLURAL_FORMS.search(header)
    if stated is None or not stated[1].strip():
        return select_english_plural
    found = _RULE.fullmatch(stated[1])
    rule = (found[2] if found else stated[1]).strip()
    invalid = CourseError(f"{SourceLocation(str(file))}: Plural-Forms can't be {rule[:60]!r}")
    if found is None or _UNSAFE_DIVISION.search(rule):
        raise invalid
    try:
        form: Callable[[int], int] = c2py(rule)
    except ValueError as error:
        raise invalid from error
    forms = {form(number) for number in _PROBED_NUMBERS}
    if min(forms) < 0 or (found[1] and max(forms) >= int(found[1])):
        raise CourseError(f"{invalid}: it gives other forms than 0 to nplurals - 1")
    return form


def _load_program_catalogue(code: str) -> Catalogue | None:
    file = _PROGRAM_LOCALE_FOLDER / f"{code}.po"
    return read_catalogue(file) if is_language_code(code) and file.is_file() else None
