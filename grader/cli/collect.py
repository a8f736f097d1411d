"""`grader collect`: a class's files from folders and downloads on record; what isn't sure, in a list to be decided."""

import contextlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.cli import terminal
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.formats.collect import archive, detect, file_tree
from grader.formats.collect.decisions import read_decisions, write_undecided
from grader.formats.collect.file_claims import FileClaim
from grader.formats.collect.file_tree import RefusedFile
from grader.formats.collect.match_people import KnownStudent, OwnerMatcher
from grader.formats.collect.roster_table import read_roster
from grader.formats.decode_text import escape_unprintable
from grader.services.collect import CollectDefaults, Collector, CollectOutcome
from grader.services.moments import parse_moment
from grader.store import Enrolment, Store

_MAX_TABLE_ROWS: Final = 40
"""Undecided files that the table shows; a file of them has them all."""


@dataclass(frozen=True)
class CollectOptions:
    """What the command was told beside the paths."""

    format: str | None = None
    exercise: str | None = None
    received: str | None = None
    roster: Path | None = None
    decisions: Path | None = None
    undecided: Path | None = None


def run_collect(paths: Sequence[Path], folder: Path, db: str, options: CollectOptions, *, as_json: bool) -> int:
    """Records and prints; the exit code."""
    course = load_course(folder)
    given = _read_defaults(course, options)
    _check(paths, options)
    entries = read_roster(_bytes(options.roster)) if options.roster else []
    with Store.open(db) as store, contextlib.ExitStack() as opened:
        if entries:
            count = store.people.enroll(Enrolment(e.student, e.name, e.email, e.section, e.ids) for e in entries)
            terminal.print_remark(f"on the roster: {count} students")
        if not paths:
            return 0
        people = OwnerMatcher(_people(store), {e.participant: e.student for e in entries if e.participant})
        gathering = Collector(store, course, people, given)
        found = [_read_claims(path, course, options.format, opened) for path in paths]
        if not any(claims or refused for claims, refused in found):
            where = ", ".join(escape_unprintable(str(path)) for path in paths)
            raise UsageError(f"nothing to collect in {where}: no notebook (.ipynb) and no script (.py)")
        outcomes = (one for claims, refused in found for one in _outcomes(gathering, claims, refused))
        return _print_outcomes(outcomes, options, as_json=as_json)


def _read_defaults(course: Course, options: CollectOptions) -> CollectDefaults:
    if options.exercise is not None:
        course.exercise(options.exercise)
    moment = parse_moment(options.received, course.zone) if options.received else None
    decisions = read_decisions(_bytes(options.decisions)) if options.decisions else None
    return CollectDefaults(options.exercise, moment, decisions)


def _check(paths: Sequence[Path], options: CollectOptions) -> None:
    """Raises UsageError for what can't be meant."""
    if options.format not in (None, *detect.DOWNLOAD_FORMATS):
        raise UsageError(f"--from {options.format!r} is no format; choose one of: {', '.join(detect.DOWNLOAD_FORMATS)}")
    if not paths and options.roster is None:
        raise UsageError("name a folder or a zip archive to collect, or a --roster")
    for path in paths:
        if not os.path.exists(path):
            raise UsageError(f"{escape_unprintable(str(path))}: there is no such file or folder")
    if options.undecided is not None and options.undecided.exists():
        raise UsageError(f"{options.undecided} is already there, perhaps filled in: name a new file")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{escape_unprintable(str(path))}: can't be read ({error.strerror})") from None


def _people(store: Store) -> Iterator[KnownStudent]:
    return (KnownStudent(one.student, one.display_name, one.email, one.ids) for one in store.people.list_students())


def _read_claims(
    path: Path, course: Course, format: str | None, opened: contextlib.ExitStack
) -> tuple[list[FileClaim], list[RefusedFile]]:
    """What a path claims, and a line for each thing in it that may not be read."""
    if path.is_dir():
        found = file_tree.read_folder(path)
    elif path.is_file():
        found = archive.read_archive(path)
    else:
        raise UsageError(f"{escape_unprintable(str(path))}: neither a folder nor a file")
    opened.callback(found.close)
    try:
        name, claims = detect.detect_claims(found, [e.name for e in course.exercises], format)
    except UnreadableSubmission as error:
        return [], [*found.refused, (escape_unprintable(str(path)), str(error))]
    others = f"; {found.other_count} other files are left alone" if found.other_count else ""
    if claims or others:
        terminal.print_remark(f"{escape_unprintable(str(path))}: {name}, {len(claims)} notebooks and scripts{others}")
    return claims, found.refused


def _outcomes(
    gathering: Collector, claims: Sequence[FileClaim], refused: Sequence[RefusedFile]
) -> Iterator[CollectOutcome]:
    for file, why in refused:
        yield CollectOutcome(file, "refused", why=why)
    yield from terminal.track_progress(gathering.collect(claims), len(claims), "collecting")


def _print_outcomes(outcomes: Iterator[CollectOutcome], options: CollectOptions, *, as_json: bool) -> int:
    """Prints what became of each; the exit code."""
    counts: Counter[str] = Counter()
    undecided = []
    for one in outcomes:
        counts[one.status] += 1
        counts["new"] += bool(one.recorded and one.recorded.is_new)
        counts["late"] += bool(one.late and one.recorded and one.recorded.is_new)
        counts["unreadable"] += bool(one.recorded and one.why)
        if as_json:
            terminal.print_json(one.as_json())
        if one.status == "undecided":
            undecided.append(one)
        elif one.status == "refused":
            terminal.print_remark(f"refused: {one.file}: {one.why}")
        elif one.recorded and one.why:
            terminal.print_remark(f"recorded, but it can't be graded: {one.file}: {one.why}")
    if not as_json:
        _summary(counts)
        _table(undecided)
    if undecided:
        _write(undecided, options.undecided)
    return 3 if undecided or counts["refused"] or counts["unreadable"] else 0


def _summary(counts: Counter[str]) -> None:
    there = counts["recorded"] - counts["new"]
    terminal.print_line(
        f"recorded {counts['new']}"
        + (f" ({counts['late']} late)" if counts["late"] else "")
        + (f", {there} were there already" if there else "")
        + "".join(
            f", {counts[status]} {status.replace('_', ' ')}"
            for status in ("undecided", "refused", "left_out")
            if counts[status]
        )
    )


def _table(undecided: Sequence[CollectOutcome]) -> None:
    from rich.table import Table
    from rich.text import Text

    if not undecided:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("file", "student", "exercise", "why", "near"):
        table.add_column(column, overflow="fold")
    for one in undecided[:_MAX_TABLE_ROWS]:
        cells = (one.file, one.student or "?", one.exercise or "?", one.why or "", ", ".join(one.near))
        table.add_row(*(Text(terminal.sanitize_line(cell)) for cell in cells))
    terminal.print_table(table)
    if len(undecided) > _MAX_TABLE_ROWS:
        terminal.print_line(f"… and {len(undecided) - _MAX_TABLE_ROWS} more")


def _write(undecided: Sequence[CollectOutcome], to: Path | None) -> None:
    if to is None:
        terminal.print_remark(
            "to decide them: add --undecided FILE.csv, fill it in, then collect again with --decisions FILE.csv"
        )
        return
    rows = (
        {
            "file": one.file,
            "student": one.student or "",
            "exercise": one.exercise or "",
            "why": one.why or "",
            "near": ", ".join(one.near),
        }
        for one in {one.file: one for one in undecided}.values()
    )
    with to.open("x", encoding="utf-8-sig", newline="") as file:  # with the mark spreadsheets know it for UTF-8
        file.write(write_undecided(rows))
    terminal.print_remark(
        f"written to {to}: fill in student, exercise or received_at ('-' as student leaves a file out),"
    )
    terminal.print_remark(f"then collect again with --decisions {to}")
