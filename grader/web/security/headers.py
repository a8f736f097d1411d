"""Security headers of every response: only our own script and style, in no frame, no referrer for other sites."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers as Received
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DEFAULT_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DOWNLOAD_CSP: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""The policy of a file that is only to be saved."""
_DEFAULT_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_YEAR: Final = 365 * 24 * 3600


class SecurityHeadersMiddleware:
    """Middleware that adds headers which a handler didn't set. Nothing is cached unless a handler allows it."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._wanted = {**_DEFAULT_HEADERS, "Content-Security-Policy": DEFAULT_CSP, "Cache-Control": "no-store"}
        if secure:
            self._wanted["Strict-Transport-Security"] = f"max-age={_YEAR}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response with the headers."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


class HostCheckMiddleware:
    """Middleware that answers 400 to requests for another host name, as a foreign page may send."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request for one of our host names."""
        if scope["type"] == "http" and _name(Received(scope=scope).get("host", "")) not in self._hosts:
            await PlainTextResponse("There is no such host here.\n", 400)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _name(host: str) -> str:
    """`example.org:8000` -> `example.org`; `[::1]:8000` -> `::1`."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
