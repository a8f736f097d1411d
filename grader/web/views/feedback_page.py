"""The feedback page of one attempt: the page of `grader report`, with links back."""

from dataclasses import dataclass, replace

from grader.core.questions.exercise import Course
from grader.core.results.disclosure import Audience
from grader.core.text.language import Language
from grader.feedback.pages import PageRenderer
from grader.services.reports import load_score_sheets, report_grading_with_code
from grader.services.typesetting import Typesetting
from grader.store import GradedSubmission, Store


@dataclass(frozen=True)
class RenderedFeedback:
    """A page and its Content-Security-Policy."""

    html: str
    policy: str


class FeedbackRenderer:
    """Renders pages; students' text is typeset by disposable processes in the sandbox."""

    def __init__(self, store: Store, course: Course, language: Language, typesetting: Typesetting) -> None:
        self._store, self._course = store, course
        self._language = language
        self._pages = PageRenderer(language(course.title), typesetter=typesetting, language=language)

    def render(
        self, graded: GradedSubmission, audience: Audience, links: tuple[tuple[str, str], ...] = ()
    ) -> RenderedFeedback:
        """Return the page for its reader; `links` are (address, text) pairs at its top."""
        one = graded.submission
        report = report_grading_with_code(self._store, self._course, graded, self._language, audience)
        sheet = load_score_sheets(self._store, self._course, one.student).get((one.student, one.exercise))
        html = self._pages.render_student_page(replace(report, score_sheet=sheet), links)
        return RenderedFeedback(html, f"{self._pages.student_policy}; frame-ancestors 'none'")
