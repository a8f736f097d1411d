"""Tests of the arithmetic of a rate limit."""

import pytest

from grader.store import RateLimit


@pytest.mark.parametrize(
    ("ages", "wait"),
    [((), 0.0), ((1.0,), 0.0), ((1.0, 4.0), 6.0), ((1.0, 4.0, 9.0), 6.0), ((1.0, 10.0), 0.0), ((0.0, 30.0), 0.0)],
)
def test_the_oldest_counted_try_has_to_expire(ages: tuple[float, ...], wait: float) -> None:
    """With two tries in ten seconds the wait ends when the second latest is ten seconds old."""
    assert RateLimit(2, 10).get_wait_seconds(ages) == wait
