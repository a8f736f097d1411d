"""`grader export`: the scores of a class, written to files."""

from collections.abc import Sequence
from pathlib import Path

from grader.cli import terminal
from grader.cli.safe_write import write_new
from grader.core.errors import UsageError
from grader.core.report.gradebook import ScoreKey
from grader.core.text.plurals import count_noun
from grader.course.loader import load_course
from grader.formats.decode_text import escape_unprintable
from grader.services.export import (
    ExportedResults,
    ExportedTable,
    ExportFormat,
    ExportRequest,
    check_export_request,
    export_results,
    export_table,
)
from grader.store import Store


def run_export(to: Path, folder: Path, db: str, request: ExportRequest, *, force: bool) -> int:
    """Write the file (a folder of files for Gradescope), and print what was left out."""
    course = load_course(folder)
    check_export_request(course, request)
    if request.format is ExportFormat.GRADESCOPE:
        with Store.open_existing(db) as store:
            results = export_results(store, course, request)
        _write_results(to, results, force=force)
    else:
        with Store.open_existing(db) as store:
            table = export_table(store, course, request)
        _write_table(to, table, force=force)
    return 0


def _write_table(to: Path, table: ExportedTable, *, force: bool) -> None:
    _print_ungraded(table.ungraded)
    _print_withheld(table.withheld)
    changed = write_new({to: table.data}, force=force)
    for remark in table.remarks:
        terminal.print_remark(remark)
    terminal.print_styled(f"{to}: {count_noun(table.count, table.counted)}" + ("" if changed else ", unchanged"))


def _write_results(to: Path, results: ExportedResults, *, force: bool) -> None:
    _print_ungraded(results.ungraded)
    if to.exists() and not to.is_dir():
        raise UsageError(f"{to} is a file: name a folder for the results for Gradescope")
    if results.withheld:
        count = count_noun(results.withheld, "submission")
        terminal.print_remark(f"left out: {count} with unmarked answers; --pending includes them")
    if results.files:
        changed = write_new({to / path: data for path, data in results.files.items()}, force=force)
        terminal.print_styled(f"{to}: {count_noun(len(results.files), 'submission')}, {changed} new or changed")


def _print_ungraded(count: int) -> None:
    if count:
        terminal.print_remark(
            f"not graded yet: {count_noun(count, 'submission')}; run grader grade first to include them"
        )


def _print_withheld(left: Sequence[ScoreKey]) -> None:
    if left:
        shown = ", ".join(f"{escape_unprintable(student)[:40]} ({exercise})" for student, exercise in left[:5])
        more = f" and {len(left) - 5} more" if len(left) > 5 else ""
        terminal.print_remark(
            f"left out: {count_noun(len(left), 'score')} with unmarked answers: {shown}{more}; "
            "run grader marks queue, or add --pending to include the points so far"
        )
