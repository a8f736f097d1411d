"""Collecting a class: files from folders and downloads are recorded; a person decides the uncertain ones."""

import contextlib
import os
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.atomic_write import PRIVATE_MODE, create_file
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.text.messages import Message, join_messages, ngettext
from grader.formats.assemble_sets import list_file_patterns
from grader.formats.collect import archive, detect, file_tree
from grader.formats.collect.match_people import OwnerMatcher
from grader.formats.collect.roster_table import Roster, read_roster
from grader.formats.collect.undecided_table import read_decisions, write_undecided
from grader.formats.decode_text import escape_unprintable
from grader.services.collect_outcome import CollectOutcome
from grader.services.collector import CollectDefaults, Collector
from grader.services.hand_ins import HandIns, sort_hand_ins
from grader.services.parse_moment import parse_moment
from grader.services.people import list_known_students
from grader.services.progress import Progress
from grader.store import Store


@dataclass(frozen=True)
class CollectRequest:
    """Paths to collect, and what is given beside them: a format, an exercise, a time, tables."""

    paths: Sequence[Path]
    format: str | None = None
    exercise: str | None = None
    received_time: str | None = None
    roster: Path | None = None
    decisions: Path | None = None
    undecided_file: Path | None = None


@dataclass(frozen=True)
class CollectInput:
    """A request that was read and validated; nothing is recorded yet."""

    course: Course
    request: CollectRequest
    defaults: CollectDefaults
    roster: Roster | None


def read_collect_input(course: Course, request: CollectRequest) -> CollectInput:
    """Read the tables and defaults of a request. Raises UsageError for one that can't be used."""
    defaults = _read_defaults(course, request)
    _check_request(request)
    roster = read_roster(_read_bytes(request.roster)) if request.roster else None
    return CollectInput(course, request, defaults, roster)


def collect_submissions(store: Store, inputs: CollectInput, progress: Progress) -> Generator[CollectOutcome]:
    """Record a class's files, one outcome per file and student. Raises UsageError if there are no files."""
    paths = inputs.request.paths
    participants = {e.participant: e.student for e in inputs.roster.entries if e.participant} if inputs.roster else {}
    collector = Collector(store, inputs.course, OwnerMatcher(list_known_students(store), participants), inputs.defaults)
    with contextlib.ExitStack() as opened:
        found = [_read_hand_ins(path, inputs, opened, progress) for path in paths]
        if not any(one.claims or one.refused_files or one.empty_handed for one in found):
            where = ", ".join(escape_unprintable(str(path)) for path in paths)
            raise UsageError(f"{where} contains no notebook (.ipynb) and no script (.py)")
        for one in found:
            yield from (CollectOutcome(file, "refused", reason=why) for file, why in one.refused_files)
            yield from progress.track(collector.collect(one), len(one.claims), "collecting")


def write_undecided_table(outcomes: Iterable[CollectOutcome], file: Path) -> None:
    """Write the undecided files as a new table for a person to fill in, one line per file."""
    rows = (
        {
            "file": one.file,
            "student": one.student or "",
            "exercise": one.exercise or "",
            "why": one.reason or "",
            "near": ", ".join(one.near),
        }
        for one in {one.file: one for one in outcomes}.values()
    )
    create_file(
        file, write_undecided(rows).encode("utf-8-sig"), mode=PRIVATE_MODE
    )  # with the mark spreadsheets know it for UTF-8


def _read_defaults(course: Course, request: CollectRequest) -> CollectDefaults:
    if request.exercise is not None:
        course.exercise(request.exercise)
    moment = parse_moment(request.received_time, course.zone) if request.received_time else None
    decisions = read_decisions(_read_bytes(request.decisions)) if request.decisions else None
    return CollectDefaults(request.exercise, moment, decisions)


def _check_request(request: CollectRequest) -> None:
    """Raise UsageError for an impossible request."""
    formats = detect.DOWNLOAD_FORMATS
    if request.format not in (None, *formats):
        raise UsageError(f"--from {request.format!r} is not a format; choose one of: {', '.join(formats)}")
    if not request.paths and request.roster is None:
        raise UsageError("name a folder or a zip archive to collect, or a --roster")
    for path in request.paths:
        if not os.path.exists(path):
            raise UsageError(f"{escape_unprintable(str(path))}: this file or folder does not exist")
    if request.undecided_file is not None and request.undecided_file.exists():
        raise UsageError(f"{request.undecided_file} exists already and may be filled in: name a new file")


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{escape_unprintable(str(path))}: can't be read ({error.strerror})") from None


def _read_hand_ins(path: Path, inputs: CollectInput, opened: contextlib.ExitStack, progress: Progress) -> HandIns:
    """Read the claims of a path, a line for each file in it that may not be read, and who has nothing to grade."""
    shown = escape_unprintable(str(path))
    if path.is_dir():
        found = file_tree.read_folder(path)
    elif path.is_file():
        found = archive.read_archive(path)
    else:
        raise UsageError(f"{shown}: not a folder or a file")
    opened.callback(found.close)
    try:
        exercises = inputs.course.exercise_names
        name, claims = detect.detect_claims(found, exercises, inputs.request.format)
    except UnreadableSubmission as error:
        return HandIns(refused_files=[*found.refused_files, (shown, str(error))])
    hand_ins = sort_hand_ins(claims, exercises, list_file_patterns(inputs.course))
    hand_ins.refused_files = [*found.refused_files, *hand_ins.refused_files]
    if hand_ins.claims or found.other_count:
        progress.note(f"{shown}: {name}, {_count_files(len(hand_ins.claims), found.other_count)}")
    return hand_ins


def _count_files(claims: int, others: int) -> Message:
    files = ngettext("{n} notebook or script", "{n} notebooks and scripts", n=claims)
    if not others:
        return files
    ignored = ngettext("{n} other file is ignored", "{n} other files are ignored", n=others)
    return join_messages([files, ignored], "; ")
