"""Moodle, *Download all submissions*: `Ada Lovelace_12345_assignsubmission_file_/losses.ipynb`, or without folders.

Facts, as Moodle's own source (`mod/assign/classes/downloader.php`) has them. A file lies in a folder
`NAME_NUMBER_assignsubmission_file`, with the student's own folders below it (older versions end it with `_`); texts are
in one that ends in `onlinetext`. With "Download submissions in folders" off, all files lie flat and are called
`NAME_NUMBER_assignsubmission_file_losses.ipynb`. NAME is the full name as the site writes it, `_` in it made spaces;
NUMBER the participant of *this assignment*, another one in the next. Of groups they are the group's name and number; of
blind marking, "Participant". The grading worksheet says whose a number is (`Identifier`). Only the latest attempt is in
it. The members' times are those of the download (`archive_writer`: "Defaults to current time").
"""

import os
import re
from collections.abc import Sequence
from typing import Final

from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.decode_text import escape_unprintable

_PLACE: Final = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<number>\d{1,19}))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<rest>.*))?", re.DOTALL
)


def matches(items: Sequence[DownloadedFile]) -> bool:
    """Some file or its first folder is named so."""
    return any(_PLACE.fullmatch(item.parts[0]) for item in items if item.is_submission_file)


def read_claims(items: Sequence[DownloadedFile]) -> list[FileClaim]:
    """One for each notebook and script."""
    return [_claim(item) for item in items if item.is_submission_file]


def _claim(item: DownloadedFile) -> FileClaim:
    said = _PLACE.fullmatch(item.parts[0])
    is_flat = len(item.parts) == 1
    stem = os.path.splitext((said["rest"] or "") if said and is_flat else item.name)[0]
    if not said:
        return FileClaim(item, (), stem, problem="not in a folder as Moodle names them")
    if said["number"] is None:
        return FileClaim(
            item,
            (),
            stem,
            problem=f"of the group {escape_unprintable(said['name'])!r}; Moodle doesn't say who is in it",
        )
    name = escape_unprintable(said["name"])
    owner = FileOwner(name, said["number"], participant=said["number"], proposal=name, doubtful=item.doubtful)
    return FileClaim(item, (owner,), stem)
