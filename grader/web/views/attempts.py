"""One student's work, as pages show it: each exercise with its deadline, state and score, each attempt with its own."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from grader.core.questions.exercise import Course, Exercise
from grader.core.results.policy import Attempt, Reckoned, ScoreSheet, reckon
from grader.core.text.messages import say
from grader.feedback.labels import Word
from grader.store import Found, Store, Submission, Work

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
    found: Found | None

    @property
    def is_done(self) -> bool:
        """There is something to read; nothing more comes by itself."""
        return self.found is not None and not self.found.faulted

    @property
    def word(self) -> Word:
        """Its state."""
        return word(self.found)

    @property
    def pending(self) -> float:
        """Points that wait for a person, or for us."""
        return self.reckoned.attempt.pending


def word(found: Found | None) -> Word:
    """The state of a submission."""
    if found is None:
        return WAITS
    if found.error is not None:
        return UNREADABLE
    return FAULTED if found.faulted else GRADED


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


@dataclass(frozen=True)
class Made:
    """A student's attempts at an exercise, the last one first, and until when time was extended."""

    tries: tuple[Try, ...]
    extension: datetime | None

    def numbered(self, number: int) -> Try | None:
        """The attempt of that number."""
        return next((one for one in self.tries if one.submission.number == number), None)


def work(store: Store, course: Course, student: str) -> Work:
    """All that a student's pages are made of, of one moment."""
    return store.glance.work({e.name: e.policy for e in course.exercises}, student)


def standings(work: Work, course: Course, now: datetime) -> list[Standing]:
    """Where a student stands in each exercise of the course, in its order."""
    graded = {one.exercise: one.attempts for one in work.attempts}
    made = Counter(one.submission.exercise for one in work.handed)
    found = []
    for exercise in course.exercises:
        attempts = graded.get(exercise.name, ())
        sheet = reckon(exercise.policy, attempts, work.extensions.get(exercise.name), course.zone)
        waiting = made[exercise.name] - len(attempts)
        found.append(Standing(exercise, sheet, made[exercise.name], waiting, now))
    return found


def made(work: Work, course: Course, exercise: Exercise) -> Made:
    """A student's attempts at an exercise."""
    handed = [one for one in work.handed if one.submission.exercise == exercise.name]
    graded = {a.number: a for one in work.attempts if one.exercise == exercise.name for a in one.attempts}
    tried = [graded.get(one.submission.number) or _ungraded(one.submission) for one in handed]
    extension = work.extensions.get(exercise.name)
    sheet = reckon(exercise.policy, tried, extension, course.zone)
    by_number = {one.attempt.number: one for one in sheet.attempts}
    tries = (Try(one.submission, by_number[one.submission.number], one.found) for one in reversed(handed))
    return Made(tuple(tries), extension)


def _ungraded(submission: Submission) -> Attempt:
    return Attempt(submission.number, submission.received_at, 0.0, 0.0)
