"""The portal's folder for files that are useless once it ends. The next start deletes what killed portals left."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

RUNTIME_DIR_PREFIX: Final = "grader-portal-"
_LOCK_FILE: Final = "held"
_NEW_LOCK_FILE: Final = "made"


@contextmanager
def open_runtime_dir() -> Iterator[Path]:
    """Create a folder that nobody else can read, for as long as the context lasts."""
    _sweep()
    with tempfile.TemporaryDirectory(prefix=RUNTIME_DIR_PREFIX) as name:
        folder = Path(name)
        with (folder / _NEW_LOCK_FILE).open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # the system lets go of it, however this process ends
            (folder / _NEW_LOCK_FILE).rename(folder / _LOCK_FILE)
            yield folder


def _sweep() -> None:
    """Delete our folders that no living portal holds. A folder without the lock file is being made or deleted."""
    for folder in Path(tempfile.gettempdir()).glob(f"{RUNTIME_DIR_PREFIX}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with (folder / _LOCK_FILE).open("r+") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
