"""Connections that send nothing, or half a request, end by themselves; honest ones are answered."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from grader.web.processes import timed_protocol
from grader.web.processes.timed_protocol import TimedProtocol


async def _answer(scope: Any, receive: Any, send: Any) -> None:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """Yield the address of a server with short time limits."""
    monkeypatch.setattr(timed_protocol, "HEAD_TIMEOUT_S", 0.4)
    monkeypatch.setattr(timed_protocol, "REQUEST_TIMEOUT_S", 0.8)
    config = uvicorn.Config(_answer, http=TimedProtocol, lifespan="off", log_config=None, timeout_keep_alive=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            yield listening.getsockname()
        finally:
            server.should_exit = True
            thread.join(30)


def _read_to_end(connection: socket.socket) -> bytes:
    """Return all that arrives until the server closes; a timeout fails the test."""
    connection.settimeout(30)
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(4096):
            found += part
    return found


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
    ],
    ids=["nothing", "half a line", "half a head", "half a body"],
)
def test_a_connection_without_a_whole_request_ends(address: tuple[str, int], sent: bytes) -> None:
    """The server ends it, and has answered nothing."""
    with socket.create_connection(address) as connection:
        connection.sendall(sent)
        assert b"200 OK" not in _read_to_end(connection)


def test_bytes_that_trickle_gain_no_time(address: tuple[str, int]) -> None:
    """A head that arrives byte by byte ends like one that stops, and so does a second one on a connection."""
    whole = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(address) as connection:
        connection.sendall(whole)
        assert b"200 OK" in connection.recv(4096)
        ended = threading.Event()

        def trickle() -> None:
            with contextlib.suppress(OSError):
                connection.sendall(b"GET / HTTP/1.1\r\nX: ")
                while not ended.wait(0.05):
                    connection.sendall(b"x")

        thread = threading.Thread(target=trickle)
        thread.start()
        assert _read_to_end(connection).count(b"200 OK") == 0
        ended.set()
        thread.join()


def test_whole_requests_are_answered(address: tuple[str, int]) -> None:
    """Requests one after the other on one connection, and one in pieces, get their answers."""
    with socket.create_connection(address) as connection:
        for _ in range(3):
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nwh")
            connection.sendall(b"ol")
            found = b""
            while not found.endswith(b"\r\n\r\nok"):
                found += connection.recv(4096)
            assert b"200 OK" in found
