"""Detection of the system that exported a download: from its contents, unless the user names the format."""

import pkgutil
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Final, Protocol, cast

from grader.formats.collect import folders, systems
from grader.formats.collect.file_claims import FileClaim
from grader.formats.collect.file_tree import DownloadedFile, FileTree


class DownloadFormat(Protocol):
    """The module of a system in `systems`."""

    DETECTION_RANK: int

    def matches(self, items: Sequence[DownloadedFile], /) -> bool:
        """Return whether the files look like a download of this system."""

    def read_claims(self, items: Sequence[DownloadedFile], /) -> list[FileClaim]:
        """Return a claim per notebook and script."""


def _load_systems() -> dict[str, DownloadFormat]:
    """Return the systems by name, those with the lowest rank first."""
    names = [module.name for module in pkgutil.iter_modules(systems.__path__)]
    found = {name: cast(DownloadFormat, import_module(f"{systems.__name__}.{name}")) for name in names}
    return dict(sorted(found.items(), key=lambda item: item[1].DETECTION_RANK))


_SYSTEMS: Final = _load_systems()
DOWNLOAD_FORMATS: Final = (*_SYSTEMS, "folders")


def detect_claims(tree: FileTree, exercises: Sequence[str], format_name: str | None) -> tuple[str, list[FileClaim]]:
    """Return the format, and its claim for each file. A common outer folder is removed where that helps.

    Raises UnreadableSubmission if a system's own metadata can't be read.
    """
    roots = [tree.items]
    while len(roots) < 3 and (inner := _strip_common_folder(roots[-1])) is not None:
        roots.append(inner)
    for items in roots:
        for name, system in _SYSTEMS.items():
            if format_name in (None, name) and system.matches(items):
                return name, system.read_claims(items)
    if format_name not in (None, "folders"):
        return format_name, _SYSTEMS[format_name].read_claims(tree.items)
    own_name = len(roots) > 1 and tree.items[0].parts[0] == tree.name  # the archive holds one folder of its own name
    return "folders", folders.read_claims(roots[1] if own_name else roots[0], exercises)


def _strip_common_folder(items: Sequence[DownloadedFile]) -> list[DownloadedFile] | None:
    """Return the files without their common first folder; None if they have none."""
    if len({item.parts[0] for item in items}) != 1 or any(len(item.parts) < 2 for item in items):
        return None
    return [replace(item, parts=item.parts[1:]) for item in items]
