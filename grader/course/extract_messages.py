"""Extract the texts to translate as Babel catalogues: the texts and rules of a course, or those of the program.

An existing catalogue keeps its translations: new texts are added empty, changed ones are marked fuzzy, and removed ones
are deleted.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from grader.core.errors import UsageError
from grader.core.questions.checks import AnswerCheck, AnyCheck
from grader.core.questions.exercise import Course
from grader.core.questions.kinds.kind import FormRule
from grader.core.text.language import is_language_code
from grader.core.text.messages import Message
from grader.course.po_files import LOCALE_FOLDER, read_catalogue

if TYPE_CHECKING:
    from babel.messages import Catalog

KEYWORDS: Final = {"gettext": None, "ngettext": (1, 2), "say": None, "_say": None, "say_n": (1, 2)}
"""Functions with translatable literal arguments: our own, and the names that authors and templates use for them."""
_PACKAGE: Final = Path(__file__).parents[1]


def extract_course_texts(course: Course) -> "Catalog":
    """Return the texts of a course that students read: titles, sentences of checks, hints, and arguments of `say`."""
    from babel.messages import Catalog

    found = Catalog(project=course.title, fuzzy=False)
    found.add(course.title, auto_comments=["title of the course"])
    for exercise in course.exercises:
        found.add(exercise.title, auto_comments=[f"title of the exercise {exercise.name}"])
        for question in exercise.questions:
            where = f"{exercise.name}: {question.id}"
            found.add(question.title, auto_comments=[f"{where}: title"])
            for check in question.checks:
                if not isinstance(check.says, Message):
                    found.add(check.says, auto_comments=[f"{where}: check {check.name}"])
                for remark in _remarks(check):
                    found.add(remark, auto_comments=[f"{where}: remark"])
            for mistake in question.mistakes:
                found.add(mistake.hint, auto_comments=[f"{where}: mistake {mistake.name}"])
    for text, comment in _extract_literals(Path(course.folder) / "reference", "*/checks.py", "*/checks/*.py"):
        found.add(text, auto_comments=[comment])
    return found


def _remarks(check: AnyCheck) -> Iterable[str]:
    """Return the author's sentences in the form of an answer."""
    if not isinstance(check, AnswerCheck):
        return ()
    rule = check.make_probe(np.random.default_rng(0)).rule
    return rule.author_texts if isinstance(rule, FormRule) else ()


def extract_program_texts() -> "Catalog":
    """Return the texts for students in the program's code and templates."""
    from babel.messages import Catalog

    found = Catalog(project="grader", fuzzy=False)
    for pattern in ("**/*.py", "*/templates/*.html"):
        for text, comment in _extract_literals(_PACKAGE, pattern):
            found.add(text, auto_comments=[comment])
    return found


def update_catalogue(code: str, file: Path, texts: "Catalog") -> bytes:
    """Return the bytes of a catalogue in a language, keeping the translations that the file has already.

    Raises UsageError for an unknown language, CourseError if the file isn't a catalogue.
    """
    from io import BytesIO

    from babel.core import UnknownLocaleError
    from babel.messages.pofile import read_po, write_po

    if not is_language_code(code):
        raise UsageError(f"{code[:40]!r} is not a language code: write one such as fr")
    if file.is_file():
        read_catalogue(file)
    try:
        old = read_po(BytesIO(file.read_bytes() if file.is_file() else _empty_catalogue(code)), locale=code)
    except (UnknownLocaleError, ValueError) as error:
        raise UsageError(f"the language {code!r} is unknown: write one such as fr") from error
    old.update(texts)
    old.obsolete.clear()
    old.header_comment = f"# {texts.project} in {old.locale.english_name if old.locale else code}"
    output = BytesIO()
    write_po(output, old, width=100, omit_header=False, ignore_obsolete=True, include_lineno=False)
    return b"\n".join(line for line in output.getvalue().split(b"\n") if not line.startswith(_VOLATILE_HEADERS))


def _empty_catalogue(code: str) -> bytes:
    """Return a catalogue without texts, with the usual plural forms of that language in every release of Babel."""
    rule = _TWO_FORMS.get(code, _TWO_FORMS.get(code.partition("_")[0]))
    return f'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural={rule};\\n"\n'.encode() if rule else b""


_TWO_FORMS: Final = {
    "ca": "(n != 1)",
    "es": "(n != 1)",
    "fr": "(n > 1)",
    "it": "(n != 1)",
    "pt": "(n > 1)",
    "pt_PT": "(n != 1)",
}
"""Plural rules of languages for which newer releases of Babel add a third form, for whole millions."""

_VOLATILE_HEADERS: Final = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Generated-By',
    b'"Language-Team',
    b'"Project-Id-Version',
    b'"Last-Translator',
    b'"Report-Msgid',
)
"""Header lines that may differ without a change of translations."""


def _extract_literals(folder: Path, *patterns: str) -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Yield the literal arguments of translating functions in the files, with the name of the file."""
    from babel.messages.extract import extract_from_file

    for file in sorted(file for pattern in patterns for file in folder.glob(pattern)):
        method = "jinja2.ext:babel_extract" if file.suffix == ".html" else "python"
        if LOCALE_FOLDER in file.parts or "bundled" in file.parts:
            continue
        for _, text, _, _ in extract_from_file(method, str(file), keywords=KEYWORDS):
            yield text, str(file.relative_to(folder).as_posix())
