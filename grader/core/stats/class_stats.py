"""The figures of a class as data: what `class_report` computes and the class page shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from grader.core.results.verdict import Verdict
from grader.core.stats.item_analysis import ItemIndices


@dataclass(frozen=True)
class Enrollment:
    """Who should hand in, and which (student, exercise) have done so without being graded yet."""

    students: tuple[str, ...] = ()
    ungraded: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class ScoreEntry:
    """One student's result in one exercise, by the rules. `error` says why the file could not be read.

    `points` and `late_factor` make the `score`: the points of the attempt that counts, and the share that lateness
    leaves. Of the `attempts`, the one with number `counted` counts, None where none does.
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
    counted: int | None = None
    attempts: int = 1


@dataclass(frozen=True)
class StudentSummary:
    """One student: an entry an exercise (None: nothing graded), and the points of all exercises together."""

    student: str | None
    entries: tuple[ScoreEntry | None, ...]
    score: float
    max_score: float
    pending: float


@dataclass(frozen=True, slots=True)
class ReportLocation:
    """Where something was seen: on a student's page of an exercise, at the `number`-th question; 0: at its top."""

    student: str | None
    number: int = 0


@dataclass(frozen=True)
class CheckStats:
    """How one check went: submissions by verdict, and its indices among the checks of its exercise."""

    question: str
    name: str
    says: str
    hidden: bool
    max_points: float
    verdicts: Mapping[Verdict, int]
    item: ItemIndices

    @property
    def submissions(self) -> int:
        """How many were asked."""
        return sum(self.verdicts.values())

    @property
    def attempted(self) -> int:
        """How many tried: all but blanks and what failed by our own fault."""
        return self.submissions - self.count(Verdict.NOT_ATTEMPTED) - self.count(Verdict.GRADER_ERROR)

    def count(self, *verdicts: Verdict) -> int:
        """How many ended in one of these ways."""
        return sum(self.verdicts.get(verdict, 0) for verdict in verdicts)


@dataclass(frozen=True)
class QuestionStats:
    """How one question went. `states` counts the submissions by the state of the question."""

    id: str
    title: str
    kind: str
    max_score: float
    states: Mapping[str, int]
    item: ItemIndices
    checks: tuple[CheckStats, ...] = ()

    @property
    def mean_share(self) -> float | None:
        """The mean of score / max_score over the submissions that wait for nothing, None where there are none."""
        return self.item.difficulty

    @property
    def submissions(self) -> int:
        """How many submissions were asked this question."""
        return sum(self.states.values())

    def share(self, state: str) -> float:
        """The part of the submissions in that state, from 0 to 1."""
        return self.states.get(state, 0) / self.submissions if self.submissions else 0.0


@dataclass(frozen=True)
class ExerciseStats:
    """How one exercise went. `mean`, `median` and `distribution` (BINS counts) are of the files that could be read.

    `missing` are those who are enrolled and handed in nothing for it.
    """

    name: str
    title: str
    max_score: float
    graded: int
    mean: float | None
    median: float | None
    distribution: tuple[int, ...]
    questions: tuple[QuestionStats, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class MistakeStats:
    """A known mistake of one question, and who made it."""

    exercise: str
    question: str
    name: str
    hint: str
    places: tuple[ReportLocation, ...]

    @property
    def students(self) -> tuple[str | None, ...]:
        """Who made it, by name."""
        return tuple(place.student for place in self.places)


@dataclass(frozen=True)
class LimitStats:
    """A limit that was hit in one question, and by whose code."""

    exercise: str
    question: str
    verdict: Verdict
    places: tuple[ReportLocation, ...]

    @property
    def students(self) -> tuple[str | None, ...]:
        """Whose code it was, by name."""
        return tuple(place.student for place in self.places)


@dataclass(frozen=True)
class PendingStats:
    """A question with points that wait: for a person, or (`ours`) to be graded again after a fault of ours."""

    exercise: str
    question: str
    ours: bool
    points: float
    places: tuple[ReportLocation, ...]


@dataclass(frozen=True)
class BlockedAccess:
    """A submission that asked for what the sandbox doesn't give, and what is on record of it."""

    exercise: str
    place: ReportLocation
    says: tuple[str, ...]


@dataclass(frozen=True)
class ClassSummary:
    """All that the class page shows: students by name, exercises in order, mistakes and limits by count."""

    exercises: tuple[ExerciseStats, ...]
    students: tuple[StudentSummary, ...]
    mistakes: tuple[MistakeStats, ...] = ()
    limits: tuple[LimitStats, ...] = ()
    refusals: tuple[BlockedAccess, ...] = ()
    pending: tuple[PendingStats, ...] = ()
    unreadable: tuple[ScoreEntry, ...] = ()
    late: tuple[ScoreEntry, ...] = ()
    ungraded: frozenset[tuple[str, str]] = field(default_factory=frozenset)
