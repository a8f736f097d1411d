"""Files as they were downloaded, from a folder or an archive: paths and contents. Nothing is unpacked.

Links are not followed. Files that are neither notebooks nor scripts nor metadata are listed apart, and so are folders
without any file. A file that may not be read gets one line.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from grader.core.errors import UsageError
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import ARCHIVE_SUFFIX, LEFTOVER_NAMES
from grader.formats.read_submission import SUBMISSION_SUFFIXES, read_submission_bytes

METADATA_FILE_NAME: Final = "submission_metadata.yml"
TIMESTAMP_FILE_NAME: Final = "timestamp.txt"
PACKAGE_FILE: Final = "__init__.py"
EMPTY_FOLDER: Final = ""
"""The name that stands for the contents of a folder without any file."""
_ARCHIVE: Final = re.compile(r"\.(zip|tar|tgz|gz|bz2|xz|7z|rar)", re.IGNORECASE)
_MAX_DEPTH: Final = 12


@dataclass(frozen=True)
class DownloadedFile:
    """A file: its path below the root, as parts and for display; `load` may raise UnreadableSubmission.

    `doubtful`: the encoding of the name is unknown, so that its letters may be wrong.
    """

    parts: tuple[str, ...]
    display_path: str
    load: Callable[[], bytes]
    doubtful: bool = False
    is_set: bool = False
    """True for the files of an exercise of several files, put together."""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.parts[-1]

    @property
    def is_submission_file(self) -> bool:
        """True if the file is a notebook or a script, judging by its name; `__init__.py` only belongs to a set."""
        return os.path.splitext(self.name)[1].lower() in SUBMISSION_SUFFIXES and self.name != PACKAGE_FILE

    @property
    def is_metadata(self) -> bool:
        """True if the file was written by the system and not by a student."""
        return self.name in (METADATA_FILE_NAME, TIMESTAMP_FILE_NAME)

    @property
    def is_archive(self) -> bool:
        """True if the file is an archive of any kind, judging by its name."""
        return _ARCHIVE.fullmatch(os.path.splitext(self.name)[1]) is not None

    @property
    def can_be_opened(self) -> bool:
        """True if the file is an archive of the one kind that is read."""
        return self.name.lower().endswith(ARCHIVE_SUFFIX)


RefusedFile = tuple[str, str]
"""The displayed path of a file, and the reason why it isn't read."""


@dataclass
class ReadBudget:
    """The members and bytes of archives that share their limits: of a download, or of one student's archives.

    Students have budgets of their own: the archives of one leave nobody else's unread.
    """

    max_size: int
    members: int = 0
    size: int = 0


@dataclass
class FileTree:
    """Everything below one path: files that may be read, refused files with a reason, and other files."""

    name: str
    items: list[DownloadedFile] = field(default_factory=list)
    refused_files: list[RefusedFile] = field(default_factory=list)
    other_files: list[DownloadedFile] = field(default_factory=list)
    close: Callable[[], None] = lambda: None
    place: str = ""
    """The displayed path of an archive within the download."""

    @property
    def other_count(self) -> int:
        """The number of files that are neither submissions nor metadata nor archives."""
        return sum(1 for item in self.other_files if item.name != EMPTY_FOLDER and not item.is_archive)

    def add(self, item: DownloadedFile) -> None:
        """Add a file."""
        (self.items if item.is_submission_file or item.is_metadata else self.other_files).append(item)

    def add_empty_folder(self, parts: tuple[str, ...], display_path: str) -> None:
        """Add a folder without any file."""
        self.other_files.append(DownloadedFile((*parts, EMPTY_FOLDER), display_path, bytes))


def is_leftover(parts: tuple[str, ...]) -> bool:
    """Tell whether a path is, or lies within, something that systems and editors leave behind."""
    return any(LEFTOVER_NAMES.fullmatch(part) for part in parts if part != PACKAGE_FILE)


def read_folder(path: Path) -> FileTree:
    """Return all files below a folder. Raises UsageError if the folder itself can't be listed."""
    tree = FileTree(os.path.basename(os.path.abspath(path)))
    for entry, parts in _walk(path, (), tree):
        shown = escape_unprintable(os.path.join(str(path), *parts))
        reason = _refusal_reason(entry)
        if reason is not None:
            tree.refused_files.append((shown, reason))
        else:
            tree.add(DownloadedFile(parts, shown, partial(read_submission_bytes, Path(entry.path))))
    return tree


def _walk(path: Path, above: tuple[str, ...], tree: FileTree) -> Iterator[tuple["os.DirEntry[str]", tuple[str, ...]]]:
    shown = escape_unprintable(str(path))
    try:
        with os.scandir(path) as entries:
            sorted_entries = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        reason = f"can't be listed ({error.strerror}); check its permissions"
        if not above:
            raise UsageError(f"{shown}: {reason}") from None
        tree.refused_files.append((shown, reason))
        return
    sorted_entries = [entry for entry in sorted_entries if not is_leftover((entry.name,))]
    if not sorted_entries:
        tree.add_empty_folder(above, shown)
    for entry in sorted_entries:
        parts = (*above, entry.name)
        if not entry.is_dir(follow_symlinks=False):
            yield entry, parts
        elif len(parts) > _MAX_DEPTH:
            tree.refused_files.append(
                (escape_unprintable(entry.path), "the folder is too deep and is not searched; move its files up")
            )
        else:
            yield from _walk(Path(entry.path), parts, tree)


def _refusal_reason(entry: "os.DirEntry[str]") -> str | None:
    """Return the reason why an entry can't be a submission; None for a regular file."""
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        return "a link, which is not followed; put the file or folder itself there"
    return None if stat.S_ISREG(mode) else "not a regular file (a device, pipe or socket); remove it"
