"""The options of the portal: filled in by the command line, used by the portal."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.grading.cluster.address import Scheduler
from grader.sandbox.level import Level
from grader.services.progress import Progress


@dataclass(frozen=True)
class ListenOptions:
    """The address to listen at, the portal's public address, and the proxies whose forwarded headers are trusted."""

    host: str
    port: int
    url: str | None = None
    proxies: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServerOptions:
    """The number of processes of each kind, the sandbox levels, and the cluster that grades, if any."""

    processes: int
    workers: int | None
    level: Level
    min_level: Level
    scheduler: Scheduler | None = None


PortalStarter = Callable[[Path, str, ListenOptions, ServerOptions, Callable[[str], None], Progress], None]
"""A function that serves a course and a database until it is told to end.

It calls `announce` with the course's title and address once it listens, and notes remarks to the progress.
"""
