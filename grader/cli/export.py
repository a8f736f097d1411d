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
from grader.formats.export.export_format import ResultsFormat
from grader.services.export import (
    ExportRequest,
    ResultsExport,
    TableExport,
    export_results,
    export_table,
    get_export_format,
    read_export_options,
)
from grader.store import Store


def run_export(to: Path, folder: Path, db: str, name: str, request: ExportRequest, *, force: bool) -> int:
    """Write the file (for a format with results, a folder of files), and print what was left out."""
    format = get_export_format(name)
    course = load_course(folder)
    read_export_options(course, format, request)  # refused before the records are opened
    if isinstance(format, ResultsFormat):
        with Store.open_existing(db) as store:
            results = export_results(store, course, format, request)
        _write_results(to, results, force=force)
    else:
        with Store.open_existing(db) as store:
            table = export_table(store, course, format, request)
        _write_table(to, table, force=force)
    return 0


def _write_table(to: Path, export: TableExport, *, force: bool) -> None:
    _print_ungraded(export.ungraded)
    _print_withheld(export.withheld)
    table = export.table
    changed = write_new({to: table.data}, force=force)
    for remark in table.remarks:
        terminal.print_remark(remark)
    rows = "" if table.rows is None else f"; {table.rows}"
    terminal.print_styled(f"{to}: {count_noun(table.count, table.noun)}{'' if changed else ', unchanged'}{rows}")


def _write_results(to: Path, results: ResultsExport, *, force: bool) -> None:
    _print_ungraded(results.ungraded)
    if to.exists() and not to.is_dir():
        raise UsageError(f"{to} is a file: name a folder for the results")
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
