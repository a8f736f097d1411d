"""Tests of times as other systems write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formats.collect.timestamp import parse_timestamp

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
ANY_TIME = st.from_regex(r"\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( \S{1,30})?\Z")


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2015-02-02 15:58:23 UTC", 15),
        ("2015-02-02 15:58:23", 15),
        ("2015-02-02T15:58:23Z", 15),
        ("2015-02-02 15:58:23 Europe/Berlin", 14),
        ("2015-02-02 15:58:23 Japan", 6),
        ("2015-02-02 15:58:23 +0100", 14),
    ],
)
def test_zones_that_need_no_course(text: str, hour: int) -> None:
    """Times are read with a zone, with an offset, or without, which means UTC."""
    assert parse_timestamp(text) == datetime(2015, 2, 2, hour, 58, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time", "zone", "hour"),
    [
        ("2026-10-24 22:00:00 CEST", "Europe/Berlin", 20),
        ("2026-10-24 22:00:00 CEST", "America/New_York", 20),
        ("2026-10-25 02:30:00 CEST", "Europe/Berlin", 0),
        ("2026-10-25 02:30:00 CET", "Europe/Berlin", 1),
        ("2026-07-01 12:00:00 CET", "Europe/Berlin", 11),
        ("2026-07-01 12:00:00 IST", "Asia/Kolkata", 6),
        ("2026-07-01 12:00:00 IST", "Europe/Dublin", 11),
        ("2026-07-01 12:00:00 IST", "Europe/Berlin", None),
        ("2026-07-01 12:00:00 CST", "America/Chicago", 18),
        ("2026-01-01 12:00:00 CST", "Asia/Shanghai", 4),
        ("2026-01-01 12:00:00 CST", "Europe/Berlin", None),
        ("2026-01-01 12:00:00 +05", "Europe/Berlin", 7),
        ("2026-01-01 12:00:00 XYZ", "Europe/Berlin", None),
        ("2026-01-01 12:00:00 W. Europe Daylight Time", "Europe/Berlin", None),
    ],
)
def test_abbreviations(time: str, zone: str, hour: int | None) -> None:
    """The course's own abbreviation comes first; another one is understood if it has one meaning at that time."""
    found = parse_timestamp(time, zone)
    assert (found.hour if found else None) == hour
    assert parse_timestamp(time) is None


@given(MOMENTS, st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]))
def test_what_the_course_s_own_clocks_say(moment: datetime, zone: str) -> None:
    """A time with the abbreviation that the course's clocks bear at that moment gives the moment back."""
    local = moment.astimezone(ZoneInfo(zone))
    assert parse_timestamp(local.strftime("%Y-%m-%d %H:%M:%S.%f %Z"), zone) == moment


@given(st.one_of(st.text(), ANY_TIME), st.sampled_from([None, "UTC", "Europe/Berlin"]))
def test_any_text(text: str, zone: str | None) -> None:
    """Any text gives a time in UTC, or None."""
    found = parse_timestamp(text, zone)
    assert found is None or found.utcoffset() == timedelta()
