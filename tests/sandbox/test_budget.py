"""The budget of a whole submission, on a clock of the test's own."""

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
        """The time, in seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock at 100 s."""
    return Clock()


@pytest.fixture
def budget(clock: Clock) -> Budget:
    """5 s of processor time, 20 s on the clock."""
    return Budget(Job((), (), total_cpu=5.0, total_wall=20.0), clock)


def test_limits_hold_while_there_is_enough(budget: Budget) -> None:
    """With enough left, a limit is what it was, and is called by its name."""
    assert budget.cap_limits(LIMITS, running=3.0) == LIMITS
    hit = LimitHit("cpu", 2.0, 2.1, "s")
    assert budget.attribute_hit(hit, LIMITS) == hit
    assert budget.find_exhausted() is None


def test_what_is_left_of_processor_time(budget: Budget) -> None:
    """Ended children and the running one count; where less is left than the limit, the budget is what was hit."""
    budget.cpu = 3.0
    bounded = budget.cap_limits(LIMITS, running=1.5)
    assert bounded == replace(LIMITS, cpu=0.5)
    hit = budget.attribute_hit(LimitHit("cpu", bounded.cpu, 0.6, "s"), LIMITS)
    assert hit
    assert (hit.name, hit.allowed) == ("total_cpu", 5.0)


def test_what_is_left_on_the_clock(budget: Budget, clock: Clock) -> None:
    """The same for the time on the clock; what is used up leaves a moment, so that things end in the usual way."""
    clock.now += 13
    bounded = budget.cap_limits(LIMITS, running=0.0)
    assert bounded == replace(LIMITS, wall=7.0)
    clock.now += 13
    assert 0 < budget.cap_limits(LIMITS, running=0.0).wall < 0.1
    assert budget.attribute_hit(LimitHit("wall", 7.0, 7.1, "s"), LIMITS) == LimitHit("total_wall", 20.0, 26.0, "s")
    assert budget.find_exhausted() == LimitHit("total_wall", 20.0, 26.0, "s")


def test_used_up(budget: Budget) -> None:
    """Used up, it says which of the two and by how much."""
    budget.cpu = 5.5
    assert budget.find_exhausted() == LimitHit("total_cpu", 5.0, 5.5, "s")


@pytest.mark.parametrize("hit", [None, LimitHit("memory", 1, None, "bytes")])
def test_other_limits_are_none_of_its(budget: Budget, hit: LimitHit | None) -> None:
    """A limit of memory, or none, stays what it is."""
    assert budget.attribute_hit(hit, LIMITS) == hit
