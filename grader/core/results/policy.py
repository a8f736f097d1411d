"""Rules for a score: deadline, grace period, late penalty, number of attempts, best or last. Arithmetic only.

Every moment has a time zone. Lateness is in whole microseconds, so that a database calculates the same result.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

ONE_DAY = timedelta(days=1)
ZERO_DURATION = timedelta()


@dataclass(frozen=True)
class Policy:
    """The rules of one exercise.

    `late_penalty` is the share of an attempt's points, from 0 to 1, that each started day after the deadline costs.
    `attempts` is the number of attempts that count (None: all); `counts` tells which of them gives the score.
    `clock` holds the offsets of the course's clocks from UTC, each with the moment at which it begins, in order; a
    moment before the first has the first offset, and without any offset the clocks show UTC.
    """

    deadline: datetime | None = None
    grace: timedelta = ZERO_DURATION
    late_penalty: float = 0.0
    attempts: int | None = None
    counts: Literal["best", "last"] = "last"
    clock: tuple[tuple[datetime, timedelta], ...] = ()

    def utc_offset(self, moment: datetime) -> timedelta:
        """Return how far the course's clocks are ahead of UTC at a moment."""
        begun = [offset for begins, offset in self.clock if begins <= moment]
        return begun[-1] if begun else self.clock[0][1] if self.clock else ZERO_DURATION

    def count_days(self, due: datetime, received_at: datetime) -> int:
        """Return the number of days begun between two moments, at least one, by the course's clocks.

        A day ends when the clocks show the time of the deadline again, so a night when they change makes no other day.
        """
        elapsed = received_at - due + self.utc_offset(received_at) - self.utc_offset(due)
        return max(1, -(-elapsed // ONE_DAY))

    def extended_deadline(self, extension: datetime | None) -> datetime | None:
        """Return the deadline of a student with this extension: the later of the two; None without a deadline."""
        if self.deadline is None or extension is None:
            return self.deadline
        return max(self.deadline, extension)


@dataclass(frozen=True)
class Attempt:
    """One submission with its current score.

    `ordinal` is the attempt that its submission belongs to, if that isn't `number`.
    """

    number: int
    received_at: datetime
    score: float
    max_score: float
    pending: float = 0.0
    ordinal: int = 0

    @property
    def place(self) -> int:
        """The number that the limit of attempts counts."""
        return self.ordinal or self.number


@dataclass(frozen=True)
class ScoredAttempt:
    """An attempt under the rules: its lateness (zero within the grace period), and the share of points it keeps."""

    attempt: Attempt
    late: timedelta
    days: int
    late_factor: float
    within_limit: bool

    @property
    def score(self) -> float:
        """The points after the late penalty."""
        return self.attempt.score * self.late_factor

    @property
    def late_seconds(self) -> int:
        """The lateness in whole seconds, rounded up."""
        return math.ceil(self.late.total_seconds())


@dataclass(frozen=True)
class ScoreSheet:
    """The calculation of a student's score in an exercise. `zone` is the course's time zone, for display."""

    policy: Policy
    due: datetime | None
    attempts: tuple[ScoredAttempt, ...]
    counted_attempt: ScoredAttempt | None
    zone: str = "UTC"

    @property
    def score(self) -> float:
        """The points that count."""
        return self.counted_attempt.score if self.counted_attempt else 0.0

    @property
    def max_score(self) -> float:
        """The maximum of points."""
        return self.counted_attempt.attempt.max_score if self.counted_attempt else 0.0

    @property
    def pending(self) -> float:
        """The pending points of the attempt that counts, before any deduction."""
        return self.counted_attempt.attempt.pending if self.counted_attempt else 0.0

    @property
    def last_allowed(self) -> ScoredAttempt | None:
        """The last attempt that may count."""
        return next((one for one in reversed(self.attempts) if one.within_limit), None)

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to explain: no rule, and at most one attempt."""
        return replace(self.policy, clock=()) == Policy() and len(self.attempts) <= 1


def score_attempts(
    policy: Policy, attempts: Sequence[Attempt], extension: datetime | None = None, zone: str = "UTC"
) -> ScoreSheet:
    """Score attempts, given in any order. Among equally good ones, the earliest is the best."""
    due = policy.extended_deadline(extension)
    scored = tuple(_score_attempt(policy, one, due) for one in sorted(attempts, key=lambda a: a.number))
    allowed = [one for one in scored if one.within_limit]
    if policy.counts == "best":
        counted = max(allowed, key=lambda r: (r.score, -r.attempt.number), default=None)
    else:
        counted = allowed[-1] if allowed else None
    return ScoreSheet(policy, due, scored, counted, zone)


def _score_attempt(policy: Policy, attempt: Attempt, due: datetime | None) -> ScoredAttempt:
    late = max(attempt.received_at - due, ZERO_DURATION) if due else ZERO_DURATION
    if late <= policy.grace:
        late = ZERO_DURATION
    days = policy.count_days(due, attempt.received_at) if due and late else 0
    late_factor = max(0.0, 1.0 - policy.late_penalty * days)
    allowed = policy.attempts is None or attempt.place <= policy.attempts
    return ScoredAttempt(attempt, late, days, late_factor, allowed)
