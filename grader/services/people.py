"""The people of a class: roster, accounts, extensions, and erasing a student's records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.formats.collect.roster_table import RosterEntry
from grader.store import Account, Enrolment, Store


@dataclass(frozen=True)
class Invitation:
    """A person, and the link for setting their password, which works once."""

    name: str
    link: str


def import_roster(store: Store, entries: Iterable[RosterEntry]) -> int:
    """Record the lines of a roster and return how many; fields missing from a line keep their values."""
    return store.people.enroll(Enrolment(e.student, e.name, e.email, e.section, e.ids) for e in entries)


def extend_deadline(
    store: Store, course: Course, student: str, exercise: str, until: datetime | None, reason: str
) -> datetime | None:
    """Give a student more time for an exercise, or withdraw it (None), and return their deadline.

    The result is None if the exercise has no deadline. Raises UsageError for an exercise that the course doesn't
    have.
    """
    policy = course.exercise(exercise).policy
    store.people.extend(student, exercise, until, reason)
    return policy.extended_deadline(until)


def invite(store: Store, name: str, role: str, lifetime: timedelta, url: str) -> Invitation:
    """Create an account, and return a link to the portal at `url` for setting its password."""
    return _make_invitation(name, store.accounts.add(name, role, lifetime), url)


def invite_again(store: Store, name: str, lifetime: timedelta, url: str) -> Invitation:
    """Remove an account's password, end its sessions, and return a new link."""
    return _make_invitation(name, store.accounts.reset(name, lifetime), url)


def create_account_token(store: Store, name: str, purpose: str, lifetime: timedelta) -> tuple[Account, str]:
    """Create an API token for an account. Raises UsageError if there is no such account."""
    account = store.accounts.find_by_name(name)
    if account is None:
        raise UsageError(f"{name[:60]!r} has no account: create one first")
    return account, store.tokens.create(account.id, purpose, lifetime)


def _make_invitation(name: str, token: str, url: str) -> Invitation:
    return Invitation(name, f"{url.rstrip('/')}/invitation/{token}")
