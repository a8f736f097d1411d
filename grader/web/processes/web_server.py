"""A web process: answers the requests that come in at the portal's socket."""

import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from grader.core.errors import GraderError
from grader.web.app import create_app
from grader.web.app_state import open_portal
from grader.web.processes import logs
from grader.web.processes.parent_death import end_with_parent
from grader.web.processes.thread_pools import limit_page_threads
from grader.web.processes.timed_protocol import TimedProtocol
from grader.web.settings import PortalSettings

REQUEST_SHUTDOWN_TIMEOUT_S = 25
"""Seconds that requests may take when the process is to end: uploads are read to their end."""

_log = logging.getLogger("grader.process")


class _Server(uvicorn.Server):
    """A server that returns after a signal; uvicorn's own raises the signal again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle the signals while the server runs."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.handle_exit)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, with the configured number of threads."""
        limit_page_threads()
        await super().startup(sockets)


def answer_requests(settings: PortalSettings, listening: socket.socket) -> None:
    """Answer requests at a socket until told to end."""
    logs.configure_logging()
    end_with_parent()
    try:
        with open_portal(settings) as portal:
            config = uvicorn.Config(
                create_app(portal),
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                ws="none",
                proxy_headers=bool(settings.trusted_proxies),
                forwarded_allow_ips=list(settings.trusted_proxies),
                timeout_graceful_shutdown=REQUEST_SHUTDOWN_TIMEOUT_S,
                timeout_keep_alive=15,
                http=TimedProtocol,
            )
            _Server(config).run(sockets=[listening])
    except GraderError as error:
        _log.error("can't serve: %s", error)
        sys.exit(error.exit_code)
