"""The files of a download by student: those to be graded, archives opened one level deep, and students without any."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from grader.formats.collect.archive import read_inner_archive, start_student_budget
from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import EMPTY_FOLDER, DownloadedFile, ReadBudget, RefusedFile
from grader.formats.filename import parse_stem
from grader.formats.student_folders import MAX_ANSWERS, choose_answers, describe_unusable_files

_UNKNOWN_ARCHIVE: Final = "an archive in what was handed in; unpack it, and collect that folder"


@dataclass(frozen=True)
class EmptyHanded:
    """A student who handed in nothing that can be graded: where, and the reason in one line."""

    owner: FileOwner
    place: str
    reason: str


@dataclass
class HandIns:
    """Claims of notebooks and scripts; files that may not be read; students without anything to grade."""

    claims: list[FileClaim] = field(default_factory=list)
    refused_files: list[RefusedFile] = field(default_factory=list)
    empty_handed: list[EmptyHanded] = field(default_factory=list)


def sort_hand_ins(claims: Iterable[FileClaim], exercises: Sequence[str]) -> HandIns:
    """Open the archives that students handed in, and find those students who handed in nothing to grade."""
    found = HandIns()
    budgets: defaultdict[tuple[FileOwner, ...], ReadBudget] = defaultdict(start_student_budget)
    unusable: list[FileClaim] = []
    for claim in claims:
        if claim.item.is_submission_file:
            found.claims.append(claim)
        elif claim.item.can_be_opened and claim.owners:
            _open_archive(claim, exercises, budgets[claim.owners], found, unusable)
        elif claim.item.is_archive:
            found.refused_files.append((claim.item.display_path, _UNKNOWN_ARCHIVE))
        else:
            unusable.append(claim)
    busy = {owner for claim in found.claims for owner in claim.owners}
    without: dict[FileOwner, list[DownloadedFile]] = {}
    for claim in unusable:
        for owner in claim.owners:
            if owner not in busy:
                without.setdefault(owner, []).append(claim.item)
    found.empty_handed = [_describe(owner, items) for owner, items in without.items()]
    return found


def _open_archive(
    claim: FileClaim, exercises: Sequence[str], budget: ReadBudget, found: HandIns, unusable: list[FileClaim]
) -> None:
    """Add the files of an archive, which belong to the student who handed it in."""
    tree = read_inner_archive(claim.item, budget)
    everything, answers = choose_answers(tree, exercises)
    files = everything if len(everything) <= MAX_ANSWERS else answers  # each is read from the archive anew
    files = [replace(one, parts=(*claim.item.parts, *one.parts)) for one in files]
    found.refused_files += tree.refused_files
    for one in files:
        stem = os.path.splitext(one.name)[0]
        is_named_by_archive = len(files) == 1 and parse_stem(stem, exercises).exercise is None
        found.claims.append(replace(claim, item=one, stem=claim.stem if is_named_by_archive else stem))
    if not files and not tree.refused_files:
        unusable.append(claim)


def _describe(owner: FileOwner, items: Sequence[DownloadedFile]) -> EmptyHanded:
    places = [
        one.display_path if len(one.parts) == 1 or one.name == EMPTY_FOLDER else os.path.dirname(one.display_path)
        for one in items
    ]
    place = os.path.commonpath(places) if all(len(one.parts) > 1 for one in items) else places[0]
    return EmptyHanded(owner, place, describe_unusable_files([one.name for one in items if one.name != EMPTY_FOLDER]))
