"""Files as they were given out: in a folder or an archive, by path and contents. Nothing is unpacked, no link followed.

What isn't a notebook or script, nor tells of those, is only counted. What may not be read gets one line.
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
from grader.formats.decode_text import printable
from grader.formats.discover import LEFTOVERS
from grader.formats.read_submission import SUFFIXES, load

METADATA: Final = "submission_metadata.yml"
TIMESTAMP: Final = "timestamp.txt"
_ARCHIVE: Final = re.compile(r"\.(zip|tar|tgz|gz|bz2|xz|7z|rar)", re.IGNORECASE)
_MAX_DEPTH: Final = 12


@dataclass(frozen=True)
class Item:
    """A file: its path below the root, as text and as it is shown; `load` may raise UnreadableSubmission.

    `doubtful`: the name's encoding is unknown, so that its letters may be others.
    """

    parts: tuple[str, ...]
    shown: str
    load: Callable[[], bytes]
    doubtful: bool = False

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.parts[-1]

    @property
    def is_work(self) -> bool:
        """It is a notebook or a script, by its name."""
        return os.path.splitext(self.name)[1].lower() in SUFFIXES


Refused = tuple[str, str]
"""A file as it is shown, and why it isn't read."""


@dataclass
class Tree:
    """Everything below one path: what may be read, a line for what may not, and how many files are something else."""

    name: str
    items: list[Item] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    others: int = 0
    close: Callable[[], None] = lambda: None

    def add(self, item: Item) -> None:
        """Takes a file up, if it is of interest."""
        if item.is_work or item.name in (METADATA, TIMESTAMP):
            self.items.append(item)
        elif _ARCHIVE.fullmatch(os.path.splitext(item.name)[1]):
            self.refused.append((item.shown, "an archive in what was handed in; unpack it, and collect that folder"))
        else:
            self.others += 1


def is_leftover(parts: tuple[str, ...]) -> bool:
    """Something that systems and editors leave lying about, or that lies within such a folder."""
    return any(LEFTOVERS.fullmatch(part) for part in parts)


def folder(path: Path) -> Tree:
    """All files below a folder. Raises UsageError where the folder itself can't be listed."""
    tree = Tree(os.path.basename(os.path.abspath(path)))
    for entry, parts in _walk(path, (), tree):
        shown = printable(os.path.join(str(path), *parts))
        kind = _kind(entry)
        if kind is not None:
            tree.refused.append((shown, kind))
        else:
            tree.add(Item(parts, shown, partial(load, Path(entry.path))))
    return tree


def _walk(path: Path, above: tuple[str, ...], tree: Tree) -> Iterator[tuple["os.DirEntry[str]", tuple[str, ...]]]:
    shown = printable(str(path))
    try:
        with os.scandir(path) as entries:
            there = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        what = f"can't be listed ({error.strerror}); look at its permissions"
        if not above:
            raise UsageError(f"{shown}: {what}") from None
        tree.refused.append((shown, what))
        return
    for entry in there:
        parts = (*above, entry.name)
        if is_leftover((entry.name,)):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield entry, parts
        elif len(parts) > _MAX_DEPTH:
            tree.refused.append((printable(entry.path), "folders this deep are not searched; move its files up"))
        else:
            yield from _walk(Path(entry.path), parts, tree)


def _kind(entry: "os.DirEntry[str]") -> str | None:
    """Why an entry can't be a submission; None for a regular file."""
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        return "a link, and links are not followed; put the file or folder itself there"
    return None if stat.S_ISREG(mode) else "no regular file (a device, pipe or socket); take it away"
