"""Finds files of the records that others on this machine can read: files that exist keep their permissions."""

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.store.db.engine import parse_database_url

_SUFFIXES: Final = ("", "-wal", "-shm", ".secret")


@dataclass(frozen=True)
class ReadableFile:
    """A file that others can read, or change, and its permissions as `chmod` takes them."""

    path: str
    mode: str


def find_readable_files(db: str) -> list[ReadableFile]:
    """Return those of the files of an SQLite database which others can read or change. Raises StoreError."""
    url = parse_database_url(db)
    if url.get_backend_name() != "sqlite":
        return []
    found = []
    for suffix in _SUFFIXES:
        path = Path(f"{url.database}{suffix}")
        if path.is_file() and (mode := stat.S_IMODE(path.stat().st_mode)) & (stat.S_IRWXG | stat.S_IRWXO):
            found.append(ReadableFile(str(path), f"{mode:o}"))
    return found
