"""A file's age is said in words, with the time at which it was saved."""

from datetime import datetime, timedelta

import pytest

from grader.core.text.age import describe_saved

NOW = datetime(2031, 5, 20, 14, 3, 30)


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(), "saved just now (14:03)"),
        (timedelta(seconds=59), "saved just now (14:02)"),
        (timedelta(seconds=60), "saved 1 minute ago (14:02)"),
        (timedelta(minutes=59, seconds=59), "saved 59 minutes ago (13:03)"),
        (timedelta(hours=1), "saved 1 hour ago (13:03)"),
        (timedelta(hours=14), "saved 14 hours ago (00:03)"),
        (timedelta(hours=15), "saved yesterday (23:03)"),
        (timedelta(days=1, hours=14), "saved yesterday (00:03)"),
        (timedelta(days=2), "saved 2 days ago (2031-05-18 14:03)"),
        (timedelta(days=4000), "saved 4000 days ago (2020-06-06 14:03)"),
        (-timedelta(hours=2), "saved at 2031-05-20 16:03"),
    ],
)
def test_the_age_of_a_file(age: timedelta, said: str) -> None:
    """Minutes, hours of the same day, yesterday, days; a moment that lies ahead is named alone."""
    assert str(describe_saved(NOW - age, NOW)) == said


def test_half_an_hour_after_midnight() -> None:
    """Less than an hour is said in minutes, also across midnight."""
    midnight = datetime(2031, 5, 20, 0, 20)
    assert str(describe_saved(midnight - timedelta(minutes=30), midnight)) == "saved 30 minutes ago (23:50)"
