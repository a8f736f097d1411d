"""Accounts, and the log of what was done to them."""

from datetime import timedelta

from grader.store import Store
from grader.store.db.engine import Database

DAY = timedelta(days=1)


def test_the_log_tells_what_was_done_to_accounts(store: Store) -> None:
    """Invitations, passwords, tokens, guesses: by whom, and whose; an instructor's are told by name, a secret never."""
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


def test_what_fails_is_not_told(store: Store, database: Database) -> None:
    """An invitation that is over sets no password, and the log says nothing of it."""
    link = store.accounts.add("ada", "student", timedelta(seconds=-1))
    before = list(store.history())
    assert store.accounts.accept(link, "hash") is None
    assert list(store.history()) == before
