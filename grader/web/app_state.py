"""The state that all requests of one web process share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial

from grader.core.questions.exercise import Course
from grader.core.text.language import Language
from grader.course.loader import load_course
from grader.course.po_files import choose_language
from grader.services.typesetting import Typesetting
from grader.store import Store
from grader.web.processes.background_jobs import BackgroundJobQueue
from grader.web.processes.grading_status import GradingStatusFile, can_grade
from grader.web.processes.runtime_dir import open_runtime_dir
from grader.web.processes.thread_pools import ThreadPools
from grader.web.security.passwords import Passwords
from grader.web.settings import PortalSettings
from grader.web.uploads import UploadRecorder
from grader.web.views.class_view import ClassView
from grader.web.views.feedback_page import FeedbackRenderer
from grader.web.views.grading_watch import GradingWatch
from grader.web.views.help_pages import HelpPages
from grader.web.views.release_files import ReleaseFiles


@dataclass(frozen=True)
class Portal:
    """The course, its records and the settings. The course is the version that was loaded at the start."""

    settings: PortalSettings
    course: Course
    language: Language
    store: Store
    feedback: FeedbackRenderer
    help_pages: HelpPages
    uploads: UploadRecorder
    background_jobs: BackgroundJobQueue
    grading_status: GradingStatusFile
    grading_watch: GradingWatch
    class_view: ClassView
    release_files: ReleaseFiles
    can_grade: Callable[[], bool]
    thread_pools: ThreadPools = field(default_factory=ThreadPools)
    passwords: Passwords = field(default_factory=Passwords)


@contextmanager
def open_portal(settings: PortalSettings) -> Iterator[Portal]:
    """Open a portal with its course and records."""
    course = load_course(settings.course)
    language = choose_language(course)
    with (
        Store.open(settings.db, "portal") as store,
        Typesetting() as typesetting,
        nullcontext(settings.jobs_folder) if settings.jobs_folder else open_runtime_dir() as folder,
    ):
        jobs, status = BackgroundJobQueue(folder), GradingStatusFile(folder)
        yield Portal(
            settings,
            course,
            language,
            store,
            FeedbackRenderer(store, course, language, typesetting),
            HelpPages(typesetting),
            UploadRecorder(store, course),
            jobs,
            status,
            GradingWatch(store),
            ClassView(store, course, language, partial(can_grade, store, status)),
            ReleaseFiles(course, language),
            partial(can_grade, store, status),
        )
