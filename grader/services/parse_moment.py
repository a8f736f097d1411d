"""Moments as people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from grader.core.errors import UsageError
from grader.core.text.messages import gettext


def parse_moment(text: str, zone: str) -> datetime:
    """Return a moment in UTC; a time without an offset is on the course's clocks.

    Raises UsageError for anything but a date with a time of day.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            gettext("{text} is not a date and time: write 2031-05-27 23:59", text=repr(text[:40]))
        ) from error
    if len(text.strip()) <= len("2031-05-27"):
        raise UsageError(gettext("'{text}' lacks the time of day: write '{text} 23:59'", text=text))
    if not 1970 < moment.year < 9998:  # time is added to it, and other clocks show it
        raise UsageError(gettext("{text} is out of range: write 2031-05-27 23:59", text=repr(text[:40])))
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone), fold=1)).astimezone(UTC)
