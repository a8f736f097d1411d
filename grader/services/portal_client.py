"""A client of a portal: uses only its HTTP API, with a token."""

import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import IO, Any, Final
from urllib.parse import quote, urlsplit

from grader.core.errors import PortalError, UsageError, describe_cause
from grader.formats.decode_text import escape_unprintable

RESPONSE_TIMEOUT_S: Final = 120.0
"""Seconds that an answer may take."""
MAX_RESPONSE_BYTES: Final = 20_000_000
"""Bytes of an answer."""
MAX_REQUEST_TRIES: Final = 4
"""Number of times that a request is sent if the portal has no time for it."""
PLAIN_HTTP_HOSTS: Final = ("127.0.0.1", "::1", "localhost")


class UploadRejected(PortalError):
    """The portal refuses this file; it may accept another."""


class _NoRedirectHandler(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: the token is for one address."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Refuse."""


_OPENER: Final = urllib.request.build_opener(_NoRedirectHandler)


@dataclass(frozen=True)
class PortalClient:
    """A portal's address, and our token for it."""

    url: str
    token: str = field(repr=False)

    def get(self, path: str) -> Any:
        """Return the JSON at a path of the API. Raise PortalError."""
        return self._send(urllib.request.Request(self._make_url(path)))

    def submit_file(self, exercise: str, name: str, data: bytes) -> Mapping[str, Any]:
        """Submit a file and return its receipt. Sending it twice makes one attempt, so a retry is safe."""
        boundary = secrets.token_hex(16)
        shown = name.replace("\\", "_").replace('"', "%22").replace("\r", "").replace("\n", "")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{shown}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        found: Mapping[str, Any] = self._send(
            urllib.request.Request(self._make_url(f"/exercises/{quote(exercise, safe='')}/attempts"), body, kind)
        )
        return found

    def _make_url(self, path: str) -> str:
        return f"{self.url}/api/v1{path}"

    def _send(self, request: urllib.request.Request) -> Any:
        request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        for left in reversed(range(MAX_REQUEST_TRIES)):
            try:
                with _OPENER.open(request, timeout=RESPONSE_TIMEOUT_S) as answer:
                    return json.loads(answer.read(MAX_RESPONSE_BYTES))
            except urllib.error.HTTPError as error:
                wait = _wait(error)
                if not left or wait is None:
                    kind = UploadRejected if error.code in (413, 422) else PortalError
                    raise kind(f"{self.url}: {_read_error_detail(error)}") from error
                time.sleep(wait)
            except (OSError, ValueError) as error:
                cause = getattr(error, "reason", error)  # of an URLError: an exception, or a text
                reason = describe_cause(cause) if isinstance(cause, BaseException) else str(cause)
                raise PortalError(
                    f"{self.url} can't be reached ({escape_unprintable(reason)[:200]}): try again"
                ) from error
        raise AssertionError


def make_portal_client(url: str, token: str | None, *, in_the_clear: bool) -> PortalClient:
    """Make a client. Raise UsageError if there is no token, or if it would be sent over a network without TLS."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise UsageError(
            f"--server {escape_unprintable(url)[:80]!r} is not an address: write https://grader.example.org"
        )
    if parts.scheme == "http" and parts.hostname not in PLAIN_HTTP_HOSTS and not in_the_clear:
        raise UsageError(
            f"over http:// to {escape_unprintable(parts.hostname)} others on the network can read your token: "
            "write https://, or add --allow-http if you trust the network"
        )
    if not token or not token.isascii() or not token.isprintable():
        raise UsageError("set GRADER_TOKEN to a token of yours: the page Tokens of the portal makes one")
    return PortalClient(url.rstrip("/"), token)


def _wait(error: urllib.error.HTTPError) -> float | None:
    """Return the seconds after which to try again; None if that is useless."""
    seconds = error.headers.get("Retry-After", "")
    return min(float(seconds), 90.0) if error.code in (429, 503) and seconds.isdecimal() else None


def _read_error_detail(error: urllib.error.HTTPError) -> str:
    try:
        detail = json.loads(error.read(MAX_RESPONSE_BYTES))["detail"]
    except (OSError, ValueError, KeyError, TypeError):
        detail = f"answered {error.code}, so it is not a portal's API: check the address"
    return escape_unprintable(str(detail))[:600]
