"""Storing and choosing passwords."""

import pytest

from grader.web.security.passwords import Passwords, find_password_problem


def test_a_password_is_kept_as_an_argon2_hash() -> None:
    """Only the password itself matches; equal passwords have different hashes; without a hash nothing matches."""
    passwords = Passwords()
    kept = passwords.hash("four words in a row")
    assert kept.startswith("$argon2id$")
    assert kept != passwords.hash("four words in a row")
    assert passwords.verify("four words in a row", kept)
    for wrong in ("four words in a ro", "", "Four words in a row", "\ud800"):
        assert not passwords.verify(wrong, kept)
    assert not passwords.verify("nobody's", None)
    assert not passwords.verify("four words in a row", "no hash")


@pytest.mark.parametrize(
    ("password", "again", "word"),
    [
        ("four words in a row", "four words in a raw", "differ"),
        ("short", "short", "10"),
        ("a" * 201, "a" * 201, "200"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "easy to guess"),
        ("I am Ada Lovelace", "I am Ada Lovelace", "easy to guess"),
    ],
)
def test_a_bad_password_is_refused(password: str, again: str, word: str) -> None:
    """A bad password is refused with a sentence that says what to do."""
    assert word in str(find_password_problem(password, again, "ada lovelace"))


def test_a_good_password_is_taken() -> None:
    """Words of any script, with spaces, are accepted."""
    assert find_password_problem("vier Wörter, 四語!", "vier Wörter, 四語!", "ada") is None
