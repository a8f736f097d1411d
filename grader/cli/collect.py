"""`grader collect`: record a class's files; show the undecided ones, and write them to a table to fill in."""

import contextlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from grader.cli import adopt, terminal
from grader.core.errors import UsageError
from grader.core.text.plurals import count_noun
from grader.course.loader import load_course
from grader.formats.collect.match_roster import parse_adoptions
from grader.formats.collect.roster_table import Roster
from grader.formats.collect.undecided_table import count_decisions
from grader.services.collect import CollectRequest, collect_submissions, read_collect_input, write_undecided_table
from grader.services.collect_outcome import CollectOutcome
from grader.services.counted_files import HandedInFile, describe_counted_file, group_files, score_recorded
from grader.services.people import RosterImport
from grader.store import Store

_MAX_TABLE_ROWS: Final = 40
"""Undecided files that the table shows; a file of them has them all."""


def run_collect(request: CollectRequest, folder: Path, db: str, *, adoptions: Sequence[str] = (), as_json: bool) -> int:
    """Record and print; return the exit code. `adoptions` say which students are who on the roster: `NAME=ID`."""
    inputs = read_collect_input(load_course(folder), request)
    decided, imported = parse_adoptions(adoptions), None
    if decided and inputs.roster is None:
        raise UsageError("--adopt says who of a roster a student is: add --roster FILE")
    with Store.open(db) as store:
        if inputs.roster is not None:
            imported = adopt.import_with_questions(store, inputs.roster, decided)
            adopt.print_questions(imported.plan.questions, adopt.make_command(request.roster, folder, db))
            _print_roster(inputs.roster, imported)
        code = 3 if imported is not None and imported.plan.questions else 0
        if not request.paths:
            return code
        files: set[str] = set()
        with contextlib.closing(collect_submissions(store, inputs, terminal.TerminalProgress())) as outcomes:
            recorded: list[HandedInFile] = []
            seen = (_note(one, files, recorded) for one in outcomes)
            code = max(code, _print_outcomes(seen, request.undecided_file, as_json=as_json))
        for group in group_files(recorded):
            policy = inputs.course.exercise(group[0].exercise).policy
            terminal.print_remark(describe_counted_file(group, score_recorded(store, policy, group[0]), graded=False))
        if inputs.defaults.decisions is not None:
            terminal.print_remark(f"decisions: {count_decisions(inputs.defaults.decisions, files)}")
        return code


def _note(one: CollectOutcome, files: set[str], recorded: list[HandedInFile]) -> CollectOutcome:
    files.add(one.file)
    if one.recorded_submission and one.student and one.exercise:
        recorded.append(HandedInFile(one.student, one.exercise, one.file, one.recorded_submission.number))
    return one


def _print_roster(roster: Roster, imported: RosterImport) -> None:
    for remark in roster.remarks:
        terminal.print_remark(str(remark))
    for name, id in imported.plan.adopted.items():
        terminal.print_remark(f"adopted: {name} is {id} now, with everything on record")
    rows = imported.count_rows(roster.rows)
    terminal.print_remark(f"on the roster: {count_noun(imported.count, 'student')}; {rows}")


def _print_outcomes(outcomes: Iterable[CollectOutcome], to: Path | None, *, as_json: bool) -> int:
    """Print the outcome of each file; return the exit code."""
    counts: Counter[str] = Counter()
    undecided = []
    for one in outcomes:
        counts[one.status] += 1
        counts["new"] += bool(one.recorded_submission and one.recorded_submission.is_new)
        counts["late"] += bool(one.late and one.recorded_submission and one.recorded_submission.is_new)
        counts["unreadable"] += bool(one.recorded_submission and one.reason)
        if as_json:
            terminal.print_json(one.as_json())
        if one.status == "undecided":
            undecided.append(one)
        elif one.status == "refused":
            whose = f" of {one.student}" if one.student else ""
            terminal.print_remark(f"refused: {one.file}{whose}: {one.reason}")
        elif one.status == "left_out" and one.reason and one.exercise:
            terminal.print_remark(f"left out: {one.file} of {one.student}: {one.reason}")
        elif one.recorded_submission and one.reason:
            terminal.print_remark(f"recorded, but it can't be graded: {one.file}: {one.reason}")
    if not as_json:
        _summary(counts)
        _table(undecided)
    if undecided:
        _write_undecided(undecided, to)
    return 3 if undecided or counts["refused"] or counts["unreadable"] else 0


def _summary(counts: Counter[str]) -> None:
    known = counts["recorded"] - counts["new"]
    terminal.print_line(
        f"recorded {counts['new']}"
        + (f" ({counts['late']} late)" if counts["late"] else "")
        + (f", {known} already recorded" if known else "")
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
        cells = (one.file, one.student or "?", one.exercise or "?", one.reason or "", ", ".join(one.near))
        table.add_row(*(Text(terminal.sanitize_line(cell)) for cell in cells))
    terminal.print_table(table)
    if len(undecided) > _MAX_TABLE_ROWS:
        terminal.print_line(f"… and {len(undecided) - _MAX_TABLE_ROWS} more")


def _write_undecided(undecided: Sequence[CollectOutcome], to: Path | None) -> None:
    if to is None:
        terminal.print_remark(
            "to decide them: add --undecided FILE.csv, fill it in, then collect again with --decisions FILE.csv"
        )
        return
    write_undecided_table(undecided, to)
    terminal.print_remark(
        f"written to {to}: fill in student, exercise or received_at ('-' as student leaves a file out),"
    )
    terminal.print_remark(f"then collect again with --decisions {to}")
