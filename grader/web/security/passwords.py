"""Passwords: argon2id, a few at a time, because each takes 64 MB and some hundredths of a second."""

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from grader.core.text.messages import Message, gettext
from grader.core.text.nfc import normalize_nfc

MIN_PASSWORD_LENGTH: Final = 10
MAX_PASSWORD_LENGTH: Final = 200
"""Characters."""
MAX_CONCURRENT_HASHES: Final = 2


class Passwords:
    """Makes and verifies hashes; safe to share between threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turn = threading.BoundedSemaphore(MAX_CONCURRENT_HASHES)
        self._nobody = self._hasher.hash("nobody's")

    def hash(self, password: str) -> str:
        """Return the hash to store."""
        with self._turn:
            return self._hasher.hash(_bytes(password))

    def verify(self, password: str, stored_hash: str | None) -> bool:
        """Return whether the password fits the hash; without one it takes as long, so that nobody can tell."""
        with self._turn:
            try:
                return self._hasher.verify(stored_hash or self._nobody, _bytes(password)) and stored_hash is not None
            except (Argon2Error, InvalidHashError):
                return False


def _bytes(password: str) -> bytes:
    """Return the password in one normal form, however its accents were typed."""
    return normalize_nfc(password).encode(errors="surrogatepass")


def find_password_problem(password: str, repeated: str, name: str) -> Message | None:
    """Return why this password is not allowed, or None."""
    if password != repeated:
        return gettext("The two passwords differ: enter the same one twice.")
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        return gettext(
            "The password needs {least} to {most} characters. A few words in a row are easy to remember.",
            least=MIN_PASSWORD_LENGTH,
            most=MAX_PASSWORD_LENGTH,
        )
    if len(set(password)) < 4 or name.casefold() in password.casefold():
        return gettext("This password is easy to guess: do not use your name or one repeated letter.")
    return None
