"""Limits on a request's size and speed. A body that is too large is read to its end: its sender gets an answer."""

import asyncio
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.core.text.messages import gettext
from grader.web.limits import IDLE_TIMEOUT_S, MAX_BODY_BYTES, MAX_DRAINED_BYTES, MAX_UPLOAD_BODY_BYTES

UPLOAD_PATH_SUFFIX: Final = "/attempts"
"""Endings of the paths that take uploads."""


class BodyLimitMiddleware:
    """Middleware that counts bytes as they are read; too many raise HTTPException 413 in the reader.

    If nothing arrives for IDLE_TIMEOUT_S seconds, the answer is 408, and the connection is closed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with a body that is counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MAX_UPLOAD_BODY_BYTES if scope["path"].endswith(UPLOAD_PATH_SUFFIX) else MAX_BODY_BYTES
        await self._app(scope, _LimitedBody(receive, most), send)


class _LimitedBody:
    """A body with a limit on its bytes."""

    def __init__(self, receive: Receive, max_bytes: int) -> None:
        self._receive, self._most = receive, max_bytes
        self._seen, self._over = 0, False

    async def __call__(self) -> Message:
        message = await self._next()
        if self._seen <= self._most:
            return message
        while not self._over and self._seen < MAX_DRAINED_BYTES:
            await self._next()
        handing_in = gettext(
            "This is larger than the limit of 25 MB, so nothing was recorded. "
            "Clear the notebook's outputs, save it, and hand it in again."
        )
        raise HTTPException(413, str(handing_in if self._most > MAX_BODY_BYTES else gettext("This is too large.")))

    async def _next(self) -> Message:
        try:
            async with asyncio.timeout(None if self._over else IDLE_TIMEOUT_S):
                message = await self._receive()
        except TimeoutError as error:
            self._over = True
            said = gettext("The upload was too slow, so nothing was recorded. Try again.")
            raise HTTPException(408, str(said)) from error
        self._seen += len(message.get("body", b""))
        self._over = message["type"] != "http.request" or not message.get("more_body", False)
        return message
