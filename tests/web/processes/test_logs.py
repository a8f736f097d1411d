"""Logs stay readable when the same failure repeats."""

import logging

from grader.web.processes.logs import ACCEPT_LOG_INTERVAL_S, AcceptErrorFilter


def _record(message: str) -> logging.LogRecord:
    return logging.LogRecord("asyncio", logging.ERROR, "", 0, message, (), None)


def test_one_accept_error_per_minute_is_logged() -> None:
    """Of thousands, the first is logged, and one a minute later with their number; others are not touched."""
    now = [1000.0]
    filter = AcceptErrorFilter(lambda: now[0])
    message = "socket.accept() out of system resource\nsocket: <…>"
    assert [filter.filter(_record(message)) for _ in range(3000)].count(True) == 1
    assert filter.filter(_record("another failure"))
    now[0] += ACCEPT_LOG_INTERVAL_S
    later = _record(message)
    assert filter.filter(later)
    assert vars(later)["count"] == 3000
