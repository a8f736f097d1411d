"""Starts the portal's processes, restarts one that dies, and ends all of them in order when told to."""

import errno
import logging
import multiprocessing
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from grader.web.processes import entry_points
from grader.web.processes.runtime_dir import open_runtime_dir
from grader.web.settings import PortalSettings

RESTART_DELAY_S: Final = 1.0
"""Seconds before a process that died is started again; twice as long each time that it dies as it starts."""
MAX_RESTART_DELAY_S: Final = 30.0
MIN_UPTIME_S: Final = 5.0
PROCESS_CHECK_INTERVAL_S: Final = 0.5
PORT_WAIT_S: Final = 3.0
"""Seconds that others may take to leave the port."""
TERMINATE_TIMEOUT_S: Final = 30.0
"""Seconds that a process may take to end before it is killed."""

_log = logging.getLogger("grader.supervisor")


@dataclass
class _SupervisedProcess:
    """A process that has to run at all times."""

    name: str
    target: Callable[..., None]
    arguments: tuple[Any, ...]
    process: BaseProcess | None = None
    began: float = 0.0
    restart_at: float = 0.0
    pause: float = RESTART_DELAY_S

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.process = context.Process(target=self.target, args=self.arguments, name=self.name)
        self.process.start()
        self.began = time.monotonic()

    def ensure_running(self) -> None:
        """Start the process if it isn't running, after a pause."""
        now = time.monotonic()
        if self.process is not None and not self.process.is_alive():
            code, young = self.process.exitcode, now - self.began < MIN_UPTIME_S
            _log.error("a process ended", extra={"which": self.name, "code": code})
            self.process = None
            self.pause = min(self.pause * 2, MAX_RESTART_DELAY_S) if young else RESTART_DELAY_S
            self.restart_at = now + self.pause
        if self.process is None and now >= self.restart_at:
            self.start()


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket for the web processes to share; port 0 takes any. Raises OSError.

    If somebody else listens there, wait a little: the processes of a killed portal are about to end.
    """
    end = time.monotonic() + PORT_WAIT_S
    while True:
        try:
            return _open_socket(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > end:
                raise
        time.sleep(0.1)


def _open_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def supervise(settings: PortalSettings, listening: socket.socket, processes: int) -> None:
    """Keep the processes running until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with open_runtime_dir() as folder:
        _supervise_processes(replace(settings, jobs_folder=folder), listening, processes, stop)


def _supervise_processes(
    settings: PortalSettings, listening: socket.socket, processes: int, stop: threading.Event
) -> None:
    kept = [
        _SupervisedProcess(f"web {i}", entry_points.run_web_process, (settings, listening))
        for i in range(1, processes + 1)
    ]
    kept.append(_SupervisedProcess("dispatcher", entry_points.run_dispatcher_process, (settings,)))
    while not stop.is_set():
        for one in kept:
            one.ensure_running()
        stop.wait(PROCESS_CHECK_INTERVAL_S)
    _stop_processes([one.process for one in kept if one.process is not None])


def _stop_processes(ending: list[BaseProcess]) -> None:
    for one in ending:
        one.terminate()
    end = time.monotonic() + TERMINATE_TIMEOUT_S
    while (left := [one.sentinel for one in ending if one.is_alive()]) and time.monotonic() < end:
        wait(left, end - time.monotonic())
    for one in ending:
        one.kill()
        one.join()
