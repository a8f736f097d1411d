"""What a download says of each file: whose, for which exercise, when. Formats make claims; nothing is decided here."""

from dataclasses import dataclass
from datetime import datetime

from grader.formats.collect.file_tree import DownloadedFile


@dataclass(frozen=True)
class FileOwner:
    """Somebody, as another system names them. `key` tells two of them apart within one download.

    `id` is that of `system`, where it lasts (`canvas`, `gradescope`), `participant` Moodle's number, which only holds
    for one assignment. `squeezed`: the name has lost its spaces, signs and capitals. `proposal` is what a student is
    called whom nobody knew.
    """

    name: str
    key: str
    system: str = ""
    id: str = ""
    email: str = ""
    participant: str = ""
    squeezed: bool = False
    proposal: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class FileClaim:
    """What a file's place and the system's metadata say of it; `problem`: why they don't say whose it is.

    `stem` is its name as the student wrote it, less the ending. `exercise` is what a folder says. `late` is what a
    system says that doesn't tell the moment (None: it says neither).
    """

    item: DownloadedFile
    owners: tuple[FileOwner, ...]
    stem: str
    exercise: str | None = None
    received_at: datetime | None = None
    late: bool | None = None
    problem: str | None = None
