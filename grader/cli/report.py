"""`grader report`: the pages of a class, from the records."""

import re
from pathlib import Path

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.core.text.plurals import count_noun
from grader.course.loader import load_course
from grader.course.po_files import choose_language
from grader.feedback.write_pages import WrittenPages
from grader.services.report_pages import write_class_report, write_student_report
from grader.store import Store


def run_report(to: Path, folder: Path, db: str, student: str | None, lang: str | None = None, mode: str = "") -> int:
    """Write the pages and print where they are."""
    permissions = _parse_mode(mode) if mode else None
    course = load_course(folder)
    language = choose_language(course, lang)
    progress = terminal.TerminalProgress()
    with Store.open_existing(db) as store:
        if student is None:
            whole = write_class_report(store, course, to, language, progress, permissions)
            _print_written(whole, f"the class: {whole.class_page}")
        else:
            written = write_student_report(store, course, to, student, language, progress, permissions)
            _print_written(written, f"below {written.pages[0].parent}")
    return 0


def _print_written(written: WrittenPages, where: str) -> None:
    terminal.print_line(f"{count_noun(len(written.pages), 'page')}, {written.unchanged} unchanged; {where}")


def _parse_mode(text: str) -> int:
    """Return the permissions of published pages. Raises UsageError for others than of reading, or of the owner."""
    if not re.fullmatch("0?6[04][04]", text):
        raise UsageError(f"--mode {text[:20]!r}: write 644 for pages that all may read, 640 for the group, or 600")
    return int(text, 8)
