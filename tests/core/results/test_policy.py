"""Scores under the rules: lateness, attempts, best or last."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.results.policy import Attempt, Policy, score_attempts

DUE = datetime(2031, 5, 20, 21, 59, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def attempt(number: int, score: float, late: timedelta = -HOUR, pending: float = 0.0) -> Attempt:
    """Return an attempt of ten points, `late` after DUE."""
    return Attempt(number, DUE + late, score, 10.0, pending)


@pytest.mark.parametrize(
    ("late", "days", "score"),
    [
        (-HOUR, 0, 8.0),
        (timedelta(), 0, 8.0),
        (HOUR, 0, 8.0),
        (HOUR + TICK, 1, 6.0),
        (DAY, 1, 6.0),
        (DAY + TICK, 2, 4.0),
        (4 * DAY, 4, 0.0),
        (40 * DAY, 40, 0.0),
    ],
)
def test_each_started_day_costs_its_share(late: timedelta, days: int, score: float) -> None:
    """Each day costs a quarter, down to zero; an hour of grace is free, but counts once it is exceeded."""
    sheet = score_attempts(Policy(DUE, grace=HOUR, late_penalty=0.25), [attempt(1, 8.0, late)])
    assert sheet.counted_attempt is not None
    assert (sheet.counted_attempt.days, sheet.score, sheet.max_score) == (days, score, 10.0)
    assert sheet.counted_attempt.late == (late if days else timedelta())


@pytest.mark.parametrize(
    ("offsets", "late", "days"),
    [
        ((2, 1), DAY, 1),
        ((2, 1), DAY + HOUR, 1),
        ((2, 1), DAY + HOUR + TICK, 2),
        ((2, 1), TICK, 1),
        ((1, 2), DAY - HOUR, 1),
        ((1, 2), DAY - HOUR + TICK, 2),
        ((1, 2), 2 * DAY - HOUR, 2),
    ],
)
def test_a_day_ends_when_the_clocks_show_the_time_of_the_deadline(
    offsets: tuple[int, int], late: timedelta, days: int
) -> None:
    """A night when the clocks go back is one day, of 25 hours; one when they go forward is one of 23."""
    before, after = offsets
    clock = ((DUE - DAY, before * HOUR), (DUE + 3 * HOUR, after * HOUR))
    (one,) = score_attempts(Policy(DUE, late_penalty=0.25, clock=clock), [attempt(1, 8.0, late)]).attempts
    assert (one.days, one.late) == (days, late)


def test_an_hour_that_the_clocks_repeat_is_late() -> None:
    """A file handed in after the deadline is one day late, even if the clocks show an earlier time."""
    clock = ((DUE - DAY, 2 * HOUR), (DUE + TICK, HOUR))
    (one,) = score_attempts(Policy(DUE, clock=clock), [attempt(1, 8.0, 2 * TICK)]).attempts
    assert one.days == 1


def test_best_or_last() -> None:
    """The best attempt is that after deductions, the earliest of equals; the last is the last, even if worse."""
    attempts = [attempt(3, 8.0, 2 * DAY, pending=1.0), attempt(1, 6.0), attempt(2, 6.0)]
    best = score_attempts(Policy(DUE, late_penalty=0.25, counts="best"), attempts)
    last = score_attempts(Policy(DUE, late_penalty=0.25, counts="last"), attempts)
    assert best.counted_attempt == best.attempts[0]
    assert [one.attempt.number for one in best.attempts] == [1, 2, 3]
    assert (best.score, best.pending, last.score, last.pending) == (6.0, 0.0, 4.0, 1.0)


def test_only_allowed_attempts_count() -> None:
    """Further attempts are shown and don't count, even if they are better or the last."""
    attempts = [attempt(1, 5.0), attempt(2, 4.0), attempt(3, 9.0)]
    for counts, score in (("best", 5.0), ("last", 4.0)):
        policy = Policy(attempts=2, counts="best" if counts == "best" else "last")
        sheet = score_attempts(policy, attempts)
        assert (sheet.score, [one.within_limit for one in sheet.attempts]) == (score, [True, True, False])
        assert sheet.last_allowed == sheet.attempts[1]


def test_an_extension_never_harms() -> None:
    """The later of deadline and extension applies; without a deadline, nothing is late."""
    policy = Policy(DUE, late_penalty=1.0)
    assert score_attempts(policy, [attempt(1, 8.0, DAY)], DUE + DAY).score == 8.0
    assert score_attempts(policy, [attempt(1, 8.0)], DUE - DAY).score == 8.0
    assert score_attempts(policy, [attempt(1, 8.0, DAY)]).score == 0.0
    assert score_attempts(Policy(late_penalty=1.0), [attempt(1, 8.0, DAY)], DUE - DAY).score == 8.0


def test_nothing_submitted() -> None:
    """Without an attempt there are no points, and nothing to explain."""
    sheet = score_attempts(Policy(), [])
    assert (sheet.counted_attempt, sheet.score, sheet.max_score, sheet.pending, sheet.is_plain) == (
        None,
        0.0,
        0.0,
        0.0,
        True,
    )


@given(st.integers(0, 10 * 86_400 * 10**6), st.integers(0, 100), st.integers(0, 40))
def test_lateness_is_exact_to_the_microsecond(microseconds: int, percent: int, quarters: int) -> None:
    """Days and shares are exact for any number of microseconds."""
    late = timedelta(microseconds=microseconds)
    sheet = score_attempts(Policy(DUE, late_penalty=percent / 100), [attempt(1, quarters / 4, late)])
    days = -(-microseconds // (86_400 * 10**6))
    exact = Fraction(quarters, 4) * max(Fraction(0), 1 - Fraction(percent, 100) * days)
    assert sheet.attempts[0].days == days
    assert sheet.score == pytest.approx(float(exact), abs=1e-9)
