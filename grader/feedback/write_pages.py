"""Writes the pages of a class into a folder: whole files or none, and only those that changed."""

import os
import secrets
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.core.errors import UsageError
from grader.core.report.report import Report
from grader.core.stats.class_stats import Enrolled
from grader.core.stats.class_summary import class_report
from grader.core.text.language import ENGLISH, Language
from grader.feedback import class_tables
from grader.feedback.file_names import CLASS_PAGE, page_name
from grader.feedback.markup import Typesetter
from grader.feedback.pages import Pages

HANDS: Final = 3
"""Pages in work at once: while one waits for the typesetter, which is another process, the next is rendered."""


@dataclass(frozen=True)
class Written:
    """The students' pages in the order of the reports, and how many files were the same as before."""

    pages: tuple[Path, ...]
    unchanged: int


@dataclass(frozen=True)
class WholeClass(Written):
    """The same with the class page."""

    class_page: Path


def write(
    reports: Iterable[Report],
    to: Path,
    course_title: str,
    order: Sequence[str] = (),
    date: str = "",
    typesetter: Typesetter | None = None,
    enrolled: Enrolled = Enrolled(),
    language: Language = ENGLISH,
) -> WholeClass:
    """Writes a page a student and exercise, and the class page with its tables, below `to`, which is made where needed.

    Reports are taken one by one and not kept. `order` is the order of the exercises; `date` is shown where given.
    Of several reports of one student's exercise the last is what stays. Raises UsageError where `to` can't be used.
    """
    pages = Pages(language(course_title), date, typesetter, language)
    written: dict[Path, bool] = {}
    summary = class_report(_passing(reports, to, pages, written), order, enrolled)
    for path, table in class_tables.files(summary):
        _replace(to / path, table)
    class_page = to / CLASS_PAGE
    changed = _replace(class_page, pages.class_page(summary))
    return WholeClass(tuple(written), [*written.values(), changed].count(False), class_page)


def write_pages(
    reports: Iterable[Report],
    to: Path,
    course_title: str,
    date: str = "",
    typesetter: Typesetter | None = None,
    language: Language = ENGLISH,
) -> Written:
    """Writes the pages of some students below `to`, and leaves the class page and its tables as they are.

    Raises UsageError where `to` can't be used.
    """
    written: dict[Path, bool] = {}
    for _ in _passing(reports, to, Pages(language(course_title), date, typesetter, language), written):
        pass
    return Written(tuple(written), list(written.values()).count(False))


def _passing(reports: Iterable[Report], to: Path, pages: Pages, written: dict[Path, bool]) -> Iterator[Report]:
    """Each report, once its page is written; `written` gets the page, and whether it changed."""
    if to.exists() and not to.is_dir():
        raise UsageError(f"{to} is a file; pages need a folder: choose another name")
    for report, html in _rendered(reports, pages):
        path = to / page_name(report.student, report.exercise)
        written[path] = _replace(path, html)
        yield report


def _rendered(reports: Iterable[Report], pages: Pages) -> Iterator[tuple[Report, str]]:
    """Each report with its page, in order; a few are rendered ahead."""
    with ThreadPoolExecutor(HANDS) as pool:
        ahead: deque[tuple[Report, Future[str]]] = deque()
        for report in reports:
            ahead.append((report, pool.submit(pages.student, report)))
            if len(ahead) > HANDS:
                first, page = ahead.popleft()
                yield first, page.result()
        for rest, page in ahead:
            yield rest, page.result()


def _replace(path: Path, text: str) -> bool:
    """Makes the file hold this text, in one step; False if it did already."""
    data = text.encode()
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
        try:
            fresh.write_bytes(data)
            os.replace(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{path} can't be written ({reason}): choose another folder, or make room in it") from error
    return True
