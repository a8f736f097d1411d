"""Tests of accounts, and of the log of actions on them."""

from datetime import timedelta

from grader.store import Store
from grader.store.db.engine import Database

DAY = timedelta(days=1)


def test_actions_on_accounts_are_logged(store: Store) -> None:
    """Invitations, passwords, tokens and throttling are logged with user and account, without secrets."""
    prof = store.acting_as("prof. eve")
    links = [prof.accounts.add("ada", "student", DAY), prof.accounts.add("max", "instructor", DAY)]
    ada = store.accounts.accept(links[0], "hash one")
    assert ada is not None
    mine = store.acting_as("ada")
    mine.accounts.set_password(ada.id, "hash two")
    token = mine.tokens.create(ada.id, "at home", DAY)
    (made,) = mine.tokens.list_valid(ada.id)
    assert mine.tokens.revoke(ada.id, made.id)
    assert not mine.tokens.revoke(ada.id, made.id)
    links.append(prof.accounts.reset("ada", DAY))
    store.accounts.record_throttling(ada.id)
    events = list(store.history())
    told = [(e.who, e.what, e.student, e.detail.partition(",")[0]) for e in events]
    assert told[:-1] == [
        ("prof. eve", "invited", "ada", "student"),
        ("prof. eve", "invited", None, "max: instructor"),
        ("ada", "password", "ada", "set"),
        ("ada", "password", "ada", "changed"),
        ("ada", "token", "ada", "1 made"),
        ("ada", "token", "ada", "1 revoked"),
        ("prof. eve", "reset", "ada", "password taken away"),
    ]
    assert told[-1][1:] == ("throttled", "ada", "too many wrong passwords")
    assert not any(secret in str(events) for secret in (*links, token, "hash one", "hash two", "at home"))


def test_failed_actions_are_not_logged(store: Store, database: Database) -> None:
    """An expired invitation sets no password and gives no entry in the log."""
    link = store.accounts.add("ada", "student", timedelta(seconds=-1))
    before = list(store.history())
    assert store.accounts.accept(link, "hash") is None
    assert list(store.history()) == before
