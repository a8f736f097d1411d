"""nbgrader's `submitted/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb`, with `timestamp.txt` beside it.

Facts from nbgrader's documentation and source: the course's folder holds a folder `submitted`, with one folder per
student, and in it one per assignment. `timestamp.txt` holds the time of submission, such as `2015-02-02 15:58:23.948203
UTC`; a time without a zone is UTC. Only the last attempt is kept.
"""

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from grader.core.errors import UnreadableSubmission
from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import TIMESTAMP_FILE_NAME, DownloadedFile
from grader.formats.decode_text import escape_unprintable

DETECTION_RANK: Final = 3  # folders and a time stamp

_ROOT: Final = "submitted"
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?: ?(\S+))?")


def matches(items: Sequence[DownloadedFile]) -> bool:
    """Tell whether a timestamp lies where nbgrader puts it, or a folder `submitted` holds students' folders."""
    return any(
        (item.name == TIMESTAMP_FILE_NAME and len(item.parts) == 3) or (item.parts[0] == _ROOT and len(item.parts) >= 4)
        for item in items
    )


def read_claims(items: Sequence[DownloadedFile]) -> list[FileClaim]:
    """Return one claim per notebook and script in `submitted`, or in everything if there is no such folder."""
    has_root = any(item.parts[0] == _ROOT and len(item.parts) >= 4 for item in items)
    within = [(item, item.parts[has_root:]) for item in items if not has_root or item.parts[0] == _ROOT]
    times: dict[tuple[str, ...], datetime | None] = {
        parts[:2]: _read_timestamp(item)
        for item, parts in within
        if item.name == TIMESTAMP_FILE_NAME and len(parts) == 3
    }
    return [_claim(item, parts, times.get(parts[:2])) for item, parts in within if item.is_submission_file]


def parse_nbgrader_time(text: str) -> datetime | None:
    """Parse a time as nbgrader writes it, into UTC; None if it is malformed."""
    match = _MOMENT.fullmatch(text.strip())
    if not match:
        return None
    try:
        naive = datetime.fromisoformat(f"{match[1]}T{match[2]}")
        zone = match[3] or "UTC"
        if re.fullmatch(r"Z|[+-]\d\d:?\d\d", zone):
            return datetime.fromisoformat(f"{naive.isoformat()}{zone}").astimezone(UTC)
        return naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, KeyError):  # an unknown zone raises KeyError
        return None


def _read_timestamp(item: DownloadedFile) -> datetime | None:
    try:
        return parse_nbgrader_time(item.load().decode("utf-8-sig", "replace"))
    except UnreadableSubmission:
        return None


def _claim(item: DownloadedFile, parts: tuple[str, ...], received_at: datetime | None) -> FileClaim:
    stem = os.path.splitext(item.name)[0]
    if len(parts) < 3:
        return FileClaim(item, (), stem, problem="not in a folder STUDENT/ASSIGNMENT")
    name = escape_unprintable(parts[0])
    owner = FileOwner(name, parts[0], proposal=name, doubtful=item.doubtful)
    return FileClaim(item, (owner,), stem, parts[1], received_at)
