"""A folder for each student, `STUDENT/EXERCISE.ipynb`, or files named `STUDENT__EXERCISE.ipynb`; no times are told."""

import os
from collections.abc import Sequence

from grader.formats.collect.claims import Claim, Owner
from grader.formats.collect.file_tree import Item
from grader.formats.decode_text import printable
from grader.formats.discover import owner_of


def claims(items: Sequence[Item], exercises: Sequence[str]) -> list[Claim]:
    """One for each notebook and script."""
    return [_claim(item, exercises) for item in items if item.is_work]


def _claim(item: Item, exercises: Sequence[str]) -> Claim:
    stem = os.path.splitext(item.name)[0]
    if len(item.parts) > 1:
        return Claim(item, (_owner(item.parts[0], item),), stem)
    name = owner_of(stem, exercises)
    if name is None:
        return Claim(item, (), stem, problem="neither in a folder of its student nor named STUDENT__EXERCISE")
    return Claim(item, (_owner(name, item),), stem[len(name) :].lstrip("_"))


def _owner(name: str, item: Item) -> Owner:
    return Owner(printable(name), name, proposal=printable(name), doubtful=item.doubtful)
