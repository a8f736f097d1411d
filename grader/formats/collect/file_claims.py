"""The facts that a download states about a file: owner, exercise and time. Formats make claims and decide nothing."""

from dataclasses import dataclass
from datetime import datetime

from grader.formats.collect.file_tree import DownloadedFile


@dataclass(frozen=True)
class FileOwner:
    """A student as another system names them. `key` distinguishes students within one download.

    `id` is the id in `system`, where it is permanent (`canvas`, `gradescope`); `participant` is Moodle's number, which
    is valid for one assignment only. `is_squeezed` means that the name has lost its spaces, punctuation and capitals.
    `proposal` is the name for a new student, if the owner is not known yet. `doubtful` means that the encoding of the
    name is unknown.
    """

    name: str
    key: str
    system: str = ""
    id: str = ""
    email: str = ""
    participant: str = ""
    is_squeezed: bool = False
    proposal: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class FileClaim:
    """The facts stated by a file's path and the system's metadata; `problem` says why the owner is unknown.

    `stem` is the file's name as the student wrote it, without the suffix. `exercise` is the exercise named by a folder.
    `stated_time` is a time as the system wrote it, which the course's time zone may help to read.
    `late` is set by systems that mark late submissions without giving the time (None: not stated).
    """

    item: DownloadedFile
    owners: tuple[FileOwner, ...]
    stem: str
    exercise: str | None = None
    received_at: datetime | None = None
    late: bool | None = None
    problem: str | None = None
    stated_time: str | None = None
