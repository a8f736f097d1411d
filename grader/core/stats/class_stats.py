"""The statistics of a class as data: `class_summary` computes them, and the class page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from grader.core.results.verdict import Verdict
from grader.core.stats.item_analysis import ItemIndices


@dataclass(frozen=True)
class Enrollment:
    """The enrolled students, and the (student, exercise) pairs that are submitted but not graded yet."""

    students: tuple[str, ...] = ()
    ungraded: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class ScoreEntry:
    """One student's result in one exercise under the rules. `error` is the reason for which the file could not be read.

    `score` is `points`, those of the attempt that counts, times `late_factor`, the share that lateness leaves. Of the
    `attempts`, the one with number `counted_number` counts; None if none does.
    """

    student: str | None
    exercise: str
    score: float
    max_score: float
    pending: float
    error: str | None = None
    points: float = 0.0
    late_factor: float = 1.0
    late: timedelta = timedelta()
    counted_number: int | None = None
    attempts: int = 1


@dataclass(frozen=True)
class StudentSummary:
    """One student: an entry per exercise (None: nothing graded), and the points of all exercises together."""

    student: str | None
    entries: tuple[ScoreEntry | None, ...]
    score: float
    max_score: float
    pending: float


@dataclass(frozen=True, slots=True)
class ReportLocation:
    """A place on a student's page of an exercise: the `number`-th question, or 0 for the top of the page."""

    student: str | None
    number: int = 0


@dataclass(frozen=True)
class CheckStats:
    """The results of one check: submissions by verdict, and its indices among the checks of its exercise."""

    question: str
    name: str
    says: str
    hidden: bool
    max_points: float
    verdicts: Mapping[Verdict, int]
    item: ItemIndices

    @property
    def submissions(self) -> int:
        """Number of submissions with this check."""
        return sum(self.verdicts.values())

    @property
    def attempted(self) -> int:
        """Number of submissions that tried: all but blanks and those that failed by the grader's fault."""
        return self.submissions - self.count(Verdict.NOT_ATTEMPTED) - self.count(Verdict.GRADER_ERROR)

    def count(self, *verdicts: Verdict) -> int:
        """Return the number of submissions with one of these verdicts."""
        return sum(self.verdicts.get(verdict, 0) for verdict in verdicts)


@dataclass(frozen=True)
class QuestionStats:
    """The results of one question. `states` counts the submissions by the state of the question."""

    id: str
    title: str
    kind: str
    max_score: float
    states: Mapping[str, int]
    item: ItemIndices
    checks: tuple[CheckStats, ...] = ()

    @property
    def mean_share(self) -> float | None:
        """The mean of score / max_score over the submissions with final points; None if there are none."""
        return self.item.difficulty

    @property
    def submissions(self) -> int:
        """Number of submissions with this question."""
        return sum(self.states.values())

    def share(self, state: str) -> float:
        """Return the share of the submissions in that state, from 0 to 1."""
        return self.states.get(state, 0) / self.submissions if self.submissions else 0.0


@dataclass(frozen=True)
class ExerciseStats:
    """The results of one exercise. `mean`, `median` and `distribution` (one count per bin) are those of readable files.

    `missing` are the enrolled students who submitted nothing for it.
    """

    name: str
    title: str
    max_score: float
    graded_count: int
    mean: float | None
    median: float | None
    distribution: tuple[int, ...]
    questions: tuple[QuestionStats, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class MistakeStats:
    """A known mistake of one question, and the places where it was made."""

    exercise: str
    question: str
    name: str
    hint: str
    places: tuple[ReportLocation, ...]

    @property
    def students(self) -> tuple[str | None, ...]:
        """The names of the students who made it."""
        return tuple(place.student for place in self.places)


@dataclass(frozen=True)
class EditStats:
    """An edit that mends the answers of several students to one question, and the places where it does.

    `offer` is the declaration of a known mistake for `checks.py`.
    """

    exercise: str
    question: str
    before: str
    after: str
    offer: str
    places: tuple[ReportLocation, ...]


@dataclass(frozen=True)
class LimitStats:
    """A limit that was exceeded in one question, and the places where it was."""

    exercise: str
    question: str
    verdict: Verdict
    places: tuple[ReportLocation, ...]

    @property
    def students(self) -> tuple[str | None, ...]:
        """The names of the students whose code exceeded it."""
        return tuple(place.student for place in self.places)


@dataclass(frozen=True)
class PendingStats:
    """A question with pending points, for a person to mark.

    `is_grader_error`: the grader failed, so the submission will be graded again.
    """

    exercise: str
    question: str
    is_grader_error: bool
    points: float
    places: tuple[ReportLocation, ...]


@dataclass(frozen=True)
class BlockedAccess:
    """A submission that requested something that the sandbox blocks, and the recorded messages."""

    exercise: str
    place: ReportLocation
    says: tuple[str, ...]


@dataclass(frozen=True)
class ClassSummary:
    """The content of the class page: students by name, exercises in order, mistakes and limits by count."""

    exercises: tuple[ExerciseStats, ...]
    students: tuple[StudentSummary, ...]
    mistakes: tuple[MistakeStats, ...] = ()
    edits: tuple[EditStats, ...] = ()
    limits: tuple[LimitStats, ...] = ()
    refusals: tuple[BlockedAccess, ...] = ()
    pending: tuple[PendingStats, ...] = ()
    unreadable: tuple[ScoreEntry, ...] = ()
    late: tuple[ScoreEntry, ...] = ()
    ungraded: frozenset[tuple[str, str]] = field(default_factory=frozenset)
