"""Moments as people write them."""

from datetime import UTC, datetime

import pytest

from grader.core.errors import UsageError
from grader.services.parse_moment import parse_moment


@pytest.mark.parametrize("text", ["2031-05-27 23:59", "2031-05-27T23:59", "2031-05-27 21:59+00:00"])
def test_a_moment_is_on_the_courses_clocks(text: str) -> None:
    """A time without an offset is on the clocks of the course's zone; one with an offset is as it is."""
    assert parse_moment(text, "Europe/Berlin") == datetime(2031, 5, 27, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tomorrow", "is not a date and time"),
        ("2031-05-27", "lacks the time of day: write '2031-05-27 23:59'"),
        ("9999-01-01 00:00", "is out of range"),
    ],
)
def test_anything_else_is_wrong_use(text: str, why: str) -> None:
    """A slip raises UsageError, which says what to write."""
    with pytest.raises(UsageError, match=why):
        parse_moment(text, "UTC")
