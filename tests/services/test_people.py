"""Rosters, accounts and extensions as use cases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.formats.collect.roster_table import read_roster
from grader.services.people import create_account_token, extend_deadline, import_roster, invite, invite_again
from grader.store import Store

WEEK = timedelta(days=7)


def test_a_roster_goes_on_record(store: Store) -> None:
    """Every line is a student; fields missing from a later roster keep their values."""
    assert import_roster(store, read_roster(b"id,name\nada,Ada Lovelace\nbob,Bob\n").entries).count == 2
    assert import_roster(store, read_roster(b"id,email\nada,ada@example.org\n").entries).count == 1
    ada, _ = store.people.list_students()
    assert (ada.display_name, ada.email) == ("Ada Lovelace", "ada@example.org")


def test_an_invitation_is_a_link_that_changes(store: Store) -> None:
    """Inviting makes an account and a link at the portal's address; inviting again makes another link."""
    first = invite(store, "ada", "student", WEEK, "https://portal.example.org/")
    assert first.name == "ada"
    assert first.link.startswith("https://portal.example.org/invitation/")
    assert invite_again(store, "ada", WEEK, "https://portal.example.org").link != first.link
    with pytest.raises(UsageError):
        invite(store, "ada", "student", WEEK, "https://portal.example.org")


def test_a_token_is_of_an_account(store: Store) -> None:
    """A token is made for an account; a name without one is refused."""
    invite(store, "ada", "student", WEEK, "http://localhost")
    account, token = create_account_token(store, "ada", "homework", WEEK)
    assert (account.name, account.role) == ("ada", "student")
    assert len(token) > 20
    with pytest.raises(UsageError, match="'bob' has no account"):
        create_account_token(store, "bob", "", WEEK)


def test_more_time_moves_the_deadline(store: Store, course: Course, course_folder: Path) -> None:
    """The result is the student's own deadline, or the course's once it is withdrawn; None without a deadline."""
    moment = datetime(2031, 5, 27, 21, 59, tzinfo=UTC)
    import_roster(store, read_roster(b"id\nada\n").entries)
    assert extend_deadline(store, course, "ada", "doubling", moment, "ill") is None
    rules = course_folder / "reference" / "course.toml"
    rules.write_text(rules.read_text() + "\n[policy]\ndeadline = 2031-05-20T12:00:00Z\n")
    strict = load_course(course_folder)
    assert extend_deadline(store, strict, "ada", "doubling", moment, "ill") == moment
    assert extend_deadline(store, strict, "ada", "doubling", None, "") == datetime(2031, 5, 20, 12, tzinfo=UTC)
    with pytest.raises(UsageError, match="halving"):
        extend_deadline(store, strict, "ada", "halving", moment, "")
