"""A portal's own folder for what is of no use once it ends. What killed portals left behind goes at the next start."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PREFIX: Final = "grader-portal-"
_HELD: Final = "held"
_MADE: Final = "made"


@contextmanager
def own_folder() -> Iterator[Path]:
    """A new folder that nobody else can read, for as long as the context lasts."""
    _sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        with (folder / _MADE).open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # the system lets go of it, however this process ends
            (folder / _MADE).rename(folder / _HELD)
            yield folder


def _sweep() -> None:
    """Deletes folders of ours that no living portal holds. One without the file is just being made, or deleted."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with (folder / _HELD).open("r+") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
