"""Tests of the budget of a whole submission, with a simulated clock."""

from dataclasses import replace

import pytest

from grader.core.wire.job import Job, LimitHit, Limits
from grader.sandbox.budget import Budget

LIMITS = Limits(cpu=2.0, wall=10.0)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time, in seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock at 100 s."""
    return Clock()


@pytest.fixture
def budget(clock: Clock) -> Budget:
    """Return a budget of 5 s CPU time and 20 s wall time."""
    return Budget(Job((), (), total_cpu=5.0, total_wall=20.0), clock)


def test_limits_are_unchanged_with_enough_budget(budget: Budget) -> None:
    """With enough budget left, a limit is unchanged and keeps its name."""
    assert budget.cap_limits(LIMITS, running=3.0) == LIMITS
    hit = LimitHit("cpu", 2.0, 2.1, "s")
    assert budget.attribute_hit(hit, LIMITS) == hit
    assert budget.find_exhausted() is None


def test_remaining_cpu_time(budget: Budget) -> None:
    """Ended children and the running one count; if less than the limit is left, the budget is the limit hit."""
    budget.cpu = 3.0
    bounded = budget.cap_limits(LIMITS, running=1.5)
    assert bounded == replace(LIMITS, cpu=0.5)
    hit = budget.attribute_hit(LimitHit("cpu", bounded.cpu, 0.6, "s"), LIMITS)
    assert hit
    assert (hit.name, hit.allowed) == ("total_cpu", 5.0)


def test_remaining_wall_time(budget: Budget, clock: Clock) -> None:
    """The same holds for wall time; an exhausted budget leaves a moment, so that jobs end as usual."""
    clock.now += 13
    bounded = budget.cap_limits(LIMITS, running=0.0)
    assert bounded == replace(LIMITS, wall=7.0)
    clock.now += 13
    assert 0 < budget.cap_limits(LIMITS, running=0.0).wall < 0.1
    assert budget.attribute_hit(LimitHit("wall", 7.0, 7.1, "s"), LIMITS) == LimitHit("total_wall", 20.0, 26.0, "s")
    assert budget.find_exhausted() == LimitHit("total_wall", 20.0, 26.0, "s")


def test_exhausted_budget(budget: Budget) -> None:
    """An exhausted budget names the limit and the use."""
    budget.cpu = 5.5
    assert budget.find_exhausted() == LimitHit("total_cpu", 5.0, 5.5, "s")


@pytest.mark.parametrize("hit", [None, LimitHit("memory", 1, None, "bytes")])
def test_other_limits_are_unchanged(budget: Budget, hit: LimitHit | None) -> None:
    """A hit of the memory limit, or none, is unchanged."""
    assert budget.attribute_hit(hit, LIMITS) == hit
