"""Plain data classes that go into the store and come out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from grader.core.results.grading import Grading
from grader.core.results.mark import Mark
from grader.core.results.policy import Attempt


@dataclass(frozen=True)
class NewSubmission:
    """One submitted file, or set of files. `received_at` needs a time zone; None means now.

    `completes` is the number of the same student's submission for the exercise that this one only completes.
    """

    student: str
    exercise: str
    data: bytes
    file_name: str
    received_at: datetime | None = None
    completes: int | None = None


@dataclass(frozen=True)
class RecordedSubmission:
    """The record of a submission: `number` is the n-th of that student for that exercise, from 1.

    `is_new` is False if the same student had submitted the same bytes before.
    """

    id: int
    number: int
    is_new: bool


@dataclass(frozen=True)
class Submission:
    """A recorded submission without its bytes, which are `size` long. `received_at` is in UTC.

    Submissions that only complete a set of files have the same `attempt`, of which the last one counts.
    """

    id: int
    student: str
    exercise: str
    number: int
    file_name: str
    received_at: datetime
    sha256: str
    size: int
    attempt: int = 0


@dataclass(frozen=True)
class UnreadableResult:
    """The reason in one line why a submission couldn't be read. It earns 0 of `max_score` points."""

    error: str
    course_version: str
    grader_version: str
    seed: str
    max_score: float = 0.0


@dataclass(frozen=True)
class GradedSubmission:
    """A submission, its latest result, and the current marks by question."""

    submission: Submission
    result: Grading | UnreadableResult
    marks: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True)
class GradingSummary:
    """The sums of the latest grading, before any mark; `error` is the reason if the file is unreadable."""

    score: float
    max_score: float
    pending: float
    has_grader_error: bool
    error: str | None


@dataclass(frozen=True)
class SubmissionProgress:
    """A submission and its progress; `grading` is None as long as there is no grading."""

    submission: Submission
    grading: GradingSummary | None


@dataclass(frozen=True)
class StudentWork:
    """All submissions of one student, the graded attempts with current marks, and extensions by exercise."""

    submissions: tuple[SubmissionProgress, ...]
    attempts: tuple["StudentAttempts", ...]
    extensions: Mapping[str, datetime | None]


@dataclass(frozen=True)
class RecordsVersion:
    """A version of the records: the newest submission and grading, and the newest of each kind of action."""

    submissions: int
    gradings: int
    newest_act_ids: tuple[int, ...]


@dataclass(frozen=True)
class DatabaseInfo:
    """Facts about a database: the URL without its password, the revision, rows per table, and the size in bytes."""

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
    """A student's entry on a roster; `ids` are those of other systems: `{"canvas": "4711"}`. Empty: not given."""

    student: str
    display_name: str = ""
    email: str = ""
    section: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """An entry of the log: user, action and time. `student` is None if it is not about one student."""

    at: datetime
    who: str
    what: str
    student: str | None
    detail: str


@dataclass(frozen=True)
class RateLimit:
    """A number of tries in a number of seconds, of up to an hour: a sliding window."""

    max_tries: int
    seconds: float

    def get_wait_seconds(self, ages: Sequence[float]) -> float:
        """Return the seconds until another try is allowed; `ages` are those of the tries in seconds, latest first."""
        if len(ages) < self.max_tries:
            return 0.0
        return max(0.0, self.seconds - ages[self.max_tries - 1])


@dataclass(frozen=True)
class NewMark:
    """A mark to be set. Without points, the current mark is withdrawn."""

    submission: int
    question: str
    points: float | None
    comment: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionToMark:
    """A question to be marked by a person: with its mark, or that of another attempt as a proposal."""

    submission: Submission
    question: str
    max_points: float
    pending: float
    mark: Mark | None = None
    proposal: Mark | None = None
    proposed_by: int | None = None
    """The number of the attempt for which the proposal was given."""


@dataclass(frozen=True)
class StudentAttempts:
    """All graded attempts of a student at an exercise, with current marks, and the extended deadline."""

    student: str
    exercise: str
    attempts: tuple[Attempt, ...]
    extension: datetime | None = None


@dataclass(frozen=True)
class ClassScore:
    """A student's score in an exercise under its policy: attempt `number` counts, `days` late."""

    student: str
    exercise: str
    submission: int
    number: int
    points: float
    days: int
    late_factor: float
    score: float
    max_score: float
    pending: float
    attempts: int


@dataclass(frozen=True)
class ErasureSummary:
    """The numbers of deleted rows. `student` is the id by which the erasure's record refers to the student."""

    student: int
    submissions: int
    gradings: int
    marks: int


@dataclass(frozen=True)
class Account:
    """An account: a `student` or an `instructor`. A change of `generation` has ended all earlier sessions.

    `password` is a hash, None if none is set; `invited_until` is the end of the open invitation, None if there is none.
    """

    id: int
    name: str
    role: str
    generation: int
    password: str | None = field(default=None, repr=False)
    invited_until: datetime | None = None


@dataclass(frozen=True)
class Token:
    """A token with which a program acts as an account, without its secret. `purpose` is its owner's description."""

    id: int
    purpose: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class QueuedSubmission:
    """A submission that waits to be graded; `student` is its student's id."""

    id: int
    student: int
    exercise: str
    file_name: str
