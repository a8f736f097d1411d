"""Canvas, *Download Submissions*: one flat folder of `lovelaceada_LATE_4711_90210_losses-1.ipynb`.

Facts from Canvas' own source (`lib/content_zipper.rb`). A file's name consists of: the sortable name ("Lovelace, Ada")
in lower case without everything that isn't a letter, digit or `_`, where a number between two `_` is joined to its
neighbours; `LATE`, if Canvas considers the submission late; the user's id (for a group: a representative's id); the id
of the *file*; and the file's display name, in which characters that file systems don't accept become `_`. In anonymous
assignments `anon_XXXXX` replaces name and id. Texts and links are `…_text.html` and `…_link.html`. The download holds
only the latest attempt; a file that was uploaded again is called `losses-1.ipynb`, and so are further files of the same
name. The members' times are those of the download.
"""

import os
import re
from collections.abc import Sequence
from typing import Final

from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.collect.match_people import squeeze_name
from grader.formats.decode_text import escape_unprintable

DETECTION_RANK: Final = 4  # only most file names have its form

_SYSTEM: Final = "canvas"
# Lazy: Canvas itself reads the first two numbers between `_` as the ids.
_NAME: Final = re.compile(
    r"(?P<name>\S+?)_(?P<late>LATE_)?(?P<user>\d{1,19})_(?P<file>\d{1,19})_(?P<rest>.+)", re.DOTALL
)
_ANONYMOUS: Final = re.compile(r"(?P<late>LATE_)?anon_(?P<user>\w{1,20}?)_(?P<file>\d{1,19})_(?P<rest>.+)", re.DOTALL)


def matches(items: Sequence[DownloadedFile]) -> bool:
    """Tell whether most of the files lie in one flat folder and are named as Canvas names them."""
    names = [item.name for item in items if not item.is_metadata and len(item.parts) == 1]
    return 2 * sum(bool(_match_name(name) or _ANONYMOUS.fullmatch(name)) for name in names) > len(names)


def read_claims(items: Sequence[DownloadedFile]) -> list[FileClaim]:
    """Return one claim for each file of a student."""
    return [_claim(item) for item in items if not item.is_metadata]


def _claim(item: DownloadedFile) -> FileClaim:
    if anonymous := _ANONYMOUS.fullmatch(item.name):
        stem = os.path.splitext(anonymous["rest"])[0]
        problem = f"handed in anonymously, as {escape_unprintable(anonymous['user'])}; Canvas does not name the student"
        return FileClaim(item, (), stem, late=bool(anonymous["late"]), problem=problem)
    parsed = _match_name(item.name)
    if not parsed:
        return FileClaim(item, (), os.path.splitext(item.name)[0], problem="not named as Canvas names files")
    name = escape_unprintable(parsed["name"])
    owner = FileOwner(
        name, parsed["user"], _SYSTEM, parsed["user"], is_squeezed=True, proposal=name, doubtful=item.doubtful
    )
    return FileClaim(item, (owner,), os.path.splitext(parsed["rest"])[0], late=bool(parsed["late"]))


def _match_name(name: str) -> re.Match[str] | None:
    match = _NAME.fullmatch(name)
    return match if match and squeeze_name(match["name"]) == match["name"].lower() else None
