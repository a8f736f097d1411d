"""`grader translate`: write a catalogue for a translator to fill."""

from pathlib import Path

from grader.cli import terminal
from grader.services.translate import CatalogueUpdate, update_course_catalogue, update_program_catalogue


def translate_course(language: str, folder: Path) -> int:
    """Write or update a course's catalogue, and print what is left to translate."""
    return _print_update(update_course_catalogue(language, folder))


def translate_program(language: str) -> int:
    """Write or update the program's own catalogue, and print what is left to translate."""
    return _print_update(update_program_catalogue(language))


def _print_update(update: CatalogueUpdate) -> int:
    terminal.print_line(f"wrote {update.file}: {update.texts} texts, {update.untranslated} of them to be translated")
    return 0
