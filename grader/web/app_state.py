"""What all requests of one web process share."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from grader.core.questions.exercise import Course
from grader.core.text.language import Language
from grader.course.loader import load
from grader.course.po_files import language
from grader.store import Store
from grader.web.processes.background_jobs import Errands
from grader.web.processes.runtime_dir import own_folder
from grader.web.processes.thread_pools import Lanes
from grader.web.security.passwords import Passwords
from grader.web.settings import Settings
from grader.web.uploads import HandingIn
from grader.web.views.class_view import Classroom
from grader.web.views.feedback_page import Feedback
from grader.web.views.grading_watch import Watch


@dataclass(frozen=True)
class Portal:
    """The course, its records, and what was told at the start. The course is the one that was there then."""

    settings: Settings
    course: Course
    language: Language
    store: Store
    feedback: Feedback
    handing_in: HandingIn
    errands: Errands
    watch: Watch
    classroom: Classroom
    lanes: Lanes = field(default_factory=Lanes)
    passwords: Passwords = field(default_factory=Passwords)


@contextmanager
def opened(settings: Settings) -> Iterator[Portal]:
    """A portal with its course and records open."""
    course = load(settings.course)
    speech = language(course)
    with (
        Store.open(settings.db, "portal") as store,
        Feedback(store, course, speech) as feedback,
        nullcontext(settings.errands) if settings.errands else own_folder() as folder,
    ):
        errands = Errands(folder)
        yield Portal(
            settings,
            course,
            speech,
            store,
            feedback,
            HandingIn(store, course),
            errands,
            Watch(store),
            Classroom(store, course),
        )
