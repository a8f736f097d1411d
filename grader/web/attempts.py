"""One student's work, as pages show it: each exercise with its deadline, state and score, each attempt with its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.core.exercise import Course, Exercise
from grader.core.grading import Grading
from grader.core.phrase import say
from grader.core.policy import Attempt, Reckoned, ScoreSheet, reckon
from grader.feedback.words import Word
from grader.store import Graded, Store, Submission, Unreadable

WAITS = Word("pending", "⋯", say("being graded"))
GRADED = Word("right", "✓", say("graded"))
UNREADABLE = Word("wrong", "✗", say("can't be read"))
FAULTED = Word("pending", "⋯", say("the grader failed; it will be graded again"))
NOTHING = Word("blank", "○", say("not handed in"))


@dataclass(frozen=True)
class Try:
    """One attempt: what is on record, how the rules take it, and what was found so far."""

    submission: Submission
    reckoned: Reckoned
    graded: Graded | None

    @property
    def is_done(self) -> bool:
        """There is something to read; nothing more comes by itself."""
        return self.graded is not None and not self._faulted

    @property
    def word(self) -> Word:
        """Its state."""
        if self.graded is None:
            return WAITS
        if isinstance(self.graded.result, Unreadable):
            return UNREADABLE
        return FAULTED if self._faulted else GRADED

    @property
    def pending(self) -> float:
        """Points that wait for a person, or for us."""
        return self.reckoned.attempt.pending

    @property
    def _faulted(self) -> bool:
        return self.graded is not None and isinstance(self.graded.result, Grading) and self.graded.result.faulted


@dataclass(frozen=True)
class Standing:
    """Where a student stands in an exercise. `sheet` knows the graded attempts, `made` counts all."""

    exercise: Exercise
    sheet: ScoreSheet
    made: int
    waiting: int
    now: datetime

    @property
    def word(self) -> Word:
        """The state in a word."""
        if self.waiting:
            return WAITS
        return GRADED if self.made else NOTHING

    @property
    def left(self) -> int | None:
        """The attempts that still count; None: as many as one likes."""
        most = self.exercise.policy.attempts
        return None if most is None else max(0, most - self.made)

    @property
    def is_over(self) -> bool:
        """The deadline has passed, and the grace with it."""
        return self.sheet.due is not None and self.now > self.sheet.due + self.exercise.policy.grace


def standings(store: Store, course: Course, student: str, now: datetime) -> list[Standing]:
    """Where a student stands in each exercise of the course, in its order."""
    rules = {e.name: e.policy for e in course.exercises}
    graded = {one.exercise: one for one in store.attempts(rules, student)}
    handed: dict[str, list[Submission]] = {}
    for submission in store.submissions(student=student):
        handed.setdefault(submission.exercise, []).append(submission)
    found = []
    for exercise in course.exercises:
        attempts = graded[exercise.name].attempts if exercise.name in graded else ()
        extension = store.people.extension(student, exercise.name)
        sheet = reckon(exercise.policy, attempts, extension, course.zone)
        made = len(handed.get(exercise.name, ()))
        found.append(Standing(exercise, sheet, made, made - len(attempts), now))
    return found


def tries(store: Store, course: Course, student: str, exercise: Exercise) -> list[Try]:
    """A student's attempts at an exercise, the last one first."""
    handed = list(store.submissions(student=student, exercise=exercise.name))
    found = {one.submission.id: one for one in store.latest(student=student, exercise=exercise.name)}
    scored = {
        attempt.number: attempt
        for one in store.attempts({exercise.name: exercise.policy}, student)
        for attempt in one.attempts
    }
    made = [scored.get(one.number) or Attempt(one.number, one.received_at, 0.0, 0.0) for one in handed]
    sheet = reckon(exercise.policy, made, store.people.extension(student, exercise.name), course.zone)
    by_number = {one.attempt.number: one for one in sheet.attempts}
    return [Try(one, by_number[one.number], found.get(one.id)) for one in reversed(handed)]


def numbered(made: Sequence[Try], number: int) -> Try | None:
    """The attempt of that number."""
    return next((one for one in made if one.submission.number == number), None)
