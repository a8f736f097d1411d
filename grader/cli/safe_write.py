"""Writes a command's files whole or not at all, for their owner alone, and never over a file with other content."""

from collections.abc import Mapping
from pathlib import Path

from grader.atomic_write import PRIVATE_MODE, replace_file
from grader.core.errors import UsageError


def write_new(files: Mapping[Path, bytes], *, force: bool) -> int:
    """Write the files, except those that have this content already. Return how many are new or changed.

    Raises UsageError, before anything is written, if a file has other content and `force` is not set.
    """
    try:
        changed = {path: data for path, data in files.items() if not _holds(path, data, force)}
        for path, data in changed.items():
            replace_file(path, data, mode=PRIVATE_MODE)
    except OSError as error:
        where = error.filename or next(iter(files))
        raise UsageError(f"{where} can't be written ({error.strerror or error}): choose another place") from error
    return len(changed)


def _holds(path: Path, data: bytes, force: bool) -> bool:
    """Return whether the file has this content already. Raises UsageError if it has other content that must stay."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file")
    if not path.exists():
        return False
    if path.read_bytes() == data:
        return True
    if not force:
        raise UsageError(f"{path} exists already with other contents: name another file, or add --force")
    return False
