"""What goes into the store and what comes out of it, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from grader.core.results.grading import Grading
from grader.core.results.mark import Mark
from grader.core.results.policy import Attempt


@dataclass(frozen=True)
class NewSubmission:
    """One file that a student hands in. `received_at` needs a time zone; None means now."""

    student: str
    exercise: str
    data: bytes
    file_name: str
    received_at: datetime | None = None


@dataclass(frozen=True)
class RecordedSubmission:
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
class UnreadableResult:
    """In place of a grading: why the submission couldn't be read, in one line. It earns 0 of `max_score` points."""

    error: str
    course_version: str
    grader_version: str
    seed: str
    max_score: float = 0.0


@dataclass(frozen=True)
class GradedSubmission:
    """A submission, the latest thing that was found about it, and the marks that hold, by question."""

    submission: Submission
    result: Grading | UnreadableResult
    marks: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True)
class GradingSummary:
    """What the latest grading came to, before any mark. `faulted`: we are at fault; `error`: why it isn't read."""

    score: float
    max_score: float
    pending: float
    faulted: bool
    error: str | None


@dataclass(frozen=True)
class SubmissionProgress:
    """A submission and how far it is; `found` is None as long as there is no grading."""

    submission: Submission
    found: GradingSummary | None


@dataclass(frozen=True)
class StudentWork:
    """One student's: all that was handed in, what is graded as it is marked now, and extensions by exercise."""

    submissions: tuple[SubmissionProgress, ...]
    attempts: tuple["StudentAttempts", ...]
    extensions: Mapping[str, datetime | None]


@dataclass(frozen=True)
class RecordsVersion:
    """A version of the records: the newest submission and grading, and the newest of each kind of a person's act."""

    submissions: int
    gradings: int
    newest_act_ids: tuple[int, ...]


@dataclass(frozen=True)
class DatabaseInfo:
    """What there is: the URL without its password, the schema's revision, rows per table, and the size in bytes."""

    url: str
    revision: str
    students: int
    submissions: int
    blobs: int
    gradings: int
    results: int
    marks: int
    size: int


@dataclass(frozen=True)
class Enrolment:
    """What a roster says of a student; `ids` are those of other systems: `{"canvas": "4711"}`. Empty: not told."""

    student: str
    display_name: str = ""
    email: str = ""
    section: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Who did what when. `student` is None where it is about nobody alone."""

    at: datetime
    who: str
    what: str
    student: str | None
    detail: str


@dataclass(frozen=True)
class RateLimit:
    """So many in so many seconds, of up to an hour."""

    max_tries: int
    seconds: float


@dataclass(frozen=True)
class NewMark:
    """A mark to be set. No points: the mark that is there is taken back."""

    submission: int
    question: str
    points: float | None
    comment: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionToMark:
    """A question of a submission that a person may mark: with its mark, or the one of another attempt as a proposal."""

    submission: Submission
    question: str
    max_points: float
    pending: float
    mark: Mark | None = None
    proposal: Mark | None = None
    proposed_by: int | None = None
    """The number of the attempt that the proposal was given for."""


@dataclass(frozen=True)
class StudentAttempts:
    """All graded attempts of a student at an exercise, as they are marked now, and until when time was extended."""

    student: str
    exercise: str
    attempts: tuple[Attempt, ...]
    extension: datetime | None = None


@dataclass(frozen=True)
class ClassScore:
    """A student's score in an exercise, by its policy: attempt `number` counts, `days` late, and keeps that share."""

    student: str
    exercise: str
    submission: int
    number: int
    points: float
    days: int
    kept: float
    score: float
    max_score: float
    pending: float
    attempts: int


@dataclass(frozen=True)
class ErasureSummary:
    """What an erasure took away. `student` is the number by which the record of it goes on."""

    student: int
    submissions: int
    gradings: int
    marks: int


@dataclass(frozen=True)
class Account:
    """Who may sign in: a `student` or an `instructor`. A change of `generation` has ended all earlier sessions.

    `password` is a hash, None where none is set; `invited_until` is when the open invitation ends, None where none is.
    """

    id: int
    name: str
    role: str
    generation: int
    password: str | None = field(default=None, repr=False)
    invited_until: datetime | None = None


@dataclass(frozen=True)
class Token:
    """By which a program acts as an account, without its secret. `purpose` is what its owner wrote of it."""

    id: int
    purpose: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class QueuedSubmission:
    """A submission that waits to be graded; `student` is its student's number."""

    id: int
    student: int
    exercise: str
    file_name: str
