"""A grading session claims each submission once, and makes a storable result of each task."""

from pathlib import Path

from grader.core.questions.exercise import Course
from grader.grading.tasks import TaskResult, make_faulted_grading
from grader.sandbox.level import Level
from grader.services.grading_session import GradingSession
from grader.store import Store, UnreadableResult
from grader.version import __version__


def session(store: Store, course: Course) -> GradingSession:
    """Return a session with the secret of the records."""
    return GradingSession(store, course, Level.FULL, Level.SECCOMP)


def test_a_submission_is_claimed_by_one_session(store: Store, course: Course, tmp_path: Path) -> None:
    """One of two sessions gets the claim; a submission graded meanwhile is not returned."""
    first = store.record("ada", "doubling", b"x = 1", "a.py").id
    second = store.record("bob", "doubling", b"x = 2", "a.py").id
    mine = session(store, course)
    with Store.open(f"sqlite:///{tmp_path / 'records.db'}") as other:
        assert [one.id for one in mine.claim([first])] == [first]
        assert [one.id for one in session(other, course).claim([first, second])] == [second]
    store.remember(course)
    store.append(first, UnreadableResult("torn", course.version, __version__, mine.seed, 3.0))
    assert mine.claim([first]) == []
    assert [one.id for one in mine.claim([first], lambda ids: store.submissions(ids=ids))] == [first]


def test_each_result_can_be_stored(store: Store, course: Course) -> None:
    """A grading is stored as it is; for an unreadable file, the reason with the versions and the points."""
    for student in ("ada", "bob"):
        store.record(student, "doubling", b"x = 1", "a.py")
    grading = session(store, course)
    ada, bob = (grading.make_task(one, b"x = 1") for one in store.submissions())
    result = make_faulted_grading(course.exercise("doubling"), grading.config)
    assert grading.make_storable(TaskResult(ada.id, result)) is result
    unreadable = UnreadableResult("torn", course.version, __version__, grading.seed, 3.0)
    assert grading.make_storable(TaskResult(bob.id, "torn")) == unreadable
    store.remember(course)
    store.append(bob.id, unreadable)
