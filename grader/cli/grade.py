"""`grader grade`: record files, grade what waits, and print the scores, or with --regrade the changes."""

from collections.abc import Sequence
from pathlib import Path

from grader.cli import regrade, score_table, terminal
from grader.core.errors import NoRecords, UsageError
from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.formats.discover import FoundFile
from grader.services.counted_files import HandedInFile, describe_counted_file, group_files
from grader.services.course_packages import require_packages
from grader.services.grade import check_names, find_submissions_to_grade, grade_submissions
from grader.services.grading_run import GradeRequest, GradingOptions
from grader.services.ingest import IngestResult, find_submission_files
from grader.services.regrade import regrade_submissions
from grader.services.reports import load_score_sheets
from grader.store import Store


def run_grade(
    paths: Sequence[Path],
    folder: Path,
    db: str,
    request: GradeRequest,
    options: GradingOptions,
    *,
    page: Path | None = None,
    as_json: bool,
) -> int:
    """Grade and print; return the exit code. `page` is the file to which the page of a regrade is written."""
    course = load_course(folder)
    require_packages(course)
    _check_options(request, paths, page)
    check_names(course, request)
    found = find_submission_files(paths, course) if paths else None
    with Store.open(db) if paths else _open_recorded(db) as store:
        ingested = find_submissions_to_grade(store, course, found, request, terminal.TerminalProgress())
        if not ingested:
            raise UsageError(_explain_nothing_found(found, request, store))
        if request.regrade:
            return _regrade(store, course, ingested, request, options, page, as_json=as_json)
        return _grade(store, course, ingested, request, options, as_json=as_json)


def _open_recorded(db: str) -> Store:
    """Open the records, to grade what is in them already. Raises NoRecords, with what to name instead."""
    try:
        return Store.open_existing(db)
    except NoRecords as error:
        hint = "name the folder of what was handed in: grader grade DIR; or name other records with --db"
        raise NoRecords(error.message, hint) from error


def _grade(
    store: Store,
    course: Course,
    ingested: Sequence[IngestResult],
    request: GradeRequest,
    options: GradingOptions,
    *,
    as_json: bool,
) -> int:
    reports = grade_submissions(store, course, ingested, request, options, terminal.TerminalProgress())
    if as_json:
        for one in reports:
            terminal.print_json(one.as_json())
    else:
        students = {one.student for one in reports}
        sheets = load_score_sheets(store, course, students.pop() if len(students) == 1 else None)
        score_table.print_score_table(reports, [e.name for e in course.exercises], sheets)
        score_table.print_grading_errors(reports)
    _print_several_files(store, course, ingested)
    return score_table.exit_code(reports)


def _print_several_files(store: Store, course: Course, ingested: Sequence[IngestResult]) -> None:
    """Print which of several files counts, and which untouched templates were left out."""
    files = [HandedInFile(str(one.student), one.exercise, one.file, one.number) for one in ingested if one.number]
    for group in group_files(files):
        sheet = load_score_sheets(store, course, group[0].student).get((group[0].student, group[0].exercise))
        terminal.print_remark(describe_counted_file(group, sheet, graded=True))
    for one in ingested:
        if one.left_out is not None:
            terminal.print_remark(f"left out: {one.file} of {one.student}: {one.left_out}")


def _regrade(
    store: Store,
    course: Course,
    ingested: Sequence[IngestResult],
    request: GradeRequest,
    options: GradingOptions,
    page: Path | None,
    *,
    as_json: bool,
) -> int:
    regrade.check_page_is_new(page)
    result = regrade_submissions(store, course, ingested, request, options, terminal.TerminalProgress())
    if page is not None:
        regrade.write_regrade_page(result.summary, course, page)
    if as_json:
        regrade.print_changes_json(result)
    else:
        regrade.print_changes(result.summary)
        score_table.print_grading_errors(result.reports)
    return score_table.exit_code(result.reports)


def _check_options(request: GradeRequest, paths: Sequence[Path], page: Path | None) -> None:
    """Raise UsageError for options that don't go together."""
    if not request.regrade and (request.dry_run or request.question is not None or page is not None):
        raise UsageError("--dry-run, --question and --html need --regrade: add it")
    if request.dry_run and paths:
        raise UsageError("--dry-run records nothing and accepts no files: leave them out")


def _explain_nothing_found(found: Sequence[FoundFile] | None, request: GradeRequest, store: Store) -> str:
    chosen = "".join(
        f" {name} {value!r}"
        for name, value in (("of", request.student), ("for", request.exercise))
        if value is not None
    )
    if found is None:
        return f"nothing{chosen} is recorded in {store.read_info().url}: name the folder of what was handed in"
    return f"nothing{chosen} is among the {len(found)} files found: look at --student and --exercise"
