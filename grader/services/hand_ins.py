"""The files of a download by student: those to be graded, archives opened one level deep, and students without any."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from grader.core.questions.file_patterns import FILE_SUFFIXES
from grader.formats.assemble_sets import FilePatterns, SetFile
from grader.formats.collect.archive import read_inner_archive, start_student_budget
from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import EMPTY_FOLDER, DownloadedFile, ReadBudget, RefusedFile
from grader.formats.file_set import SET_SUFFIX
from grader.formats.filename import parse_stem
from grader.formats.student_folders import MAX_ANSWERS, choose_answers, describe_unusable_files, take_sets
from grader.services.gather_sets import gather_sets

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
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


def sort_hand_ins(
    claims: Iterable[FileClaim], exercises: Sequence[str], wanted: FilePatterns = FilePatterns()
) -> HandIns:
    """Open the archives that students handed in, and find those students who handed in nothing to grade.

    The files of an exercise of several files become one claim.
    """
    found = HandIns()
    claims = _put_together(list(claims), wanted, found) if wanted.patterns else claims
    budgets: defaultdict[tuple[FileOwner, ...], ReadBudget] = defaultdict(start_student_budget)
    unusable: list[FileClaim] = []
    for claim in claims:
        if claim.item.is_submission_file or claim.item.is_set:
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


def _put_together(claims: list[FileClaim], wanted: FilePatterns, found: HandIns) -> list[FileClaim]:
    """Return the claims with those of a set of files replaced by one claim, which has the latest time of them."""
    by_owner: dict[tuple[FileOwner, ...], list[FileClaim]] = {}
    for claim in claims:
        by_owner.setdefault(claim.owners, []).append(claim)
    kept: list[FileClaim] = []
    for owners, own in by_owner.items():
        kept += _assemble(own, wanted, found) if owners else own
    return kept


def _assemble(own: Sequence[FileClaim], wanted: FilePatterns, found: HandIns) -> Iterator[FileClaim]:
    """Yield the claims of one owner: a set for each exercise of which there are files, and the other files."""
    sources: list[Sequence[SetFile]] = []
    claim_of: dict[str, FileClaim] = {}
    used: set[int] = set()
    loose = [claim for claim in own if claim.item.name.lower().endswith(FILE_SUFFIXES)]
    sources.append([SetFile(_name_as_written(claim), claim.item.display_path, claim.item.load) for claim in loose])
    claim_of |= {claim.item.display_path: claim for claim in loose}
    for claim in own:
        if claim.item.can_be_opened:
            tree = read_inner_archive(claim.item, start_student_budget())
            sets = take_sets(tree, wanted, claim.exercise)
            files = [file for one in sets for file in one.files.values()]
            sources.append(files)
            claim_of |= {file.shown: claim for file in files}
            if sets and not any(item.is_submission_file for item in tree.items):
                used.add(id(claim))
    gathered = gather_sets(sources, wanted)
    for exercise, one in gathered.sets.items():
        parts = [claim_of[file.shown] for file in one.files.values()]
        latest = max(parts, key=lambda claim: (claim.received_at or _LONG_AGO, claim.stated_time or ""))
        name = f"{exercise}{SET_SUFFIX}"
        shown = latest.item.display_path
        item = DownloadedFile((*latest.item.parts[:-1], name), shown, one.load_archive, is_set=True)
        yield replace(latest, item=item, stem=exercise, exercise=exercise)
        used |= {id(claim) for claim in parts if not claim.item.can_be_opened}
    yield from (claim for claim in own if id(claim) not in used)


def _name_as_written(claim: FileClaim) -> tuple[str, ...]:
    """Return the path of a file with the name that the student gave it, without what the system has added."""
    return *claim.item.parts[:-1], claim.stem + os.path.splitext(claim.item.name)[1]


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
