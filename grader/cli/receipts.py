"""Receipts: made of what is on record, and printed."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.cli import terminal
from grader.core.questions.exercise import Course
from grader.core.results.policy import Attempt, score_attempts
from grader.core.results.receipt import Receipt
from grader.formats.decode_text import escape_unprintable
from grader.store import Store, Submission


def load_receipt(store: Store, course: Course, one: Submission, *, is_new: bool, error: str | None = None) -> Receipt:
    """What is on record of a submission, under the rules as they are now."""
    extension = store.people.find_extension(one.student, one.exercise)
    last = max(other.number for other in store.submissions(student=one.student, exercise=one.exercise))
    return make_receipt(course, one, extension, last, is_new=is_new, error=error)


def make_receipt(
    course: Course, one: Submission, extension: datetime | None, last: int, *, is_new: bool, error: str | None = None
) -> Receipt:
    """A receipt of what is known: until when time was extended, and the number of the last attempt."""
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


def print_receipt(said: Receipt, file: Path, zone: str) -> None:
    """Prints a receipt, with moments on the course's clocks."""
    what = "recorded" if said.is_new else "recorded earlier"
    terminal.print_styled(
        f"{what}: {said.student}, {said.exercise}, attempt {said.submission}, {_moment(said.received_at, zone)}"
    )
    terminal.print_styled(f"{_lateness(said, zone)}; {_attempts(said)}", indent=2)
    terminal.print_styled(f"sha256 {said.sha256}, {said.size} bytes: {escape_unprintable(file.name)}", indent=2)


def _lateness(said: Receipt, zone: str) -> str:
    if said.due is None:
        return "no deadline"
    if said.late:
        return f"late (the deadline was {_moment(said.due, zone)}), keeps {said.keeps:.0%} of its points"
    return f"in time (deadline {_moment(said.due, zone)})"


def _attempts(said: Receipt) -> str:
    if not said.counts:
        return f"does not count: only {said.attempts} attempts do"
    if said.attempts_left is None:
        return "attempts left: any number"
    return f"attempts left: {said.attempts_left} of {said.attempts}"


def _moment(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S %Z}"
