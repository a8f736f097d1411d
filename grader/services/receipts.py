"""Receipts of submissions, made from the records."""

from datetime import datetime

from grader.core.questions.exercise import Course
from grader.core.results.policy import Attempt, score_attempts
from grader.core.results.receipt import Receipt
from grader.store import Store, Submission


def load_receipt(
    store: Store, course: Course, submission: Submission, *, is_new: bool, error: str | None = None
) -> Receipt:
    """Make a receipt of a recorded submission, under the current rules."""
    extension = store.people.find_extension(submission.student, submission.exercise)
    last = max(other.number for other in store.submissions(student=submission.student, exercise=submission.exercise))
    return make_receipt(course, submission, extension, last, is_new=is_new, error=error)


def make_receipt(
    course: Course,
    submission: Submission,
    extension: datetime | None,
    last_number: int,
    *,
    is_new: bool,
    error: str | None = None,
) -> Receipt:
    """Make a receipt from loaded data: the extended deadline, and the number of the last attempt."""
    policy = course.exercise(submission.exercise).policy
    sheet = score_attempts(
        policy, [Attempt(submission.number, submission.received_at, 0.0, 0.0, 0.0, submission.attempt)], extension
    )
    (mine,) = sheet.attempts
    return Receipt(
        student=submission.student,
        exercise=submission.exercise,
        submission=submission.number,
        is_new=is_new,
        received_at=submission.received_at,
        sha256=submission.sha256,
        size=submission.size,
        due=sheet.due,
        late=bool(mine.late),
        days_late=mine.days,
        keeps=mine.late_factor,
        counts=mine.within_limit,
        attempts=policy.attempts,
        attempts_left=None if policy.attempts is None else max(0, policy.attempts - last_number),
        error=error,
    )
