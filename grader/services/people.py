"""The people of a class: roster, accounts, extensions, and erasing a student's records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.text.messages import MessageLike, as_message, gettext
from grader.formats.collect.match_people import KnownStudent
from grader.formats.collect.match_roster import AdoptionPlan, plan_adoption
from grader.formats.collect.roster_table import RosterEntry
from grader.formats.row_count import RowCount
from grader.store import Account, Enrolment, Store


@dataclass(frozen=True)
class Invitation:
    """A person, and the link for setting their password, which works once."""

    name: str
    link: str


@dataclass(frozen=True)
class RosterImport:
    """The outcome of importing a roster: how many lines are recorded, who was adopted, and the open questions."""

    count: int
    plan: AdoptionPlan

    def count_rows(self, rows: RowCount) -> RowCount:
        """Return the count of a table's rows without those that wait for an answer."""
        waiting = len(self.plan.waiting)
        left_out: dict[MessageLike, int] = {as_message(reason): n for reason, n in rows.left_out.items()}
        return RowCount(rows.taken - waiting, {**left_out, gettext("waiting for a decision"): waiting})


def import_roster(
    store: Store, entries: Sequence[RosterEntry], decisions: Mapping[str, str] = MappingProxyType({})
) -> RosterImport:
    """Record the lines of a roster; fields missing from a line keep their values.

    Students who are known by name only are adopted: they get the id of their line. Where that isn't sure, the lines
    concerned are not recorded until `decisions` maps the name to an id, or to "" for nobody of the roster.
    """
    plan = plan_adoption(list_known_students(store), entries, decisions)
    rows = [Enrolment(e.student, e.name, e.email, e.section, e.ids) for e in entries if e.student not in plan.waiting]
    return RosterImport(store.people.enroll(rows, plan.adopted), plan)


def list_known_students(store: Store) -> list[KnownStudent]:
    """Return the students on record, as names are matched to them."""
    return [KnownStudent(one.student, one.display_name, one.email, one.ids) for one in store.people.list_students()]


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
