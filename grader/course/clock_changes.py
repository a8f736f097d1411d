"""Changes of a time zone's clocks, as data: the rules of a course count days by them without knowing time zones."""

import functools
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from grader.core.results.policy import ONE_DAY

YEARS_OF_CLOCK_CHANGES: Final = 10
"""Years after a deadline for which days of lateness follow the changes of the clocks."""
_END: Final = datetime(9999, 1, 1, tzinfo=UTC)


@functools.cache
def list_offsets(zone: str, deadline: datetime) -> tuple[tuple[datetime, timedelta], ...]:
    """Return the offsets of a zone's clocks from UTC, each with its beginning, for some years after a deadline."""
    clocks = ZoneInfo(zone)

    def offset(moment: datetime) -> timedelta:
        return moment.astimezone(clocks).utcoffset() or timedelta()

    first = deadline - ONE_DAY
    days = min(YEARS_OF_CLOCK_CHANGES * 366, (_END - first) // ONE_DAY)
    found = [(first, offset(first))]
    for day in range(1, days):
        before, after = first + (day - 1) * ONE_DAY, first + day * ONE_DAY
        if offset(after) == found[-1][1]:
            continue
        low, high = 0, ONE_DAY // timedelta(seconds=1)
        while high - low > 1:  # clocks change at a whole second
            middle = (low + high) // 2
            same = offset(before + timedelta(seconds=middle)) == found[-1][1]
            low, high = (middle, high) if same else (low, middle)
        found.append((before + timedelta(seconds=high), offset(after)))
    return tuple(found)
