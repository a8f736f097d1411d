"""`grader submit`: record one student's files, and give a receipt for each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from grader.cli import receipts, terminal
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.results.receipt import Receipt
from grader.core.text.nfc import normalize_nfc
from grader.course.loader import load_course
from grader.formats.collect.match_people import normalize_name
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import find_submissions
from grader.formats.read_submission import parse_submission
from grader.services.ingest import IngestResult, read_files
from grader.store import NewSubmission, Store


def run_submit(files: Sequence[Path], student: str, folder: Path, db: str, *, as_json: bool) -> int:
    """Records and prints; the exit code."""
    course = load_course(folder)
    if not student.strip() or escape_unprintable(student) != student:
        raise UsageError(
            f"--student {escape_unprintable(student)!r} is no name: no control or invisible characters, no \\"
        )
    refuse_folders(files)
    student = normalize_nfc(student)
    exercises = [e.name for e in course.exercises]
    found = [replace(one, student=student) for one in find_submissions(files, exercises)]
    things = list(read_files(found, exercises))
    with Store.open(db) as store:
        _check_student_name(store, student)
        recorded = _receipts(store, course, [one for one in things if isinstance(one, NewSubmission)])
        for one, thing in zip(found, things, strict=True):
            print_submit_result(
                one.path, thing if isinstance(thing, IngestResult) else next(recorded), course.zone, as_json=as_json
            )
    failed = any(isinstance(one, IngestResult) or _problem(one) for one in things)
    return 3 if failed else 0


def refuse_folders(files: Sequence[Path]) -> None:
    """Raises UsageError for a folder: a class's files are another command's."""
    for file in files:
        if file.is_dir():
            raise UsageError(
                f"{escape_unprintable(str(file))} is a folder: name the files, or use grader collect for a class"
            )


def print_submit_result(file: Path, said: Receipt | IngestResult, zone: str, *, as_json: bool) -> None:
    """Prints what became of a file."""
    if isinstance(said, IngestResult):
        terminal.print_remark(f"not recorded: {said.error}")
        if as_json:
            file_of = {
                "file": escape_unprintable(str(file)),
                "student": said.student,
                "exercise": said.exercise or None,
            }
            terminal.print_json({**file_of, "submission": None, "is_new": False, "error": said.error})
        return
    if said.error:
        terminal.print_remark(f"recorded, but it can't be graded: {said.error}")
    if as_json:
        terminal.print_json({"file": escape_unprintable(str(file)), **said.as_json()})
    else:
        receipts.print_receipt(said, file, zone)


def _check_student_name(store: Store, student: str) -> None:
    """Raises UsageError where somebody else is written almost alike: a slip would make a second person."""
    names = [one.student for one in store.people.list_students()]
    close = [name for name in names if normalize_name(name) == normalize_name(student)]
    if student not in names and close:
        raise UsageError(
            f"there is no {student!r}, but {close[0]!r}: write it so; or put {student!r} on the roster, "
            "if it is somebody else: grader collect --roster FILE"
        )


def _receipts(store: Store, course: Course, hand_ins: Sequence[NewSubmission]) -> Iterator[Receipt]:
    """Records all of them, then looks at each as it is on record."""
    recorded = store.record_many(hand_ins)
    for hand_in, one in zip(hand_ins, recorded, strict=True):
        (mine,) = store.submissions(ids=[one.id])
        yield receipts.load_receipt(store, course, mine, is_new=one.is_new, error=_problem(hand_in))


def _problem(hand_in: NewSubmission) -> str | None:
    try:
        parse_submission(hand_in.file_name, hand_in.data)
    except UnreadableSubmission as error:
        return str(error)
    return None
