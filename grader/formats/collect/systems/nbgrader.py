"""nbgrader's `submitted/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb`, with `timestamp.txt` beside it.

Facts from nbgrader's documentation and source: the course's folder holds a folder `submitted`, with one folder per
student, and in it one per assignment. `timestamp.txt` holds the time of submission, such as `2015-02-02 15:58:23.948203
UTC`; a time without a zone is UTC. A configured format may end in the abbreviation of a time zone, which is read with
the course's own. Only the last attempt is kept.
"""

import os
from collections.abc import Sequence
from typing import Final

from grader.core.errors import UnreadableSubmission
from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import EMPTY_FOLDER, TIMESTAMP_FILE_NAME, DownloadedFile
from grader.formats.decode_text import decode_unicode, escape_unprintable

DETECTION_RANK: Final = 3  # folders and a time stamp

_ROOT: Final = "submitted"


def matches(items: Sequence[DownloadedFile]) -> bool:
    """Tell whether a timestamp lies where nbgrader puts it, or a folder `submitted` holds students' folders."""
    return any(
        (item.name == TIMESTAMP_FILE_NAME and len(item.parts) == 3) or (item.parts[0] == _ROOT and len(item.parts) >= 4)
        for item in items
    )


def read_claims(items: Sequence[DownloadedFile]) -> list[FileClaim]:
    """Return one claim per file of a student in `submitted`, or in everything if there is no such folder."""
    has_root = any(item.parts[0] == _ROOT and len(item.parts) >= 4 for item in items)
    within = [(item, item.parts[has_root:]) for item in items if not has_root or item.parts[0] == _ROOT]
    times: dict[tuple[str, ...], str | None] = {
        parts[:2]: _read_timestamp(item)
        for item, parts in within
        if item.name == TIMESTAMP_FILE_NAME and len(parts) == 3
    }
    return [_claim(item, parts, times.get(parts[:2])) for item, parts in within if not item.is_metadata]


def _read_timestamp(item: DownloadedFile) -> str | None:
    """Return the text of a time stamp, as far as it can be read."""
    try:
        return decode_unicode(item.load()).strip()
    except UnreadableSubmission:
        return None
    except UnicodeDecodeError:
        return "?"


def _claim(item: DownloadedFile, parts: tuple[str, ...], time: str | None) -> FileClaim:
    stem = os.path.splitext(item.name)[0]
    if len(parts) < 3 and not (len(parts) == 2 and item.name == EMPTY_FOLDER):
        return FileClaim(item, (), stem, problem="not in a folder STUDENT/ASSIGNMENT")
    name = escape_unprintable(parts[0])
    owner = FileOwner(name, parts[0], proposal=name, doubtful=item.doubtful)
    return FileClaim(item, (owner,), stem, parts[1] or None, stated_time=time)
