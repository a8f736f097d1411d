"""HTTP connections with time limits, so that no proxy is needed to end those that send nothing, or half a request.

uvicorn ends connections that are idle after a response. This protocol ends the others: those that never send a whole
head of a request, and those whose request never ends.
"""

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIMEOUT_S: Final = 15.0
"""Seconds in which the head of a request must arrive, from the connection's begin or from the head's first byte."""
REQUEST_TIMEOUT_S: Final = 900.0
"""Seconds in which the body must have arrived: enough for the largest upload over a slow line."""


class TimedProtocol(H11Protocol):
    """One connection. The clock of a head or body doesn't start again with each byte."""

    _timer: asyncio.TimerHandle | None = None
    _awaited: object = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._await_part(h11.IDLE, HEAD_TIMEOUT_S)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and wait for what is missing of the request."""
        super().data_received(data)
        state = self.conn.their_state
        if state is h11.IDLE:
            self._await_part(state, HEAD_TIMEOUT_S)
        elif state is h11.SEND_BODY:
            self._await_part(state, REQUEST_TIMEOUT_S)
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_part(self, part: object, seconds: float) -> None:
        if self._awaited is not part:
            self._stop_waiting()
            self._awaited = part
            self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._awaited = None, None
