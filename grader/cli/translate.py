"""`grader translate`: a catalogue with all that there is to translate, for a translator to fill."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.course import extract_messages, po_files
from grader.course.loader import load
from grader.course.templates import write_whole

if TYPE_CHECKING:
    from babel.messages import Catalog


def course(code: str, folder: Path) -> int:
    """Writes or updates a course's catalogue. Raises UsageError where it is no language, or Babel is missing."""
    _require_babel()
    return _write(code, folder / "reference" / po_files.LOCALE, extract_messages.course_texts(load(folder)))


def program(code: str) -> int:
    """Writes or updates the program's own catalogue. Raises UsageError."""
    _require_babel()
    return _write(code, Path(po_files.__file__).parents[1] / po_files.LOCALE, extract_messages.program_texts())


def _require_babel() -> None:
    if importlib.util.find_spec("babel") is None:
        raise UsageError("this needs Babel: pip install 'grader[translate]'")


def _write(code: str, folder: Path, texts: "Catalog") -> int:
    file = folder / f"{code}.po"
    write_whole(file, extract_messages.updated(code, file, texts))
    whole = sum(all(forms) for forms in po_files.read_catalogue(file).texts.values())
    terminal.line(f"wrote {file}: {len(texts)} texts, {len(texts) - whole} of them to be translated")
    return 0
