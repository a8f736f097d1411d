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
        """Return a claim for each file that is not metadata."""


def _load_systems() -> dict[str, DownloadFormat]:
    """Return the systems by name, those with the lowest rank first."""
    names = [module.name for module in pkgutil.iter_modules(systems.__path__)]
    found = {name: cast(DownloadFormat, import_module(f"{systems.__name__}.{name}")) for name in names}
    return dict(sorted(found.items(), key=lambda item: item[1].DETECTION_RANK))


_SYSTEMS: Final = _load_systems()
DOWNLOAD_FORMATS: Final = (*_SYSTEMS, "folders")


def detect_claims(tree: FileTree, exercises: Sequence[str], format_name: str | None) -> tuple[str, list[FileClaim]]:
    """Return the format, and its claim for each file, also for those that can't be graded.

    A common outer folder is removed where that helps; files beside it have no claim.

    Raises UnreadableSubmission if a system's own metadata can't be read.
    """
    everything = [*tree.items, *tree.other_files]
    decisive = tree.items if any(item.is_submission_file for item in tree.items) else everything
    roots: list[tuple[str, ...]] = [()]
    while len(roots) < 3 and (inner := _find_common_folder(_strip_root(decisive, roots[-1]))) is not None:
        roots.append((*roots[-1], inner))
    for root in roots:
        items = _strip_root(decisive, root)
        for name, system in _SYSTEMS.items():
            if format_name in (None, name) and system.matches(items):
                return name, system.read_claims(_strip_root(everything, root))
    if format_name not in (None, "folders"):
        return format_name, _SYSTEMS[format_name].read_claims(everything)
    own_name = (tree.name,) in roots  # the archive holds one folder of its own name
    return "folders", folders.read_claims(_strip_root(everything, (tree.name,)) if own_name else everything, exercises)


def _find_common_folder(items: Sequence[DownloadedFile]) -> str | None:
    """Return the first folder that all files have in common; None if there is none."""
    first = {item.parts[0] for item in items}
    return first.pop() if len(first) == 1 and all(len(item.parts) > 1 for item in items) else None


def _strip_root(items: Sequence[DownloadedFile], root: tuple[str, ...]) -> list[DownloadedFile]:
    """Return the files below a folder, with their paths from there."""
    depth = len(root)
    return [
        replace(item, parts=item.parts[depth:]) for item in items if item.parts[:depth] == root and item.parts[depth:]
    ]
