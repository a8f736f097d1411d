"""The time limit of a request's body."""

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from grader.web.security import body_limits
from grader.web.security.body_limits import BodyLimitMiddleware
from tests.web.loop import run

SCOPE = {"type": "http", "path": "/sign-in", "method": "POST", "headers": []}


async def _send(message: Message) -> None:
    raise AssertionError(message)


def test_an_idle_body_is_a_408(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body whose rest never comes is a 408; one that comes in time is read whole."""
    monkeypatch.setattr(body_limits, "IDLE_TIMEOUT_S", 0.2)
    read: list[bytes] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        read.append(await Request(scope, receive).body())

    async def arrive(parts: list[bytes], *, whole: bool) -> None:
        left = list(parts)

        async def receive() -> Message:
            if not left:
                await asyncio.sleep(3600)
            part = left.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(left) or not whole}

        await BodyLimitMiddleware(app)(SCOPE, receive, _send)

    run(arrive([b"one", b"two"], whole=True))
    assert read == [b"onetwo"]
    with pytest.raises(HTTPException) as caught:
        run(arrive([b"one"], whole=False))
    assert caught.value.status_code == 408
