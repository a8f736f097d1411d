"""Guessing a password is slow, and locks nobody else out.

From a browser in which somebody has signed in before, tries are counted for that browser alone, so that whoever guesses
elsewhere can't stop them. From all others they are counted by account and address, by address, and by account.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeSerializer

from grader.store import Account
from grader.web.portal import Portal

_REMEMBERED: Final = 5
_YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True)
class Devices:
    """What a browser's cookie says: its id, and the (hashed) accounts that have signed in there."""

    id: str
    accounts: tuple[str, ...]
    signer: URLSafeSerializer = field(repr=False)
    secure: bool

    def knows(self, name: str) -> bool:
        """Whether this account has signed in here."""
        return _hashed(name) in self.accounts

    def remember(self, answer: Response, name: str) -> None:
        """Adds an account to the browser's cookie."""
        others = [one for one in self.accounts if one != _hashed(name)]
        value = self.signer.dumps([self.id, [_hashed(name), *others][:_REMEMBERED]])
        cookie = str(value)
        answer.set_cookie(_name(self.secure), cookie, max_age=_YEAR, secure=self.secure, httponly=True, samesite="lax")


def known_devices(request: Request, portal: Portal) -> Devices:
    """What the browser's cookie says; a new id where there is none."""
    secure = portal.settings.secure
    signer = URLSafeSerializer(portal.settings.secret, salt="grader device")
    try:
        id, accounts = signer.loads(request.cookies.get(_name(secure), ""))
        return Devices(str(id), tuple(map(str, accounts)), signer, secure)
    except (BadData, ValueError, TypeError):
        return Devices(secrets.token_urlsafe(12), (), signer, secure)


@dataclass(frozen=True)
class SignIn:
    """One try to sign in."""

    portal: Portal
    name: str
    address: str
    devices: Devices

    def wait(self) -> float:
        """Seconds to wait before it may be tried; 0: now."""
        limits = self.portal.limits
        if self.devices.knows(self.name):
            return limits.sign_ins.wait((self.devices.id, self.name))
        return max(
            limits.sign_ins.wait((self.address, self.name)),
            limits.places.wait(self.address),
            limits.accounts.wait(self.name),
        )

    def account(self, password: str) -> Account | None:
        """The account, if the password is its own. A failure is counted."""
        found = self.portal.store.accounts.named(self.name) if self.name else None
        fits = self.portal.passwords.verify(password, found.password if found else None)
        if fits and found:
            return found
        limits = self.portal.limits
        if self.devices.knows(self.name):
            limits.sign_ins.take((self.devices.id, self.name))
        else:
            limits.sign_ins.take((self.address, self.name))
            limits.places.take(self.address)
            limits.accounts.take(self.name)
        return None


def _name(secure: bool) -> str:
    return "__Host-grader-device" if secure else "grader-device"


def _hashed(name: str) -> str:
    return hashlib.sha256(b"grader device\0" + name.encode(errors="replace")).hexdigest()[:16]
