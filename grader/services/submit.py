"""Recording one student's files, with a receipt for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.results.receipt import Receipt
from grader.core.text.messages import MessageLike
from grader.core.text.nfc import normalize_nfc
from grader.core.wire.submission import ParsedSubmission
from grader.formats.assemble_sets import FilePatterns
from grader.formats.collect.match_people import normalize_name
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import find_submissions
from grader.formats.file_set import SET_SUFFIX
from grader.formats.read_submission import parse_submission
from grader.services.file_parts import FileParts
from grader.services.gather_sets import gather_sets, read_path
from grader.services.identify_exercise import assign_exercise
from grader.services.ingest import ExerciseIdentifier, IngestResult, identify_by_name, read_files
from grader.services.receipts import load_receipt
from grader.services.untouched import HandInTemplates
from grader.store import NewSubmission, Store


@dataclass(frozen=True)
class StudentFile:
    """A file that was read: the submission to record, or the reason why it isn't one; and remarks on files of a set."""

    path: Path
    content: NewSubmission | IngestResult
    remarks: tuple[MessageLike, ...] = ()


@dataclass(frozen=True)
class SubmittedFile:
    """The outcome for a file: its receipt, or the reason why it was not recorded; and remarks on files of a set."""

    path: Path
    result: Receipt | IngestResult
    remarks: tuple[MessageLike, ...] = ()

    @property
    def can_be_graded(self) -> bool:
        """True if it is recorded and can be read."""
        return isinstance(self.result, Receipt) and not self.result.error


def parse_student_name(text: str) -> str:
    """Return a student's name in its normal form. Raises UsageError for one that nobody can see."""
    shown = escape_unprintable(text)
    if not text.strip() or shown != text:
        raise UsageError(f"--student {shown!r} is not a name: it must not have control or invisible characters, or \\")
    return normalize_nfc(text)


def refuse_folders(files: Sequence[Path]) -> None:
    """Raise UsageError for a folder, which may hold a class's files."""
    for file in files:
        if file.is_dir():
            shown = escape_unprintable(str(file))
            raise UsageError(f"{shown} is a folder: name the files, or use grader collect for a class")


def read_student_files(
    files: Sequence[Path],
    student: str,
    exercises: Sequence[str],
    identify: ExerciseIdentifier | None = None,
    wanted: FilePatterns = FilePatterns(),
    course: Course | None = None,
    exercise: str | None = None,
) -> list[StudentFile]:
    """Read the files of one student; without `identify`, a file's exercise is found by name.

    `exercise` is that of files whose names say none. Sets of files of some patterns may be given as folders, as zip
    archives, or as several files. Raises UsageError for another folder.
    """
    sets, rest = _gather(files, student, wanted) if wanted.patterns else ([], list(files))
    refuse_folders(rest)
    found = [replace(one, student=student) for one in find_submissions(rest, exercises)] if rest else []
    found = assign_exercise(found, exercise)
    contents = read_files(found, identify or identify_by_name(exercises), course)
    return sets + [StudentFile(one.path, content) for one, content in zip(found, contents, strict=True)]


def _gather(files: Sequence[Path], student: str, wanted: FilePatterns) -> tuple[list[StudentFile], list[Path]]:
    """Return the sets in some paths, and the paths in which there are none."""
    read = [read_path(path) for path in files]
    gathered = gather_sets([found for found, _ in read], wanted)
    used = {file.shown for one in gathered.sets.values() for file in one.files.values()}
    refused = tuple(remark for _, remarks in read for remark in remarks)
    sets: list[StudentFile] = []
    for exercise, one in gathered.sets.items():
        own = {file.shown for file in one.files.values()}
        path = next(p for p, (found, _) in zip(files, read, strict=True) if own & {file.shown for file in found})
        try:
            data, remarks = one.load()
        except UnreadableSubmission as error:
            sets.append(StudentFile(path, IngestResult(student, exercise, error=str(error))))
            continue
        new = NewSubmission(student, exercise, data, f"{exercise}{SET_SUFFIX}")
        sets.append(StudentFile(path, new, (*remarks, *refused)))
    rest = [p for p, (found, _) in zip(files, read, strict=True) if not used & {file.shown for file in found}]
    return sets, rest


def submit_files(store: Store, course: Course, student: str, files: Sequence[StudentFile]) -> Iterator[SubmittedFile]:
    """Record all files at once, one outcome each, in order. Raise UsageError for a student name that looks mistyped.

    An untouched template is not recorded where it would replace another file.
    """
    _check_student_name(store, student)
    parts = FileParts(store, course)
    files = [_complete(parts, one) for one in files]
    files = _refuse_templates(store, course, files)
    receipts = _record(store, course, [one.content for one in files if isinstance(one.content, NewSubmission)])
    for one in files:
        result = one.content if isinstance(one.content, IngestResult) else next(receipts)
        yield SubmittedFile(one.path, result, one.remarks)


def _complete(parts: FileParts, one: StudentFile) -> StudentFile:
    """Return a set of files with the parts handed in earlier."""
    if isinstance(one.content, IngestResult):
        return one
    new, remarks = parts.complete(one.content)
    return replace(one, content=new, remarks=(*one.remarks, *remarks))


def _check_student_name(store: Store, student: str) -> None:
    """Raise UsageError if a known name is almost the same: a typing error would create a second person."""
    names = [one.student for one in store.people.list_students()]
    close = [name for name in names if normalize_name(name) == normalize_name(student)]
    if student not in names and close:
        raise UsageError(
            f"the student {student!r} is unknown, but {close[0]!r} exists: use that name, or add {student!r} to "
            "the roster if this is another person: grader collect --roster FILE"
        )


def _refuse_templates(store: Store, course: Course, files: Sequence[StudentFile]) -> list[StudentFile]:
    """Return the files, with a reason instead of an untouched template that would replace another file."""
    templates = HandInTemplates(store, course)
    news = [one.content if isinstance(one.content, NewSubmission) else None for one in files]
    untouched = [templates.set_aside(new, _parse(new)) for new in news]
    reasons = [
        templates.find_reason_to_leave_out(new) if flag else None for new, flag in zip(news, untouched, strict=True)
    ]
    return [
        replace(one, content=IngestResult(student=new.student, exercise=new.exercise, error=f"{one.path}: {reason}"))
        if new and reason
        else one
        for one, new, reason in zip(files, news, reasons, strict=True)
    ]


def _parse(new: NewSubmission | None) -> ParsedSubmission | None:
    try:
        return parse_submission(new.file_name, new.data) if new else None
    except UnreadableSubmission:
        return None


def _record(store: Store, course: Course, submissions: Sequence[NewSubmission]) -> Iterator[Receipt]:
    """Record all of them, then make a receipt of each."""
    recorded = store.record_many(submissions)
    for submission, one in zip(submissions, recorded, strict=True):
        (mine,) = store.submissions(ids=[one.id])
        yield load_receipt(store, course, mine, is_new=one.is_new, error=_find_problem(submission))


def _find_problem(submission: NewSubmission) -> str | None:
    try:
        parse_submission(submission.file_name, submission.data)
    except UnreadableSubmission as error:
        return str(error)
    return None
