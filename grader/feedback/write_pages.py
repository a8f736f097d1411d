"""Write the pages of a class into a folder: each file completely or not at all, and only if it changed."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.atomic_write import replace_if_changed
from grader.core.errors import UsageError
from grader.core.report.report import Report
from grader.core.stats.class_stats import Enrollment
from grader.core.stats.class_summary import summarize_class
from grader.core.text.language import ENGLISH, Language
from grader.feedback import class_tables
from grader.feedback.file_names import CLASS_PAGE, page_name
from grader.feedback.markup import Typesetter
from grader.feedback.pages import PageRenderer

RENDER_THREADS: Final = 3
"""Number of pages rendered at once: while one waits for the typesetter's process, the next is rendered."""


@dataclass(frozen=True)
class WrittenPages:
    """The students' pages in the order of the reports, and the number of files that did not change."""

    pages: tuple[Path, ...]
    unchanged: int


@dataclass(frozen=True)
class WrittenClassPages(WrittenPages):
    """The students' pages and the class page."""

    class_page: Path


def write_all_pages(
    reports: Iterable[Report],
    to: Path,
    course_title: str,
    order: Sequence[str] = (),
    date: str = "",
    typesetter: Typesetter | None = None,
    enrollment: Enrollment = Enrollment(),
    language: Language = ENGLISH,
) -> WrittenClassPages:
    """Write one page per student and exercise, and the class page with its tables, below `to`, created if needed.

    Reports are taken one by one and not kept. `order` is the order of the exercises; `date` is shown if given. If one
    student's exercise has several reports, the last one stays. Raises UsageError if `to` can't be used.
    """
    pages = PageRenderer(language(course_title), date, typesetter, language)
    written: dict[Path, bool] = {}
    summary = summarize_class(_write_each(reports, to, pages, written), order, enrollment)
    for path, table in class_tables.render_class_tables(summary):
        _write_page(to / path, table)
    class_page = to / CLASS_PAGE
    changed = _write_page(class_page, pages.render_class_page(summary))
    return WrittenClassPages(tuple(written), [*written.values(), changed].count(False), class_page)


def write_student_pages(
    reports: Iterable[Report],
    to: Path,
    course_title: str,
    date: str = "",
    typesetter: Typesetter | None = None,
    language: Language = ENGLISH,
) -> WrittenPages:
    """Write the pages of some students below `to`; the class page and its tables stay as they are.

    Raises UsageError if `to` can't be used.
    """
    written: dict[Path, bool] = {}
    for _ in _write_each(reports, to, PageRenderer(language(course_title), date, typesetter, language), written):
        pass
    return WrittenPages(tuple(written), list(written.values()).count(False))


def _write_each(
    reports: Iterable[Report], to: Path, pages: PageRenderer, written: dict[Path, bool]
) -> Iterator[Report]:
    """Yield each report once its page is written; add the page to `written`, with whether it changed."""
    if to.exists() and not to.is_dir():
        raise UsageError(f"{to} is a file; pages need a folder: choose another name")
    for report, html in _render_each(reports, pages):
        path = to / page_name(report.student, report.exercise)
        written[path] = _write_page(path, html)
        yield report


def _render_each(reports: Iterable[Report], pages: PageRenderer) -> Iterator[tuple[Report, str]]:
    """Yield each report with its page, in order; a few pages are rendered ahead."""
    with ThreadPoolExecutor(RENDER_THREADS) as pool:
        ahead: deque[tuple[Report, Future[str]]] = deque()
        for report in reports:
            ahead.append((report, pool.submit(pages.render_student_page, report)))
            if len(ahead) > RENDER_THREADS:
                first, page = ahead.popleft()
                yield first, page.result()
        for rest, page in ahead:
            yield rest, page.result()


def _write_page(path: Path, text: str) -> bool:
    """Replace the file's content with this text in one step; return False if it was the same already."""
    try:
        return replace_if_changed(path, text.encode())
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{path} can't be written ({reason}): choose another folder, or make room in it") from error
