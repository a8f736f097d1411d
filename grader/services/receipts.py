"""Receipts of submissions, made from the records."""

from datetime import datetime

from grader.core.questions.exercise import Course
from grader.core.results.policy import Attempt, score_attempts
from grader.core.results.receipt import Receipt
from grader.store import Store, Submission


def load_receipt(store: Store, course: Course, one: Submission, *, is_new: bool, error: str | None = None) -> Receipt:
    """Make a receipt of a recorded submission, under the current rules."""
    extension = store.people.find_extension(one.student, one.exercise)
    last = max(other.number for other in store.submissions(student=one.student, exercise=one.exercise))
    return make_receipt(course, one, extension, last, is_new=is_new, error=error)


def make_receipt(
    course: Course, one: Submission, extension: datetime | None, last: int, *, is_new: bool, error: str | None = None
) -> Receipt:
    """Make a receipt from loaded data: the extended deadline, and the number of the last attempt."""
    policy = course.exercise(one.exercise).policy
    sheet = score_attempts(policy, [Attempt(one.number, one.received_at, 0.0, 0.0)], extension)
    (mine,) = sheet.attempts
    return Receipt(
        student=one.student,
        exercise=one.exercise,
        submission=one.number,
        is_new=is_new,
        received_at=one.received_at,
        sha256=one.sha256,
        size=one.size,
        due=sheet.due,
        late=bool(mine.late),
        days_late=mine.days,
        keeps=mine.late_factor,
        counts=mine.allowed,
        attempts=policy.attempts,
        attempts_left=None if policy.attempts is None else max(0, policy.attempts - last),
        error=error,
    )
