"""A throttle for guessed passwords, which locks nobody else out.

In a browser that has been used to sign in before, attempts are counted for that browser alone, so that somebody who
guesses elsewhere can't block it. All other attempts are counted by account and address, by address, and by account. The
counts are in the records under keyed hashes, so neither another web process nor a restart resets them.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeSerializer

from grader.core.text.nfc import normalize_nfc
from grader.store import Account, RateLimit
from grader.web.app_state import Portal
from grader.web.limits import ACCOUNT_RATE, ADDRESS_RATE, SIGN_IN_RATE, THROTTLE_LOG_RATE

_MAX_REMEMBERED_ACCOUNTS: Final = 5
_YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True)
class DeviceCookie:
    """The content of a browser's cookie: its id, and the hashed accounts that have signed in there."""

    id: str
    accounts: tuple[str, ...]
    signer: URLSafeSerializer = field(repr=False)
    secure: bool

    def has_account(self, name: str) -> bool:
        """True if this account has signed in here."""
        return _hash_name(name) in self.accounts

    def remember(self, answer: Response, name: str) -> None:
        """Add an account to the browser's cookie."""
        others = [one for one in self.accounts if one != _hash_name(name)]
        value = self.signer.dumps([self.id, [_hash_name(name), *others][:_MAX_REMEMBERED_ACCOUNTS]])
        cookie = str(value)
        answer.set_cookie(_name(self.secure), cookie, max_age=_YEAR, secure=self.secure, httponly=True, samesite="lax")


def read_device_cookie(request: Request, portal: Portal) -> DeviceCookie:
    """Return the browser's cookie, with a new id if there is none."""
    secure = portal.settings.secure
    signer = URLSafeSerializer(portal.settings.secret, salt="grader device")
    try:
        id, accounts = signer.loads(request.cookies.get(_name(secure), ""))
        return DeviceCookie(str(id), tuple(map(str, accounts)), signer, secure)
    except (BadData, ValueError, TypeError):
        return DeviceCookie(secrets.token_urlsafe(12), (), signer, secure)


@dataclass(frozen=True)
class SignInAttempt:
    """An attempt to sign in. All spellings of a name count as one."""

    portal: Portal
    name: str
    address: str
    devices: DeviceCookie

    def begin(self) -> float:
        """Count an attempt and return 0, or return the seconds to wait."""
        return self.portal.store.sign_in_tries.record_try(self._rates())

    def authenticate(self, password: str) -> Account | None:
        """Return the account if the password is right; a successful attempt doesn't count."""
        store = self.portal.store
        found = store.accounts.find_by_name(self.name) if self.name else None
        fits = self.portal.passwords.verify(password, found.password if found else None)
        if fits and found:
            store.sign_in_tries.forget_last_try(self._rates())
            return found
        if (
            found
            and store.sign_in_tries.get_wait_seconds(self._rates())
            and not store.sign_in_tries.record_try({self._key("told", self._normalized_name): THROTTLE_LOG_RATE})
        ):
            store.accounts.record_throttling(found.id)
        return None

    @property
    def _normalized_name(self) -> str:
        return normalize_nfc(self.name)

    def _rates(self) -> Mapping[str, RateLimit]:
        if self.devices.has_account(self.name):
            return {self._key("browser", self.devices.id, self._normalized_name): SIGN_IN_RATE}
        return {
            self._key("account and place", self.address, self._normalized_name): SIGN_IN_RATE,
            self._key("place", self.address): ADDRESS_RATE,
            self._key("account", self._normalized_name): ACCOUNT_RATE,
        }

    def _key(self, *parts: str) -> str:
        message = "\0".join(("grader tries", *parts)).encode(errors="replace")
        return hmac.new(self.portal.settings.secret, message, hashlib.sha256).hexdigest()


def _name(secure: bool) -> str:
    return "__Host-grader-device" if secure else "grader-device"


def _hash_name(name: str) -> str:
    return hashlib.sha256(b"grader device\0" + name.encode(errors="replace")).hexdigest()[:16]
