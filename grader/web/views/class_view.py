"""The class as the instructor's pages show it: current figures, members and submissions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from grader.core.questions.exercise import Course, Exercise
from grader.core.report.report import Report
from grader.core.results.disclosure import Instructor
from grader.core.stats.class_stats import ClassSummary, Enrollment
from grader.core.stats.class_summary import summarize_class
from grader.core.text.language import Language
from grader.feedback.labels import Label
from grader.feedback.pages import PageRenderer
from grader.services.marks import list_countable_answers
from grader.services.reports import load_score_sheets, report_grading, report_grading_with_code
from grader.store import (
    Account,
    Enrolment,
    GradedSubmission,
    GradingSummary,
    Store,
    Submission,
    SubmissionFilter,
    SubmissionProgress,
    UnreadableResult,
)
from grader.web.views.attempts import choose_status_label
from grader.web.views.cache import RecordsCache

MAX_LISTED_SUBMISSIONS: Final = 100
"""Submissions of one page."""


@dataclass(frozen=True)
class ExerciseNumbers:
    """The figures of one exercise: graded students, average score, waiting submissions and answers to mark."""

    exercise: Exercise
    graded_count: int
    mean: float | None
    waiting: int
    to_mark: int


@dataclass(frozen=True)
class ClassNumbers:
    """The current figures of the class; `failed` is the number of submissions that the grader could not grade."""

    students: int
    rows: tuple[ExerciseNumbers, ...]
    dispatcher: bool
    failed: int = 0

    @property
    def waiting(self) -> int:
        """Submissions that wait to be graded."""
        return sum(row.waiting for row in self.rows)

    @property
    def to_mark(self) -> int:
        """Answers that wait for a person."""
        return sum(row.to_mark for row in self.rows)


@dataclass(frozen=True)
class SubmissionView:
    """A submission and its result."""

    submission: Submission
    summary: GradingSummary | None

    @property
    def status(self) -> Label:
        """The label of its status."""
        return choose_status_label(self.summary)


@dataclass(frozen=True)
class ClassMember:
    """A student of the roster, and the account by which they sign in."""

    enrolment: Enrolment
    account: Account | None


@dataclass(frozen=True)
class ClassPage:
    """The class page of `grader report`, its data, and everybody's last submission by exercise."""

    report: ClassSummary
    html: str
    last_numbers: dict[tuple[str, str], int]


class ClassView:
    """Data that several instructors look at repeatedly, made once for all of them."""

    def __init__(self, store: Store, course: Course, language: Language, can_grade: Callable[[], bool]) -> None:
        self._can_grade = can_grade
        self._numbers = RecordsCache(lambda: _compute_class_numbers(store, course), store.progress.read_version)
        self._whole = RecordsCache(lambda: _build_class_page(store, course, language), store.progress.read_version)

    def get_numbers(self) -> ClassNumbers:
        """Return the current figures."""
        return replace(self._numbers.get(), dispatcher=self._can_grade())

    def get_class_page(self) -> ClassPage:
        """Return the class page."""
        return self._whole.get()


def _build_class_page(store: Store, course: Course, language: Language) -> ClassPage:
    names = [e.name for e in course.exercises]
    last = {(one.student, one.exercise): one.id for one in store.submissions() if one.exercise in names}
    sheets = load_score_sheets(store, course)
    reports = (
        replace(
            _report(store, course, one, language),
            score_sheet=sheets.get((one.submission.student, one.submission.exercise)),
        )
        for one in store.iterate_graded(ids=list(last.values()))
    )
    enrolled = Enrollment(
        tuple(one.student for one in store.people.list_students()), frozenset(last.keys() - sheets.keys())
    )
    report = summarize_class(reports, names, enrolled)
    return ClassPage(report, PageRenderer(language(course.title), language=language).render_class_page(report), last)


def _report(store: Store, course: Course, one: GradedSubmission, language: Language) -> Report:
    """Return a report without code; the file is read again only to translate the reason why it could not be read."""
    if isinstance(one.result, UnreadableResult):
        return report_grading_with_code(store, course, one, language, Instructor())
    return report_grading(course, one, language, Instructor())


def _compute_class_numbers(store: Store, course: Course) -> ClassNumbers:
    scores = store.scores({e.name: e.policy for e in course.exercises})
    to_mark = [one.submission.exercise for one in list_countable_answers(store, course) if one.mark is None]
    rows = []
    for exercise in course.exercises:
        mine = [one for one in scores if one.exercise == exercise.name]
        mean = sum(one.score for one in mine) / len(mine) if mine else None
        waiting = store.queue_length([exercise.name])
        rows.append(ExerciseNumbers(exercise, len(mine), mean, waiting, to_mark.count(exercise.name)))
    failed, _ = store.progress.load_newest(0, SubmissionFilter(), "failed")
    return ClassNumbers(len(store.people.list_students()), tuple(rows), dispatcher=False, failed=failed)


def make_submission_views(newest: Iterable[SubmissionProgress]) -> list[SubmissionView]:
    """Return submissions as pages list them."""
    return [SubmissionView(one.submission, one.grading) for one in newest]


def list_class_members(store: Store) -> list[ClassMember]:
    """Return everybody on the roster, by name."""
    accounts = {one.name: one for one in store.accounts.list_all() if one.role == "student"}
    return [ClassMember(one, accounts.get(one.student)) for one in store.people.list_students()]
