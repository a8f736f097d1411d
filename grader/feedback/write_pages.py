"""Write the pages of a class into a folder: each file completely or not at all, and only if it changed."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from grader.core.errors import UsageError
from grader.core.report.report import Report
from grader.core.stats.class_stats import Enrollment
from grader.core.stats.class_summary import summarize_class
from grader.core.text.language import ENGLISH, Language
from grader.feedback import class_tables
from grader.feedback.file_names import CLASS_PAGE, page_name
from grader.feedback.markup import Typesetter
from grader.feedback.page_folder import PageFolder
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
    mode: int | None = None,
) -> WrittenClassPages:
    """Write one page per student and exercise, and the class page with its tables, below `to`, created if needed.

    Reports are taken one by one and not kept. `order` is the order of the exercises; `date` is shown if given. If one
    student's exercise has several reports, the last one stays. `mode` are the permissions of
    the files, by default those of a private file. Raises UsageError if `to` can't be used.
    """
    pages = PageRenderer(language(course_title), date, typesetter, language)
    written: dict[Path, bool] = {}
    folder = PageFolder(to, mode)
    summary = summarize_class(_write_each(reports, folder, pages, written), order, enrollment)
    for path, table in class_tables.render_class_tables(summary):
        folder.write(PurePath(path), table.encode())
    changed = folder.write(PurePath(CLASS_PAGE), pages.render_class_page(summary).encode())
    return WrittenClassPages(tuple(written), [*written.values(), changed].count(False), to / CLASS_PAGE)


def write_student_pages(
    reports: Iterable[Report],
    to: Path,
    course_title: str,
    date: str = "",
    typesetter: Typesetter | None = None,
    language: Language = ENGLISH,
    mode: int | None = None,
) -> WrittenPages:
    """Write the pages of some students below `to`; the class page and its tables stay as they are.

    Raises UsageError if `to` can't be used.
    """
    written: dict[Path, bool] = {}
    pages = PageRenderer(language(course_title), date, typesetter, language)
    for _ in _write_each(reports, PageFolder(to, mode), pages, written):
        pass
    return WrittenPages(tuple(written), list(written.values()).count(False))


def _write_each(
    reports: Iterable[Report], to: PageFolder, pages: PageRenderer, written: dict[Path, bool]
) -> Iterator[Report]:
    """Yield each report once its page is written; add the page to `written`, with whether it changed."""
    if to.path.exists() and not to.path.is_dir():
        raise UsageError(f"{to.path} is a file; pages need a folder: choose another name")
    for report, html in _render_each(reports, pages):
        name = page_name(report.student, report.exercise)
        written[to.path / name] = to.write(name, html.encode())
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
