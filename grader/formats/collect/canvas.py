"""Canvas, *Download Submissions*: one flat folder of `lovelaceada_LATE_4711_90210_losses-1.ipynb`.

Facts, as Canvas' own source (`lib/content_zipper.rb`) has them. A name is made of: the sortable name ("Lovelace, Ada")
in lower case less all that isn't a letter, digit or `_`, a number between two `_` in it joined to what is around;
`LATE`, where Canvas calls the submission late; the user's id (of a group: a representative's); the id of the *file*;
and the file's display name, in which characters that file systems don't take are `_`. In anonymous assignments
`anon_XXXXX` stands in place of name and id. Texts and links are `…_text.html` and `…_link.html`. Only the latest
attempt is in it; a file uploaded again is `losses-1.ipynb`, and so are others of equal names. The members' times are
those of the download.
"""

import os
import re
from collections.abc import Sequence
from typing import Final

from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.collect.match_people import squeeze_name
from grader.formats.decode_text import escape_unprintable

_SYSTEM: Final = "canvas"
# Lazy: Canvas itself reads the first two numbers between `_` as the ids.
_NAME: Final = re.compile(
    r"(?P<name>\S+?)_(?P<late>LATE_)?(?P<user>\d{1,19})_(?P<file>\d{1,19})_(?P<rest>.+)", re.DOTALL
)
_ANONYMOUS: Final = re.compile(r"(?P<late>LATE_)?anon_(?P<user>\w{1,20}?)_(?P<file>\d{1,19})_(?P<rest>.+)", re.DOTALL)


def matches(items: Sequence[DownloadedFile]) -> bool:
    """Most of the files lie flat and are named so."""
    names = [item.name for item in items if item.is_submission_file and len(item.parts) == 1]
    return 2 * sum(bool(_match_name(name) or _ANONYMOUS.fullmatch(name)) for name in names) > len(names)


def read_claims(items: Sequence[DownloadedFile]) -> list[FileClaim]:
    """One for each notebook and script."""
    return [_claim(item) for item in items if item.is_submission_file]


def _claim(item: DownloadedFile) -> FileClaim:
    if anonymous := _ANONYMOUS.fullmatch(item.name):
        stem = os.path.splitext(anonymous["rest"])[0]
        problem = f"handed in anonymously, as {escape_unprintable(anonymous['user'])}; Canvas doesn't say by whom"
        return FileClaim(item, (), stem, late=bool(anonymous["late"]), problem=problem)
    said = _match_name(item.name)
    if not said:
        return FileClaim(item, (), os.path.splitext(item.name)[0], problem="not named as Canvas names files")
    name = escape_unprintable(said["name"])
    owner = FileOwner(name, said["user"], _SYSTEM, said["user"], squeezed=True, proposal=name, doubtful=item.doubtful)
    return FileClaim(item, (owner,), os.path.splitext(said["rest"])[0], late=bool(said["late"]))


def _match_name(name: str) -> re.Match[str] | None:
    said = _NAME.fullmatch(name)
    return said if said and squeeze_name(said["name"]) == said["name"].lower() else None
