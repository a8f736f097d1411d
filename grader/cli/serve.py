"""`grader serve`: the portal."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.course.loader import load_course
from grader.grading.cluster.address import Scheduler
from grader.grading.cluster.connection import require_dask
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from grader.store import Store


@dataclass(frozen=True)
class ListenOptions:
    """Where to listen, by which address people reach that, and whose forwarded headers are believed."""

    host: str
    port: int
    url: str | None = None
    proxies: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServerOptions:
    """With how many processes of each kind, in which sandbox, and on which cluster, if not on this machine."""

    processes: int
    workers: int | None
    level: Level
    least: Level
    scheduler: Scheduler | None = None


def run_serve(folder: Path, db: str, where: ListenOptions, how: ServerOptions) -> int:
    """Looks whether everything is there, then serves until it is told to end."""
    try:
        from grader.web import settings
        from grader.web.processes import logs, supervisor
    except ModuleNotFoundError as error:
        raise UsageError(f"the portal needs {error.name}: run `pip install 'grader[web]'`") from error

    settings.resolve_public_url(where.url, where.host, where.port)
    if how.scheduler is not None:
        require_dask()
    course = load_course(folder)
    with Sandbox(how.level, how.least, course.packages), Store.open(db) as store:
        store.remember(course)
        has_people = bool(store.accounts.list_all())
    try:
        listening = supervisor.listen(where.host, where.port)
    except OSError as error:
        raise UsageError(
            f"{where.host}:{where.port} can't be listened at ({error.strerror}): choose another --port"
        ) from error
    with listening:
        url = settings.resolve_public_url(where.url, where.host, listening.getsockname()[1])
        secret = settings.load_secret(db, os.environ)
        told = settings.PortalSettings(
            folder.resolve(), db, secret, url, where.proxies, how.workers, how.level, how.least, scheduler=how.scheduler
        )
        terminal.print_line(f"{course.title}: {url}")
        sys.stdout.flush()
        if not has_people:
            terminal.print_remark("nobody can sign in yet: grader user add NAME --role instructor")
        if not told.secure and where.host not in settings.LOOPBACK_HOSTS:
            terminal.print_remark("without TLS, passwords cross the network in the clear")
        logs.configure_logging()
        supervisor.supervise(told, listening, how.processes)
    return 0
