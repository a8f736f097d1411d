"""Starts the portal: checks the prerequisites, listens, and serves until stopped."""

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from grader.core.errors import UsageError, describe_missing_extra
from grader.course.loader import load_course
from grader.grading.cluster.connection import require_dask
from grader.sandbox.sandbox import Sandbox
from grader.services.course_packages import require_packages
from grader.services.portal_options import ListenOptions, ServerOptions
from grader.services.progress import Progress
from grader.store import Store
from grader.web import settings
from grader.web.processes import logs, supervisor

_PACKAGES: Final = ("fastapi", "uvicorn", "python_multipart", "argon2", "itsdangerous")
"""The packages of the extra `web`, which the portal's processes import."""


def serve_portal(
    folder: Path,
    db: str,
    listen: ListenOptions,
    options: ServerOptions,
    announce: Callable[[str], None],
    progress: Progress,
) -> None:
    """Serve a course and its records. `announce` is called with title and address once the portal listens.

    Raises UsageError for an address that isn't safe or can't be listened at, and for a missing package.
    """
    for package in _PACKAGES:
        if find_spec(package) is None:
            raise UsageError(describe_missing_extra("the portal", package, "web"))
    settings.resolve_public_url(listen.url, listen.host, listen.port)
    if options.scheduler is not None:
        require_dask()
    course = load_course(folder)
    require_packages(course)
    with Sandbox(options.level, options.min_level, course.packages), Store.open(db) as store:
        store.remember(course)
        has_people = bool(store.accounts.list_all())
    try:
        listening = supervisor.listen(listen.host, listen.port)
    except OSError as error:
        raise UsageError(
            f"{listen.host}:{listen.port} can't be listened at ({error.strerror}): choose another --port"
        ) from error
    with listening:
        portal = _make_settings(folder, db, listen, options, listening.getsockname()[1])
        announce(f"{course.title}: {portal.url}")
        if not has_people:
            progress.note("nobody can sign in yet: grader user add NAME --role instructor")
        if not portal.secure and listen.host not in settings.LOOPBACK_HOSTS:
            progress.note("without TLS, passwords cross the network in the clear")
        logs.configure_logging()
        supervisor.supervise(portal, listening, options.processes)


def _make_settings(
    folder: Path, db: str, where: ListenOptions, how: ServerOptions, port: int
) -> settings.PortalSettings:
    """Make the settings of a portal that listens at a port. Raises UsageError for an unusable secret."""
    return settings.PortalSettings(
        folder.resolve(),
        db,
        settings.load_secret(db, os.environ),
        settings.resolve_public_url(where.url, where.host, port),
        where.proxies,
        how.workers,
        how.level,
        how.min_level,
        scheduler=how.scheduler,
    )
