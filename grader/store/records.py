"""What goes into the store and what comes out of it, as plain data."""

from dataclasses import dataclass
from datetime import datetime

from grader.core.grading import Grading


@dataclass(frozen=True)
class HandIn:
    """One file that a student hands in. `received_at` needs a time zone; None means now."""

    student: str
    exercise: str
    data: bytes
    file_name: str
    received_at: datetime | None = None


@dataclass(frozen=True)
class Recorded:
    """The submission that a hand-in became: `number` is the n-th of that student for that exercise, from 1.

    `is_new` is False where the same student had handed in the same bytes before.
    """

    id: int
    number: int
    is_new: bool


@dataclass(frozen=True)
class Submission:
    """A recorded submission without its bytes, which are `size` long. `received_at` is in UTC."""

    id: int
    student: str
    exercise: str
    number: int
    file_name: str
    received_at: datetime
    sha256: str
    size: int


@dataclass(frozen=True)
class Unreadable:
    """In place of a grading: why the submission couldn't be read, in one line. It earns 0 of `max_score` points."""

    error: str
    course_version: str
    grader_version: str
    seed: str
    max_score: float = 0.0


@dataclass(frozen=True)
class Graded:
    """A submission and the latest thing that was found about it."""

    submission: Submission
    result: Grading | Unreadable


@dataclass(frozen=True)
class Info:
    """What there is: the URL without its password, the schema's revision, rows per table, and the size in bytes."""

    url: str
    revision: str
    students: int
    submissions: int
    blobs: int
    gradings: int
    results: int
    size: int
