"""`grader submit --student`: record one student's files, and print a receipt for each."""

from collections.abc import Sequence
from pathlib import Path

from grader.cli import receipts, terminal
from grader.course.loader import load_course
from grader.formats.assemble_sets import list_file_patterns
from grader.services.ingest import IngestResult, identify_in
from grader.services.submit import SubmittedFile, parse_student_name, read_student_files, submit_files
from grader.store import Store


def run_submit(
    files: Sequence[Path], student: str, folder: Path, db: str, *, as_json: bool, exercise: str | None = None
) -> int:
    """Record and print; return the exit code. `exercise` is that of files whose names say none."""
    course = load_course(folder)
    if exercise is not None:
        course.exercise(exercise)
    name = parse_student_name(student)
    identify = identify_in(course, terminal.TerminalProgress())
    wanted = list_file_patterns(course)
    read = read_student_files(files, name, course.exercise_names, identify, wanted, course, exercise)
    codes = {0}
    with Store.open(db) as store:
        for one in submit_files(store, course, name, read):
            _print(one, course.zone, as_json=as_json)
            codes.add(0 if one.can_be_graded else 3)
    return max(codes)


def _print(submitted: SubmittedFile, zone: str, *, as_json: bool) -> None:
    result = submitted.result
    for remark in submitted.remarks:
        terminal.print_remark(str(remark))
    if isinstance(result, IngestResult):
        receipts.print_rejection(submitted.path, result, as_json=as_json)
        return
    if result.error:
        terminal.print_remark(f"recorded, but it can't be graded: {result.error}")
    if as_json:
        terminal.print_json(receipts.receipt_as_json(submitted.path, result))
    else:
        receipts.print_receipt(result, submitted.path, zone)
