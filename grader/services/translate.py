"""Catalogues of all translatable texts, for a translator to fill in."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.atomic_write import replace_file
from grader.core.errors import UsageError, describe_missing_extra
from grader.course import extract_messages, po_files
from grader.course.loader import load_course

if TYPE_CHECKING:
    from babel.messages import Catalog


@dataclass(frozen=True)
class CatalogueUpdate:
    """A catalogue that was written, its number of texts, and the number still untranslated."""

    file: Path
    texts: int
    untranslated: int


def update_course_catalogue(language: str, folder: Path) -> CatalogueUpdate:
    """Write or update a course's catalogue. Raises UsageError for an unknown language, or if Babel is missing."""
    _require_babel()
    locale = folder / "reference" / po_files.LOCALE_FOLDER
    return _update(language, locale, extract_messages.extract_course_texts(load_course(folder)))


def update_program_catalogue(language: str) -> CatalogueUpdate:
    """Write or update the program's own catalogue. Raises UsageError as for a course."""
    _require_babel()
    locale = Path(po_files.__file__).parents[1] / po_files.LOCALE_FOLDER
    return _update(language, locale, extract_messages.extract_program_texts())


def _require_babel() -> None:
    if importlib.util.find_spec("babel") is None:
        raise UsageError(describe_missing_extra("this command", "Babel", "translate"))


def _update(language: str, folder: Path, texts: "Catalog") -> CatalogueUpdate:
    file = folder / f"{language}.po"
    replace_file(file, extract_messages.update_catalogue(language, file, texts))
    translated = sum(all(forms) for forms in po_files.read_catalogue(file).texts.values())
    return CatalogueUpdate(file, len(texts), len(texts) - translated)
