"""One folder per student, `STUDENT/EXERCISE.ipynb`, or files named `STUDENT__EXERCISE.ipynb`; without times."""

import os
from collections.abc import Sequence

from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import parse_owner


def read_claims(items: Sequence[DownloadedFile], exercises: Sequence[str]) -> list[FileClaim]:
    """Return one claim for each file."""
    return [_claim(item, exercises) for item in items if not item.is_metadata]


def _claim(item: DownloadedFile, exercises: Sequence[str]) -> FileClaim:
    stem = os.path.splitext(item.name)[0]
    if len(item.parts) > 1:
        return FileClaim(item, (_owner(item.parts[0], item),), stem)
    name = parse_owner(stem, exercises)
    if name is None:
        return FileClaim(
            item, (), stem, problem="not in a folder named after the student, and not named STUDENT__EXERCISE"
        )
    return FileClaim(item, (_owner(name, item),), stem[len(name) :].lstrip("_"))


def _owner(name: str, item: DownloadedFile) -> FileOwner:
    return FileOwner(escape_unprintable(name), name, proposal=escape_unprintable(name), doubtful=item.doubtful)
