"""`grader extend`: more time for one student in one exercise."""

from pathlib import Path
from zoneinfo import ZoneInfo

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.course.loader import load_course
from grader.services.parse_moment import parse_moment
from grader.services.people import extend_deadline
from grader.store import Store


def run_extend(
    student: str, exercise: str, until: str | None, withdraw: bool, reason: str, folder: Path, db: str
) -> int:
    """Record the extension, and print the student's new deadline."""
    if (until is None) == (not withdraw):
        raise UsageError(
            "name the new deadline with --until '2031-05-27 23:59', or withdraw the extension with --withdraw"
        )
    course = load_course(folder)
    course.exercise(exercise)
    moment = None if until is None else parse_moment(until, course.zone)
    with Store.open_existing(db) as store:
        due = extend_deadline(store, course, student, exercise, moment, reason)
    if due is None:
        terminal.print_remark(f"{exercise} has no deadline in course.toml; the extension takes effect once it has one")
    else:
        terminal.print_styled(
            (student, "bold"), f": {exercise} until {due.astimezone(ZoneInfo(course.zone)):%Y-%m-%d %H:%M %Z}"
        )
    return 0
