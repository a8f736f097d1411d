"""The data files of an exercise, `reference/NAME/data/`: found and limited when a course is loaded.

The course's own code reads them as students do, by paths that begin with `data/`: while it runs, a folder with them is
the current one.
"""

import contextlib
import os
import shutil
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grader.core.errors import CourseError
from grader.core.questions.exercise import Exercise
from grader.core.text.source_location import SourceLocation
from grader.core.wire.data_file import MAX_DATA_BYTES, MAX_DATA_FILE_BYTES, MAX_DATA_FILES, DataFile

DATA_FOLDER: Final = "data"
_FORBIDDEN: Final = frozenset('<>:"\\|?*')
"""Characters that a file name can't have on every system of students."""
_CLONE_FS: Final = 0x200
_turn = threading.RLock()


def find_data_files(folder: Path) -> tuple[DataFile, ...]:
    """Return the data files of the exercise in a folder, in order. Raises CourseError for those that can't be used.

    Hidden files are left out.
    """
    root = folder / DATA_FOLDER
    files = []
    for path in sorted(root.rglob("*"), key=lambda file: file.relative_to(root).parts):
        inside = path.relative_to(root)
        if not any(part.startswith(".") for part in inside.parts) and path.is_file():
            files.append(DataFile(f"{DATA_FOLDER}/{inside.as_posix()}", path, path.stat().st_size))
    _require_usable(root, files)
    return tuple(files)


def require_distinct_data(exercises: tuple[Exercise, ...]) -> None:
    """Raise CourseError if two exercises have different files under one name: students have all in one folder."""
    seen: dict[str, DataFile] = {}
    for exercise in exercises:
        for file in exercise.data_files:
            other = seen.setdefault(file.name.casefold(), file)
            if other is not file and (other.name != file.name or not _is_equal(other, file)):
                raise CourseError(
                    f"{SourceLocation(str(file.path))}: {other.path} is another file of this name, and students have "
                    "both in one folder: rename one of them"
                )


class WorkingFolder:
    """The folder in which the course's code of one exercise runs: the data files, and what the code writes.

    It is a temporary one, so that nothing is written into the course.
    """

    def __init__(self, files: tuple[DataFile, ...]) -> None:
        self._files = files
        self._path: Path | None = None

    @contextlib.contextmanager
    def enter(self) -> Iterator[None]:
        """Make it the current folder.

        On Linux this holds for the calling thread alone, if there are others; elsewhere for the whole process.
        """
        with _turn:
            if self._path is None:
                self._path = self._make()
            if threading.active_count() > 1 and sys.platform.startswith("linux"):
                import ctypes  # not every system has it

                ctypes.CDLL(None).unshare(_CLONE_FS)
            with contextlib.chdir(self._path):
                yield

    def _make(self) -> Path:
        path = Path(tempfile.mkdtemp(prefix="grader-course-"))
        weakref.finalize(self, _remove, path, os.getpid())
        for file in self._files:
            (path / file.name).parent.mkdir(parents=True, exist_ok=True)
            try:
                (path / file.name).symlink_to(file.path)
            except OSError:  # Windows without the right to do so
                shutil.copyfile(file.path, path / file.name)
        return path


def _remove(path: Path, owner: int) -> None:
    if os.getpid() == owner:  # not in a fork
        shutil.rmtree(path, ignore_errors=True)


def _require_usable(root: Path, files: list[DataFile]) -> None:
    names: dict[str, DataFile] = {}
    for file in files:
        if not file.name.isprintable() or _FORBIDDEN & set(file.name):
            raise CourseError(f"{SourceLocation(str(file.path))}: not every system allows this name: rename the file")
        if (other := names.setdefault(file.name.casefold(), file)) is not file:
            raise CourseError(f"{SourceLocation(str(file.path))}: it differs from {other.name} in case only: rename it")
        if file.size > MAX_DATA_FILE_BYTES:
            limit = MAX_DATA_FILE_BYTES // 2**20
            raise CourseError(f"{SourceLocation(str(file.path))}: a data file has at most {limit} MB")
    if len(files) > MAX_DATA_FILES:
        raise CourseError(f"{SourceLocation(str(root))}: an exercise has at most {MAX_DATA_FILES} data files")
    if sum(file.size for file in files) > MAX_DATA_BYTES:
        raise CourseError(
            f"{SourceLocation(str(root))}: the data files of an exercise have at most {MAX_DATA_BYTES // 2**20} MB"
        )


def _is_equal(one: DataFile, other: DataFile) -> bool:
    return one.size == other.size and Path(one.path).read_bytes() == Path(other.path).read_bytes()
