"""What all requests of one web process share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.catalogue import language
from grader.core.exercise import Course
from grader.core.language import Language
from grader.course import load
from grader.store import Store
from grader.web.errands import Errands
from grader.web.feedback import Feedback
from grader.web.handing_in import HandingIn
from grader.web.passwords import Passwords
from grader.web.settings import Settings
from grader.web.throttle import Limit


@dataclass(frozen=True)
class Limits:
    """How often one may try: hand in, by student; sign in and fail, by account and place; by place alone."""

    hand_ins: Limit = field(default_factory=lambda: Limit(10, 60))
    many_hand_ins: Limit = field(default_factory=lambda: Limit(100, 3600))
    sign_ins: Limit = field(default_factory=lambda: Limit(5, 300))
    places: Limit = field(default_factory=lambda: Limit(30, 60))
    accounts: Limit = field(default_factory=lambda: Limit(50, 900))


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
    passwords: Passwords = field(default_factory=Passwords)
    limits: Limits = field(default_factory=Limits)


@contextmanager
def opened(settings: Settings) -> Iterator[Portal]:
    """A portal with its course and records open."""
    course = load(settings.course)
    speech = language(course)
    with (
        Store.open(settings.db, "portal") as store,
        Feedback(store, course, speech) as feedback,
        TemporaryDirectory(prefix="grader-") as own,
    ):
        errands = Errands(settings.errands or Path(own))
        yield Portal(settings, course, speech, store, feedback, HandingIn(store, course), errands)
