"""Tests of the changes of clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.results.policy import Policy
from grader.course.clock_changes import list_offsets

DEADLINE = datetime(2026, 10, 24, 21, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_berlin_changes_twice_per_year() -> None:
    """The first changes after October 24th, 2026, are those of the last Sundays of October and March."""
    assert list_offsets("Europe/Berlin", DEADLINE)[:3] == (
        (DEADLINE - timedelta(days=1), 2 * HOUR),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), HOUR),
        (datetime(2027, 3, 28, 1, tzinfo=UTC), 2 * HOUR),
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_clocks_that_never_change(zone: str) -> None:
    """A zone without changes has one offset."""
    assert len(list_offsets(zone, DEADLINE)) == 1


def test_the_last_year_of_the_calendar() -> None:
    """A deadline in the last year that a deadline may have is no error."""
    assert list_offsets("Europe/Berlin", datetime(9997, 12, 31, tzinfo=UTC))


@given(
    st.sampled_from(["Europe/Berlin", "America/Santiago", "Africa/Casablanca", "Australia/Lord_Howe", "UTC"]),
    st.integers(-86_400, 9 * 365 * 86_400),
)
def test_every_moment_has_the_offset_of_its_zone(zone: str, seconds: int) -> None:
    """The list of offsets says the same as the time zone itself."""
    moment = DEADLINE + timedelta(seconds=seconds)
    policy = Policy(DEADLINE, clock=list_offsets(zone, DEADLINE))
    assert policy.utc_offset(moment) == moment.astimezone(ZoneInfo(zone)).utcoffset()
