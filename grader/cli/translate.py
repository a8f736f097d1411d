"""`grader translate`: a catalogue with all that there is to translate, for a translator to fill."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.course import extract_messages, po_files
from grader.course.loader import load_course
from grader.course.templates import write_atomically

if TYPE_CHECKING:
    from babel.messages import Catalog


def translate_course(code: str, folder: Path) -> int:
    """Writes or updates a course's catalogue. Raises UsageError where it is no language, or Babel is missing."""
    _require_babel()
    return _write(
        code, folder / "reference" / po_files.LOCALE_FOLDER, extract_messages.extract_course_texts(load_course(folder))
    )


def translate_program(code: str) -> int:
    """Writes or updates the program's own catalogue. Raises UsageError."""
    _require_babel()
    return _write(
        code, Path(po_files.__file__).parents[1] / po_files.LOCALE_FOLDER, extract_messages.extract_program_texts()
    )


def _require_babel() -> None:
    if importlib.util.find_spec("babel") is None:
        raise UsageError("this needs Babel: pip install 'grader[translate]'")


def _write(code: str, folder: Path, texts: "Catalog") -> int:
    file = folder / f"{code}.po"
    write_atomically(file, extract_messages.update_catalogue(code, file, texts))
    whole = sum(all(forms) for forms in po_files.read_catalogue(file).texts.values())
    terminal.print_line(f"wrote {file}: {len(texts)} texts, {len(texts) - whole} of them to be translated")
    return 0
