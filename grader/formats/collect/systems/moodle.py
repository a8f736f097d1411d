"""Moodle, *Download all submissions*: `Ada Lovelace_12345_assignsubmission_file_/losses.ipynb`, or without folders.

Facts from Moodle's own source (`mod/assign/classes/downloader.php`). A file lies in a folder
`NAME_NUMBER_assignsubmission_file`, with the student's own folders below it (in older versions the name ends with `_`);
texts are in a folder that ends in `onlinetext`. With "Download submissions in folders" off, all files lie in one flat
folder and are called `NAME_NUMBER_assignsubmission_file_losses.ipynb`. NAME is the full name as the site writes it,
with `_` replaced by spaces; NUMBER is the participant's number in *this assignment*, and differs in the next one. A
group has the group's name and number; with blind marking the name is "Participant". The grading worksheet maps numbers
to students (`Identifier`). The download holds only the latest attempt. The members' times are those of the download
(`archive_writer`: "Defaults to current time").
"""

import os
import re
from collections.abc import Sequence
from typing import Final

from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.decode_text import escape_unprintable

DETECTION_RANK: Final = 2  # its folders' names can't be mistaken

_PLACE: Final = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<number>\d{1,19}))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<rest>.*))?", re.DOTALL
)


def matches(items: Sequence[DownloadedFile]) -> bool:
    """Tell whether some file or its first folder is named as Moodle names them."""
    return any(_PLACE.fullmatch(item.parts[0]) for item in items if not item.is_metadata)


def read_claims(items: Sequence[DownloadedFile]) -> list[FileClaim]:
    """Return one claim for each file of a student."""
    return [_claim(item) for item in items if not item.is_metadata]


def _claim(item: DownloadedFile) -> FileClaim:
    parsed = _PLACE.fullmatch(item.parts[0])
    is_flat = len(item.parts) == 1
    stem = os.path.splitext((parsed["rest"] or "") if parsed and is_flat else item.name)[0]
    if not parsed:
        return FileClaim(item, (), stem, problem="not in a folder as Moodle names them")
    if parsed["number"] is None:
        return FileClaim(
            item,
            (),
            stem,
            problem=f"of the group {escape_unprintable(parsed['name'])!r}; Moodle does not name its members",
        )
    name = escape_unprintable(parsed["name"])
    owner = FileOwner(name, parsed["number"], participant=parsed["number"], proposal=name, doubtful=item.doubtful)
    return FileClaim(item, (owner,), stem)
