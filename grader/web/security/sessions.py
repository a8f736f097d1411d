"""Sessions: a random id and an account, in a signed cookie. The server stores only those that were ended early.

A session ends after SESSION_MAX_AGE_S, when its owner signs out, or when the account has a new generation (a password
was set): from then on its cookie is refused, whoever has a copy. Signing in begins a new session, so that a planted id
is useless.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_MAX_AGE_S: Final = 7 * 24 * 3600
"""Seconds."""
_KEY: Final = "grader.session"


@dataclass(frozen=True)
class Session:
    """A session of nobody (account 0), or of one generation of an account."""

    id: str
    account: int = 0
    generation: int = 0


class RequestSession:
    """The session of one request: read from its cookie, begun if a page needs one, replaced at sign-in."""

    def __init__(self, session: Session | None, key: bytes) -> None:
        self._session, self._key = session, key
        self.changed = False

    @property
    def current(self) -> Session | None:
        """The session, if there is one."""
        return self._session

    def begin(self, account: int = 0, generation: int = 0) -> None:
        """Begin a new session; the old one is forgotten."""
        self._session = Session(secrets.token_urlsafe(18), account, generation)
        self.changed = True

    def end(self) -> None:
        """End the session."""
        self._session = None
        self.changed = True

    def get_csrf_token(self) -> str:
        """Return the secret token of this session's forms; begins a session if there is none."""
        if self._session is None:
            self.begin()
        return self._token()

    def is_csrf_token(self, token: str) -> bool:
        """Return whether this is the token of this session."""
        return self._session is not None and hmac.compare_digest(token.encode(errors="replace"), self._token().encode())

    def _token(self) -> str:
        id = self._session.id if self._session else ""
        return hmac.new(self._key, b"csrf\0" + id.encode(), hashlib.sha256).hexdigest()


def get_session(request: Request) -> RequestSession:
    """Return the session of a request."""
    found: RequestSession = request.scope[_KEY]
    return found


class SessionMiddleware:
    """Middleware that reads the cookie, and sets it where it changed."""

    def __init__(self, app: ASGIApp, secret: bytes, secure: bool) -> None:
        self._app, self._secure = app, secure
        self._key = hashlib.sha256(b"grader csrf\0" + secret).digest()
        self._signer = URLSafeTimedSerializer(secret, salt="grader session")
        self._cookie = "__Host-grader" if secure else "grader"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its session."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        session = scope[_KEY] = RequestSession(self._read(Request(scope).cookies.get(self._cookie)), self._key)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and session.changed:
                MutableHeaders(scope=message).append("Set-Cookie", self._format_cookie(session.current))
            await send(message)

        await self._app(scope, receive, sent)

    def _read(self, cookie: str | None) -> Session | None:
        try:
            id, account, generation = self._signer.loads(cookie or "", max_age=SESSION_MAX_AGE_S)
        except (BadData, ValueError, TypeError):
            return None
        return Session(str(id), int(account), int(generation))

    def _format_cookie(self, session: Session | None) -> str:
        flags = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if self._secure else "")
        if session is None:
            return f"{self._cookie}=; Max-Age=0{flags}"
        value = self._signer.dumps([session.id, session.account, session.generation])
        return f"{self._cookie}={value}; Max-Age={SESSION_MAX_AGE_S}{flags}"
