"""Passwords: argon2id, a few at a time, since each takes 64 MB and a processor for some hundredths of a second."""

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from grader.core.text.messages import Phrase, say
from grader.core.text.nfc import composed

SHORTEST: Final = 10
LONGEST: Final = 200
"""Characters."""
AT_ONCE: Final = 2


class Passwords:
    """Makes and verifies hashes; safe to share between threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("nobody's")

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        with self._turn:
            return self._hasher.hash(_bytes(password))

    def verify(self, password: str, kept: str | None) -> bool:
        """Whether it is the one that was hashed; takes as long where there is none, so that it can't be told."""
        with self._turn:
            try:
                return self._hasher.verify(kept or self._nobody, _bytes(password)) and kept is not None
            except (Argon2Error, InvalidHashError):
                return False


def _bytes(password: str) -> bytes:
    """The same, however its accents were typed."""
    return composed(password).encode(errors="surrogatepass")


def problem(password: str, again: str, name: str) -> Phrase | None:
    """Why somebody can't have this password; None if they can."""
    if password != again:
        return say("The two passwords differ: write the same one twice.")
    if not SHORTEST <= len(password) <= LONGEST:
        return say(
            "The password needs {least} to {most} characters. A few words in a row are easy to remember.",
            least=SHORTEST,
            most=LONGEST,
        )
    if len(set(password)) < 4 or name.casefold() in password.casefold():
        return say("This password is easily guessed: not your name, and not one letter over and over.")
    return None
