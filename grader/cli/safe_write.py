"""Files that a command writes where somebody may have others: whole or not at all, and over nothing that differs."""

from collections.abc import Mapping
from pathlib import Path

from grader.atomic_write import replace_file
from grader.core.errors import UsageError


def write_new(files: Mapping[Path, bytes], *, force: bool) -> int:
    """Writes the files; those that hold the same already stay. Returns how many are new or changed.

    Raises UsageError, before anything is written, where a file holds something else, unless it is forced.
    """
    try:
        changed = {path: data for path, data in files.items() if not _holds(path, data, force)}
        for path, data in changed.items():
            replace_file(path, data)
    except OSError as error:
        where = error.filename or next(iter(files))
        raise UsageError(f"{where} can't be written ({error.strerror or error}): choose another place") from error
    return len(changed)


def _holds(path: Path, data: bytes, force: bool) -> bool:
    """Whether the file holds this already. Raises UsageError where it holds something else that has to stay."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file")
    if not path.exists():
        return False
    if path.read_bytes() == data:
        return True
    if not force:
        raise UsageError(f"{path} is there already, with other contents: name another file, or add --force")
    return False
