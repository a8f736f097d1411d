"""Which system gave a download out: told by what lies in it, or by the person who collects."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from grader.formats.collect import canvas, folders, gradescope, moodle, nbgrader
from grader.formats.collect.claims import Claim
from grader.formats.collect.file_tree import Item, Tree

_SYSTEMS: Final = {"gradescope": gradescope, "moodle": moodle, "nbgrader": nbgrader, "canvas": canvas}
FORMATS: Final = (*_SYSTEMS, "folders")


def claims(tree: Tree, exercises: Sequence[str], wanted: str | None) -> tuple[str, list[Claim]]:
    """The format, and what it says of each file. An outer folder that holds everything is taken off where it helps.

    Raises UnreadableSubmission where a system's own metadata can't be read.
    """
    roots = [tree.items]
    while len(roots) < 3 and (inner := _inner(roots[-1])) is not None:
        roots.append(inner)
    for items in roots:
        for name, system in _SYSTEMS.items():
            if wanted in (None, name) and system.fits(items):
                return name, system.claims(items)
    if wanted not in (None, "folders"):
        return wanted, _SYSTEMS[wanted].claims(tree.items)
    own_name = len(roots) > 1 and tree.items[0].parts[0] == tree.name  # a folder that was packed as itself
    return "folders", folders.claims(roots[1] if own_name else roots[0], exercises)


def _inner(items: Sequence[Item]) -> list[Item] | None:
    """The files without their common first folder; None where they have none."""
    if len({item.parts[0] for item in items}) != 1 or any(len(item.parts) < 2 for item in items):
        return None
    return [replace(item, parts=item.parts[1:]) for item in items]
