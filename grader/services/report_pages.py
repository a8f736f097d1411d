"""The pages of a class, or of one student, written from the records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.core.batches import split_into_batches
from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import Report
from grader.core.stats.class_stats import Enrollment
from grader.core.text.language import ENGLISH, Language
from grader.feedback.write_pages import WrittenClassPages, WrittenPages, write_all_pages, write_student_pages
from grader.services.progress import Progress, SilentProgress
from grader.services.reports import (
    REPORTS_PER_BATCH,
    ScoreSheets,
    describe_student,
    load_score_sheets,
    report_grading_with_code,
)
from grader.services.typesetting import Typesetting
from grader.store import Store


def write_class_report(
    store: Store,
    course: Course,
    to: Path,
    language: Language = ENGLISH,
    progress: Progress = SilentProgress(),
    mode: int | None = None,
) -> WrittenClassPages:
    """Write the pages of everybody's last submissions and of the class. Raises UsageError if nothing is graded."""
    found = _find_last_attempts(store, course, None)
    enrolled = Enrollment(tuple(one.student for one in store.people.list_students()), frozenset(found.ungraded))
    names = [e.name for e in course.exercises]
    reports = progress.track(_build_reports(store, course, found, language), len(found.ids), "pages")
    with Typesetting() as typesetting:
        return write_all_pages(
            reports,
            to,
            course.title,
            names,
            typesetter=typesetting,
            enrollment=enrolled,
            language=language,
            mode=mode,
        )


def write_student_report(
    store: Store,
    course: Course,
    to: Path,
    student: str,
    language: Language = ENGLISH,
    progress: Progress = SilentProgress(),
    mode: int | None = None,
) -> WrittenPages:
    """Write one student's pages, without a class page. Raises UsageError if nothing is graded."""
    found = _find_last_attempts(store, course, student)
    reports = progress.track(_build_reports(store, course, found, language), len(found.ids), "pages")
    with Typesetting() as typesetting:
        return write_student_pages(reports, to, course.title, typesetter=typesetting, language=language, mode=mode)


@dataclass(frozen=True)
class _LastAttempts:
    """The ids of the last graded attempts, each (student, exercise) without a grading, and the score sheets."""

    ids: Sequence[int]
    ungraded: set[tuple[str, str]]
    sheets: ScoreSheets


def _find_last_attempts(store: Store, course: Course, student: str | None) -> _LastAttempts:
    names = [e.name for e in course.exercises]
    sheets = load_score_sheets(store, course, student)
    last = {key: max(one.attempt.number for one in sheet.attempts) for key, sheet in sheets.items()}
    ids: list[int] = []
    ungraded = set()
    for one in store.submissions(student=student):
        key = (one.student, one.exercise)
        if one.number == last.get(key):
            ids.append(one.id)
        elif key not in last and one.exercise in names:
            ungraded.add(key)
    if not ids:
        owner = f" of {student}" if student else ""
        raise UsageError(f"nothing{owner} has been graded yet in this database", "run grader grade first")
    return _LastAttempts(ids, ungraded, sheets)


def _build_reports(store: Store, course: Course, last: _LastAttempts, language: Language) -> Iterator[Report]:
    """Yield reports, reading some gradings at a time, because those of a large class don't fit in memory."""
    for batch in split_into_batches(last.ids, REPORTS_PER_BATCH):
        for one in store.iterate_graded(ids=batch):
            sheet = last.sheets.get((one.submission.student, one.submission.exercise))
            report = report_grading_with_code(store, course, one, language, describe_student(one))
            yield replace(report, score_sheet=sheet)
