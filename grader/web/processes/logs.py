"""Logs: one JSON object per line on standard error, about requests and processes, never about people.

A request is logged by its route, not its address: `/invitation/{token}`, not the token. An exception is logged by its
type and place, not its message, which may hold anything.
"""

import json
import logging
import math
import os
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ACCEPT_LOG_INTERVAL_S: Final = 60.0
"""Seconds between two messages that no connection can be accepted."""
_FIELDS: Final = ("method", "route", "status", "ms", "error", "submission", "tries", "count", "which", "code")
_log = logging.getLogger("grader.requests")


class JsonLineFormatter(logging.Formatter):
    """Formats each record as a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "pid": os.getpid(), "from": record.name}
        entry["event"] = record.getMessage()
        entry |= {name: vars(record)[name] for name in _FIELDS if name in vars(record)}
        if record.exc_info and record.exc_info[0] is not None:
            entry |= _describe_exception(record.exc_info[0], record.exc_info[2])
        return json.dumps(entry)


def configure_logging(level: int = logging.INFO) -> None:
    """Send this process's logs to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLineFormatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in ("uvicorn", "uvicorn.error", "asyncio", "multipart", "python_multipart", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("asyncio").addFilter(AcceptErrorFilter())


class AcceptErrorFilter(logging.Filter):
    """Lets through one message per minute that no connection can be accepted, with the number since the last one.

    Without file descriptors, asyncio logs thousands of them per second.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._next_at = -math.inf
        self._count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to log a record."""
        if not str(record.msg).startswith("socket.accept()"):
            return True
        self._count += 1
        if self._clock() < self._next_at:
            return False
        self._next_at = self._clock() + ACCEPT_LOG_INTERVAL_S
        record.count, self._count = self._count, 0
        return True


class RequestLogMiddleware:
    """Middleware that logs one line per request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            route = getattr(scope.get("route"), "path", "")
            entry = {"method": scope["method"], "route": route, "status": status}
            _log.info("request", extra=entry | {"ms": round((time.monotonic() - began) * 1000, 1)})


def _describe_exception(kind: type[BaseException], at: TracebackType | None) -> dict[str, Any]:
    frames = traceback.extract_tb(at)[-6:]
    return {"error": kind.__name__, "where": [f"{os.path.basename(f.filename)}:{f.lineno}" for f in frames]}
