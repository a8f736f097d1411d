"""A class as the instructor's pages show it: numbers of now, who is in it, what came in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from grader.cli.marks import that_may_count
from grader.cli.score_table import as_report, score_sheets
from grader.core.questions.exercise import Course, Exercise
from grader.core.stats.class_stats import ClassReport, Enrolled
from grader.core.stats.class_summary import class_report
from grader.feedback.labels import Word
from grader.feedback.pages import Pages
from grader.store import Account, Enrolment, Found, Progress, Store, Submission, Waiting
from grader.web.views.attempts import word
from grader.web.views.cache import Kept

PAGE: Final = 100
"""Submissions of one page."""


@dataclass(frozen=True)
class Row:
    """How one exercise stands: who handed in, how they did on the average, what waits."""

    exercise: Exercise
    handed_in: int
    mean: float | None
    waiting: int
    to_mark: int


@dataclass(frozen=True)
class Numbers:
    """The class now."""

    students: int
    rows: tuple[Row, ...]
    dispatcher: bool

    @property
    def waiting(self) -> int:
        """Submissions that wait to be graded."""
        return sum(row.waiting for row in self.rows)

    @property
    def to_mark(self) -> int:
        """Answers that wait for a person."""
        return sum(row.to_mark for row in self.rows)


@dataclass(frozen=True)
class Handed:
    """A submission and what was found."""

    submission: Submission
    found: Found | None

    @property
    def word(self) -> Word:
        """Its state."""
        return word(self.found)


@dataclass(frozen=True)
class Somebody:
    """A student of the roster, and the account by which they sign in."""

    enrolment: Enrolment
    account: Account | None


@dataclass(frozen=True)
class Whole:
    """The class page, as `grader report` writes it, what it shows, and everybody's last submission by exercise."""

    report: ClassReport
    html: str
    last: dict[tuple[str, str], int]


class Classroom:
    """What several instructors look at, time and again: made once for all of them."""

    def __init__(self, store: Store, course: Course) -> None:
        self._store = store
        self._numbers = Kept(lambda: _numbers(store, course), store.glance.state)
        self._whole = Kept(lambda: _whole(store, course), store.glance.state)

    def numbers(self) -> Numbers:
        """The numbers of now."""
        return replace(self._numbers.get(), dispatcher=self._store.has_dispatcher())

    def whole(self) -> Whole:
        """The class page."""
        return self._whole.get()


def _whole(store: Store, course: Course) -> Whole:
    names = [e.name for e in course.exercises]
    last = {(one.student, one.exercise): one.id for one in store.submissions() if one.exercise in names}
    sheets = score_sheets(store, course)
    reports = (
        replace(as_report(course, one), sheet=sheets.get((one.submission.student, one.submission.exercise)))
        for one in store.latest(ids=list(last.values()))
    )
    enrolled = Enrolled(tuple(one.student for one in store.people.roster()), frozenset(last.keys() - sheets.keys()))
    report = class_report(reports, names, enrolled)
    return Whole(report, Pages(course.title).class_page(report), last)


def _numbers(store: Store, course: Course) -> Numbers:
    scores = store.scores({e.name: e.policy for e in course.exercises})
    to_mark = [one.submission.exercise for one in for_a_person(store, course) if one.mark is None]
    rows = []
    for exercise in course.exercises:
        mine = [one for one in scores if one.exercise == exercise.name]
        mean = sum(one.score for one in mine) / len(mine) if mine else None
        waiting = store.queue_length([exercise.name])
        rows.append(Row(exercise, len(mine), mean, waiting, to_mark.count(exercise.name)))
    return Numbers(len(store.people.roster()), tuple(rows), dispatcher=False)


def for_a_person(store: Store, course: Course) -> list[Waiting]:
    """Answers that a person marks, marked ones too: of the attempts that count or may."""
    return that_may_count(store.marks.waiting(), score_sheets(store, course))


def handed(newest: Iterable[Progress]) -> list[Handed]:
    """Submissions as pages list them."""
    return [Handed(one.submission, one.found) for one in newest]


def people(store: Store) -> list[Somebody]:
    """Everybody on the roster, by name."""
    accounts = {one.name: one for one in store.accounts.everybody() if one.role == "student"}
    return [Somebody(one, accounts.get(one.student)) for one in store.people.roster()]
