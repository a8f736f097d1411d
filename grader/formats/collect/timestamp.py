"""Times as other systems write them into a file: with an offset, the name of a time zone, or its abbreviation.

An abbreviation is understood where it can mean one thing only: the course's own clocks bear it, or all time zones that
do at this time have the same offset. `CEST` is such a one; `IST` is Indian, Irish or Israeli.
"""

import functools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?: ?(\S+))?")
_ABBREVIATION: Final = re.compile(r"[A-Z]{2,6}|[+-]\d\d(\d\d)?")


def parse_timestamp(text: str, course_zone: str | None = None) -> datetime | None:
    """Parse a time into UTC; one without a zone is UTC. Return None if it is malformed or its zone can't be told.

    Without `course_zone`, abbreviations other than `UTC` and `GMT` are not understood.
    """
    match = _MOMENT.fullmatch(text.strip())
    if not match:
        return None
    try:
        naive = datetime.fromisoformat(f"{match[1]}T{match[2]}")
        return _apply_zone(naive, match[3] or "UTC", course_zone)
    except (ValueError, OverflowError, OSError, LookupError):  # an unknown zone raises KeyError
        return None


def _apply_zone(naive: datetime, zone: str, course_zone: str | None) -> datetime | None:
    if re.fullmatch(r"Z|[+-]\d\d:?\d\d", zone):
        return datetime.fromisoformat(f"{naive.isoformat()}{zone}").astimezone(UTC)
    if zone in ("UTC", "GMT") or not _ABBREVIATION.fullmatch(zone):
        return naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if course_zone is None:
        return None
    offset = _find_offset(naive, zone, course_zone)
    return None if offset is None else naive.replace(tzinfo=UTC) - offset


@functools.lru_cache(maxsize=4096)
def _find_offset(naive: datetime, abbreviation: str, course_zone: str) -> timedelta | None:
    clocks = ZoneInfo(course_zone)
    times = (naive, naive.replace(fold=1), naive.replace(month=1, day=1), naive.replace(month=7, day=1))
    for time in times:
        if (offset := _offset_if_named(time, clocks, abbreviation)) is not None:
            return offset
    offsets = {
        offset
        for zone in _load_zones()
        for time in times[:2]
        if (offset := _offset_if_named(time, zone, abbreviation)) is not None
    }
    return offsets.pop() if len(offsets) == 1 else None


def _offset_if_named(time: datetime, zone: tzinfo, abbreviation: str) -> timedelta | None:
    local = time.replace(tzinfo=zone)
    return local.utcoffset() if local.tzname() == abbreviation else None


@functools.cache
def _load_zones() -> tuple[ZoneInfo, ...]:
    return tuple(_read_zones())


def _read_zones() -> Iterator[ZoneInfo]:
    for name in sorted(available_timezones()):
        try:
            yield ZoneInfo(name)
        except (OSError, ValueError, LookupError):
            continue
