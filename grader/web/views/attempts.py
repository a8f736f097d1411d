"""One student's work as pages show it: each exercise with its deadline, status and score, each attempt with its own."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from grader.core.questions.exercise import Course, Exercise
from grader.core.results.policy import Attempt, ScoredAttempt, ScoreSheet, score_attempts
from grader.core.text.messages import gettext
from grader.feedback.labels import Label
from grader.store import GradingSummary, Store, StudentWork, Submission

WAITING_LABEL = Label("pending", "⋯", gettext("being graded"))
GRADED_LABEL = Label("right", "✓", gettext("graded"))
UNREADABLE_LABEL = Label("wrong", "✗", gettext("can't be read"))
FAULTED_LABEL = Label("pending", "⋯", gettext("the grader failed; it will be graded again"))
NOT_SUBMITTED_LABEL = Label("blank", "○", gettext("not handed in"))


@dataclass(frozen=True)
class AttemptView:
    """One attempt: its record, its score under the rules, and the result so far."""

    submission: Submission
    scored_attempt: ScoredAttempt
    summary: GradingSummary | None

    @property
    def is_done(self) -> bool:
        """True if there is a result to read, and no more will come by itself."""
        return self.summary is not None and not self.summary.has_grader_error

    @property
    def status(self) -> Label:
        """The label of its status."""
        return choose_status_label(self.summary)

    @property
    def pending(self) -> float:
        """Points that wait for a person, or for us."""
        return self.scored_attempt.attempt.pending


def choose_status_label(grading: GradingSummary | None) -> Label:
    """Return the label of a submission's status."""
    if grading is None:
        return WAITING_LABEL
    if grading.error is not None:
        return UNREADABLE_LABEL
    return FAULTED_LABEL if grading.has_grader_error else GRADED_LABEL


@dataclass(frozen=True)
class ExerciseStatus:
    """A student's standing in an exercise. `score_sheet` holds the graded attempts, the attempt list counts all."""

    exercise: Exercise
    score_sheet: ScoreSheet
    attempt_count: int
    waiting_count: int
    now: datetime

    @property
    def status(self) -> Label:
        """The label of its status."""
        if self.waiting_count:
            return WAITING_LABEL
        return GRADED_LABEL if self.attempt_count else NOT_SUBMITTED_LABEL

    @property
    def attempts_left(self) -> int | None:
        """The number of attempts that still count; None means no limit."""
        most = self.exercise.policy.attempts
        return None if most is None else max(0, most - self.attempt_count)

    @property
    def is_over(self) -> bool:
        """True if the deadline and the grace period are over."""
        return self.score_sheet.due is not None and self.now > self.score_sheet.due + self.exercise.policy.grace


@dataclass(frozen=True)
class AttemptList:
    """A student's attempts at an exercise, the last one first, and the extended deadline if there is one."""

    attempts: tuple[AttemptView, ...]
    extension: datetime | None
    places: Mapping[int, int]
    """The attempt of each submission's number."""

    def get_attempt(self, number: int) -> AttemptView | None:
        """Return the attempt to which the submission of that number belongs."""
        place = self.places.get(number)
        return next((one for one in self.attempts if one.submission.attempt == place), None)


def load_student_work(store: Store, course: Course, student: str) -> StudentWork:
    """Load everything that a student's pages are made of, as of one moment."""
    return store.progress.load_student_work({e.name: e.policy for e in course.exercises}, student)


def compute_exercise_statuses(work: StudentWork, course: Course, now: datetime) -> list[ExerciseStatus]:
    """Return a student's standing in each exercise of the course, in its order."""
    graded = {one.exercise: one.attempts for one in work.attempts}
    attempt_counts = Counter(
        exercise for exercise, _ in {(s.submission.exercise, s.submission.attempt) for s in work.submissions}
    )
    found = []
    for exercise in course.exercises:
        attempts = graded.get(exercise.name, ())
        sheet = score_attempts(exercise.policy, attempts, work.extensions.get(exercise.name), course.zone)
        waiting = attempt_counts[exercise.name] - len(attempts)
        found.append(ExerciseStatus(exercise, sheet, attempt_counts[exercise.name], waiting, now))
    return found


def build_attempt_list(work: StudentWork, course: Course, exercise: Exercise) -> AttemptList:
    """Return a student's attempts at an exercise; of several submissions of one attempt, the last one."""
    own = [one for one in work.submissions if one.submission.exercise == exercise.name]
    handed = list({one.submission.attempt: one for one in own}.values())
    graded = {a.number: a for one in work.attempts if one.exercise == exercise.name for a in one.attempts}
    tried = [graded.get(one.submission.number) or _make_ungraded_attempt(one.submission) for one in handed]
    extension = work.extensions.get(exercise.name)
    sheet = score_attempts(exercise.policy, tried, extension, course.zone)
    by_number = {one.attempt.number: one for one in sheet.attempts}
    tries = (AttemptView(one.submission, by_number[one.submission.number], one.grading) for one in reversed(handed))
    places = {one.submission.number: one.submission.attempt for one in own}
    return AttemptList(tuple(tries), extension, places)


def _make_ungraded_attempt(submission: Submission) -> Attempt:
    return Attempt(submission.number, submission.received_at, 0.0, 0.0, 0.0, submission.attempt)
