"""Reads files and records those that are submissions; for the others, the result gives the reason."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from grader.core.batches import split_into_batches
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.text.nfc import normalize_nfc
from grader.core.wire.submission import ParsedSubmission
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import FoundFile, find_submissions, resolve_exercise
from grader.formats.read_submission import parse_submission, read_submission_bytes
from grader.services.identify_exercise import identify_exercise
from grader.services.progress import Progress, SilentProgress
from grader.store import NewSubmission, Store
from grader.store.db.base import MAX_NAME_LENGTH

T = TypeVar("T")
SUBMISSIONS_PER_TRANSACTION: Final = 200
"""Submissions recorded in one transaction, unless they are large."""
BYTES_PER_TRANSACTION: Final = 50_000_000

ExerciseIdentifier = Callable[[ParsedSubmission, FoundFile], str]
"""Returns the exercise that a file answers. Raises UnreadableSubmission if that is unknown."""


@dataclass(frozen=True)
class IngestResult:
    """One file: its submission, or the reason why it isn't one."""

    student: str | None
    exercise: str
    submission: int | None = None
    error: str | None = None


def find_submission_files(paths: Sequence[Path], course: Course) -> list[FoundFile]:
    """Return the files below the paths. Raise UsageError if there are none."""
    found = find_submissions(paths, [e.name for e in course.exercises])
    if not found:
        where = ", ".join(escape_unprintable(str(path)) for path in paths)
        expected = "STUDENT/EXERCISE.ipynb, STUDENT/EXERCISE.py or STUDENT__EXERCISE.ipynb"
        raise UsageError(f"{where} has nothing to grade: expected {expected}")
    return found


def record_files(
    store: Store,
    course: Course,
    files: Iterable[FoundFile],
    exercise: str | None = None,
    student: str | None = None,
    progress: Progress = SilentProgress(),
) -> Iterator[IngestResult]:
    """Record every file that is a submission, of the given exercise and student; return one result each, in order."""
    read_ones = read_files((one for one in files if _is_wanted(one, student)), identify_in(course, progress))
    chosen = (one for one in read_ones if exercise in (None, one.exercise))
    for page in split_into_transactions(chosen, lambda one: one.data if isinstance(one, NewSubmission) else b""):
        ids = iter(store.record_many(one for one in page if isinstance(one, NewSubmission)))
        for one in page:
            yield one if isinstance(one, IngestResult) else IngestResult(one.student, one.exercise, next(ids).id)


def identify_in(course: Course, progress: Progress) -> ExerciseIdentifier:
    """Return the function that identifies a file's exercise in a course, and notes what only its questions say."""

    def identify(program: ParsedSubmission, file: FoundFile) -> str:
        found = identify_exercise(program, file, course.exercises)
        if found.remark is not None:
            progress.note(found.remark)
        return found.name

    return identify


def identify_by_name(exercises: Sequence[str]) -> ExerciseIdentifier:
    """Return the function that identifies a file's exercise where only the exercises' names are known."""
    return lambda program, file: resolve_exercise(program, file, exercises)


def read_files(files: Iterable[FoundFile], identify: ExerciseIdentifier) -> Iterator[IngestResult | NewSubmission]:
    """Return each file's submission, or the reason why it isn't one, in order."""
    return (_read(one, identify) for one in files)


def _is_wanted(one: FoundFile, student: str | None) -> bool:
    return student is None or (one.student is not None and normalize_nfc(one.student) == normalize_nfc(student))


def _read(one: FoundFile, identify: ExerciseIdentifier) -> IngestResult | NewSubmission:
    """Return the submission in a file, or the reason why it isn't one."""
    try:
        return _make_submission(one, identify)
    except UnreadableSubmission as error:
        return IngestResult(one.student, one.stem_exercise or "", error=str(error))


def _make_submission(one: FoundFile, identify: ExerciseIdentifier) -> NewSubmission:
    shown = escape_unprintable(str(one.path))
    if one.problem:
        raise UnreadableSubmission(one.problem)
    if one.student is None:
        raise UnreadableSubmission(f"{shown}: the student is unknown. Name the file STUDENT__EXERCISE.ipynb")
    if len(one.student) > MAX_NAME_LENGTH:
        raise UnreadableSubmission(
            f"{shown}: the student's name is longer than {MAX_NAME_LENGTH} characters; shorten it"
        )
    data = read_submission_bytes(one.path)
    return NewSubmission(one.student, _exercise_of(one, data, identify), data, escape_unprintable(one.path.name))


def _exercise_of(one: FoundFile, data: bytes, identify: ExerciseIdentifier) -> str:
    """Return the exercise named in the contents, else in the file name: unreadable files are recorded too."""
    try:
        program = parse_submission(str(one.path), data)
    except UnreadableSubmission:
        if one.stem_exercise is None:
            raise
        return one.stem_exercise
    return identify(program, one)


def split_into_transactions(items: Iterable[T], data: Callable[[T], bytes]) -> Iterator[list[T]]:
    """Group items into lists that one transaction each can record; `data` gives an item's bytes."""
    return split_into_batches(
        items, SUBMISSIONS_PER_TRANSACTION, max_bytes=BYTES_PER_TRANSACTION, measure=lambda item: len(data(item))
    )
