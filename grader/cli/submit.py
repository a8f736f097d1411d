"""`grader submit`: record one student's files, and give a receipt for each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from grader.cli import receipts, terminal
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.results.receipt import Receipt
from grader.core.text.nfc import composed
from grader.course.loader import load
from grader.formats.collect.match_people import plain
from grader.formats.decode_text import printable
from grader.formats.discover import find
from grader.formats.read_submission import read
from grader.services.ingest import Line, read_in
from grader.store import HandIn, Store


def run(files: Sequence[Path], student: str, folder: Path, db: str, *, as_json: bool) -> int:
    """Records and prints; the exit code."""
    course = load(folder)
    if not student.strip() or printable(student) != student:
        raise UsageError(f"--student {printable(student)!r} is no name: no control or invisible characters, no \\")
    refuse_folders(files)
    student = composed(student)
    exercises = [e.name for e in course.exercises]
    found = [replace(one, student=student) for one in find(files, exercises)]
    things = list(read_in(found, exercises))
    with Store.open(db) as store:
        _know(store, student)
        recorded = _receipts(store, course, [one for one in things if isinstance(one, HandIn)])
        for one, thing in zip(found, things, strict=True):
            tell(one.path, thing if isinstance(thing, Line) else next(recorded), course.zone, as_json=as_json)
    failed = any(isinstance(one, Line) or _problem(one) for one in things)
    return 3 if failed else 0


def refuse_folders(files: Sequence[Path]) -> None:
    """Raises UsageError for a folder: a class's files are another command's."""
    for file in files:
        if file.is_dir():
            raise UsageError(f"{printable(str(file))} is a folder: name the files, or use grader collect for a class")


def tell(file: Path, said: Receipt | Line, zone: str, *, as_json: bool) -> None:
    """Prints what became of a file."""
    if isinstance(said, Line):
        terminal.remark(f"not recorded: {said.error}")
        if as_json:
            file_of = {"file": printable(str(file)), "student": said.student, "exercise": said.exercise or None}
            terminal.json_line({**file_of, "submission": None, "is_new": False, "error": said.error})
        return
    if said.error:
        terminal.remark(f"recorded, but it can't be graded: {said.error}")
    if as_json:
        terminal.json_line({"file": printable(str(file)), **said.as_json()})
    else:
        receipts.show(said, file, zone)


def _know(store: Store, student: str) -> None:
    """Raises UsageError where somebody else is written almost alike: a slip would make a second person."""
    names = [one.student for one in store.people.roster()]
    close = [name for name in names if plain(name) == plain(student)]
    if student not in names and close:
        raise UsageError(
            f"there is no {student!r}, but {close[0]!r}: write it so; or put {student!r} on the roster, "
            "if it is somebody else: grader collect --roster FILE"
        )


def _receipts(store: Store, course: Course, hand_ins: Sequence[HandIn]) -> Iterator[Receipt]:
    """Records all of them, then looks at each as it is on record."""
    recorded = store.record_many(hand_ins)
    for hand_in, one in zip(hand_ins, recorded, strict=True):
        (mine,) = store.submissions(ids=[one.id])
        yield receipts.receipt(store, course, mine, is_new=one.is_new, error=_problem(hand_in))


def _problem(hand_in: HandIn) -> str | None:
    try:
        read(hand_in.file_name, hand_in.data)
    except UnreadableSubmission as error:
        return str(error)
    return None
