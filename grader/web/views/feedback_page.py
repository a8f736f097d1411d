"""The feedback page of one attempt: the same page as `grader report` writes, with a way back."""

from dataclasses import dataclass, replace
from typing import Self

from grader.cli.report import whole_report
from grader.cli.score_table import score_sheets
from grader.cli.typesetting import Typesetting
from grader.core.questions.exercise import Course
from grader.core.text.language import Language
from grader.feedback.pages import Pages
from grader.store import Graded, Store


@dataclass(frozen=True)
class Shown:
    """A page and the Content-Security-Policy that goes with it."""

    html: str
    policy: str


class Feedback:
    """Renders pages: strangers' text is typeset by disposable processes behind the wall."""

    def __init__(self, store: Store, course: Course, speech: Language) -> None:
        self._store, self._course = store, course
        self._speech = speech
        self._typesetting = Typesetting()
        self._pages = Pages(speech(course.title), typesetter=self._typesetting, language=speech)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._typesetting.__exit__()

    def page(self, graded: Graded, links: tuple[tuple[str, str], ...] = ()) -> Shown:
        """The page; `links` are (address, words) that stand at its top."""
        one = graded.submission
        report = whole_report(self._store, self._course, graded, self._speech)
        sheet = score_sheets(self._store, self._course, one.student).get((one.student, one.exercise))
        html = self._pages.student(replace(report, sheet=sheet), links)
        return Shown(html, f"{self._pages.student_policy}; frame-ancestors 'none'")
