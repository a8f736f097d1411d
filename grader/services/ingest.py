"""From files to submissions: each file found is read, recorded where it is one, and told of where it isn't."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.text.nfc import composed
from grader.formats.decode_text import printable
from grader.formats.discover import Found, exercise_of, find
from grader.formats.read_submission import load, read
from grader.store import HandIn, Store
from grader.store.db.base import NAME_LENGTH

T = TypeVar("T")
PAGE: Final = 200
"""Submissions recorded in one transaction, unless they are large."""
PAGE_BYTES: Final = 50_000_000


@dataclass(frozen=True)
class Wanted:
    """Which submissions, and whether also what another version has graded; of those, perhaps one question alone.

    A rehearsal records nothing. `page` is the file in which a regrade's page is written.
    """

    exercise: str | None = None
    student: str | None = None
    regrade: bool = False
    question: str | None = None
    rehearsal: bool = False
    page: Path | None = None


@dataclass(frozen=True)
class Line:
    """One file found: the submission that it is, or why it is none."""

    student: str | None
    exercise: str
    submission: int | None = None
    error: str | None = None


def found_in(paths: Sequence[Path], course: Course) -> list[Found]:
    """The files below the paths. Raises UsageError where there are none."""
    found = find(paths, [e.name for e in course.exercises])
    if not found:
        where = ", ".join(printable(str(path)) for path in paths)
        expected = "STUDENT/EXERCISE.ipynb, STUDENT/EXERCISE.py or STUDENT__EXERCISE.ipynb"
        raise UsageError(f"nothing to grade in {where}: expected {expected}")
    return found


def recorded(store: Store, course: Course, found: Iterable[Found], wanted: Wanted) -> Iterator[Line]:
    """Records every wanted file that is a submission; one line each, in order."""
    exercises = [e.name for e in course.exercises]
    read_ones = read_in((one for one in found if _wanted(one, wanted.student)), exercises)
    chosen = (one for one in read_ones if wanted.exercise in (None, one.exercise))
    for page in pages(chosen, lambda one: one.data if isinstance(one, HandIn) else b""):
        ids = iter(store.record_many(one for one in page if isinstance(one, HandIn)))
        for one in page:
            yield one if isinstance(one, Line) else Line(one.student, one.exercise, next(ids).id)


def read_in(found: Iterable[Found], exercises: list[str]) -> Iterator[Line | HandIn]:
    """What to record of each file, or why it is no submission; in order. `exercises` are those that there are."""
    return (_read(one, exercises) for one in found)


def _wanted(one: Found, student: str | None) -> bool:
    return student is None or (one.student is not None and composed(one.student) == composed(student))


def _read(one: Found, exercises: list[str]) -> Line | HandIn:
    """What to record of a file; or, where it is no submission, why."""
    try:
        return _hand_in(one, exercises)
    except UnreadableSubmission as error:
        return Line(one.student, one.stem_exercise or "", error=str(error))


def _hand_in(one: Found, exercises: list[str]) -> HandIn:
    shown = printable(str(one.path))
    if one.problem:
        raise UnreadableSubmission(one.problem)
    if one.student is None:
        raise UnreadableSubmission(f"{shown}: whose is it? Name it STUDENT__EXERCISE.ipynb")
    if len(one.student) > NAME_LENGTH:
        raise UnreadableSubmission(f"{shown}: the student's name is longer than {NAME_LENGTH} characters; shorten it")
    data = load(one.path)
    return HandIn(one.student, _exercise_of(one, data, exercises), data, printable(one.path.name))


def _exercise_of(one: Found, data: bytes, exercises: list[str]) -> str:
    """What the contents say, else the name; so that of an unreadable file too the bytes are kept."""
    try:
        program = read(str(one.path), data)
    except UnreadableSubmission:
        if one.stem_exercise is None:
            raise
        return one.stem_exercise
    return exercise_of(program, one, exercises)


def pages(items: Iterable[T], data: Callable[[T], bytes]) -> Iterator[list[T]]:
    """Lists of up to PAGE items and about PAGE_BYTES bytes of what `data` gives."""
    page: list[T] = []
    size = 0
    for item in items:
        page.append(item)
        size += len(data(item))
        if len(page) >= PAGE or size >= PAGE_BYTES:
            yield page
            page, size = [], 0
    if page:
        yield page
