"""The settings of the portal, and the key that its cookies are signed with."""

import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from grader.atomic_write import create_file
from grader.core.errors import UsageError
from grader.grading.cluster.address import Scheduler
from grader.sandbox.level import Level

MIN_SECRET_LENGTH: Final = 32
"""Characters."""
LOOPBACK_HOSTS: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class PortalSettings:
    """The settings. `url` is the address by which people reach the portal; with https, cookies are for https only.

    `trusted_proxies` are the addresses whose forwarded headers are believed. With a `scheduler`, its cluster grades in
    place of `workers` on this machine. `jobs_folder` is the folder that the portal's processes share, None without one.
    """

    course: Path
    db: str
    secret: bytes = field(repr=False)
    url: str
    trusted_proxies: tuple[str, ...] = ()
    workers: int | None = None
    level: Level = Level.FULL
    min_level: Level = Level.SECCOMP
    jobs_folder: Path | None = None
    scheduler: Scheduler | None = None

    @property
    def secure(self) -> bool:
        """True if people reach the portal over TLS."""
        return self.url.startswith("https://")

    @property
    def grade_options(self) -> tuple[str, ...]:
        """The options with which `grader grade` grades in the same place as the portal."""
        where = self.scheduler.options if self.scheduler else ()
        here = ("--workers", str(self.workers)) if self.workers else ()
        return ("--sandbox", str(self.min_level), *where, *here)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names under which the portal answers."""
        return tuple(dict.fromkeys((urlsplit(self.url).hostname or "", *LOOPBACK_HOSTS)))


def resolve_public_url(url: str | None, host: str, port: int) -> str:
    """Return the public address. Raises UsageError if passwords would cross a network in the clear."""
    if url is not None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise UsageError(f"--url {url[:80]!r} is not an address: write https://grader.example.org")
        return f"{parts.scheme}://{parts.netloc}"
    if host not in LOOPBACK_HOSTS:
        raise UsageError(
            f"on {host}, passwords would cross the network in the clear: let a proxy do TLS, name it with "
            "--url https://… and --trusted-proxy, and serve on 127.0.0.1 (or say --url http://… to do it all the same)"
        )
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def load_secret(db: str, environment: Mapping[str, str] = os.environ) -> bytes:
    """Return GRADER_SECRET, else the content of a file made once, readable by its owner only. Raises UsageError."""
    secret = environment.get("GRADER_SECRET")
    if secret:
        if len(secret) < MIN_SECRET_LENGTH:
            raise UsageError(f"GRADER_SECRET is shorter than {MIN_SECRET_LENGTH} characters: make it of random ones")
        return secret.encode()
    file = _secret_file(db)
    try:
        return _read(file) if file.exists() else _make(file)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}: set GRADER_SECRET, or see to the rights of the folder") from error


def _secret_file(db: str) -> Path:
    """Return the path of the secret: beside an SQLite database, else in the current folder."""
    database = urlsplit(db).path.removeprefix("/") if db.startswith("sqlite") else "grader"
    return Path(f"{database}.secret")


def _make(file: Path) -> bytes:
    made = secrets.token_urlsafe(MIN_SECRET_LENGTH).encode()
    try:
        create_file(file, made, mode=0o600)
    except FileExistsError:  # another process was quicker
        return _read(file)
    return made


def _read(file: Path) -> bytes:
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(f"{file} can be read by others: chmod 600 {file}, or delete it to have a new one made")
    found = file.read_bytes().strip()
    if len(found) < MIN_SECRET_LENGTH:
        raise UsageError(f"{file} holds less than {MIN_SECRET_LENGTH} characters: delete it to have a new one made")
    return found
