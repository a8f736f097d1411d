"""Read values of a TOML file with errors that name the file, the line and what to write instead."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from grader.core.errors import CourseError
from grader.core.text.source_location import SourceLocation


class TomlLines:
    """The lines of a TOML file, for errors that name the line of a key."""

    def __init__(self, file: Path, text: str) -> None:
        self._file, self._lines = file, text.splitlines()

    def error(self, key: str, text: str) -> CourseError:
        """Return an error at the line of a key or of its table."""
        return CourseError(f"{self.find_place(key)}: {text}")

    def find_place(self, key: str) -> SourceLocation:
        """Return the place of the first line with that key or its table."""
        pattern = re.compile(rf"\s*(\[\S*\b{re.escape(key)}[.\]]|{re.escape(key)}\s*=)")
        line = next((n for n, one in enumerate(self._lines, 1) if pattern.match(one)), None)
        return SourceLocation(str(self._file), line)


def read_moment(key: str, value: Any, zone: ZoneInfo, lines: TomlLines) -> datetime:
    """Convert a moment to UTC. One without an offset is in the course's time zone; an ambiguous one is the later."""
    if isinstance(value, date) and not isinstance(value, datetime):
        what = "a deadline" if key == "deadline" else key
        raise lines.error(key, f"{what} needs its time of day: write {value.isoformat()}T23:59:00")
    if not isinstance(value, datetime):
        raise lines.error(key, f"{key} can't be {value!r}: write 2031-05-20T23:59:00, without quotes")
    if not 1970 < value.year < 9998:  # later code adds time to it and converts it to other zones
        raise lines.error(key, f"{value} is out of range: leave it out if there is no {key}")
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    moment = value.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != value:
        raise lines.error(
            key, f"the time {value.isoformat()} does not exist in {zone.key} (clock change): choose another time"
        )
    return moment


def require_known(data: Mapping[str, Any], known: tuple[str, ...], lines: TomlLines) -> None:
    """Raise CourseError for a key that is not among the known ones."""
    for key in data:
        if key not in known:
            raise lines.error(key, f"there is no setting {key!r}; the settings are {', '.join(known)}")


def read_text(data: Mapping[str, Any], key: str, lines: TomlLines) -> str:
    """Return a text; "" if there is none."""
    value = data.get(key, "")
    if not isinstance(value, str):
        raise lines.error(key, f'{key} is text: write {key} = "…", not {value!r}')
    return value


def read_text_list(data: Mapping[str, Any], key: str, lines: TomlLines) -> tuple[str, ...]:
    """Return a list of texts; empty if there is none."""
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise lines.error(key, f'{key} is a list of names: write {key} = ["…"], not {value!r}')
    return tuple(value)


def read_table(data: Mapping[str, Any], key: str, lines: TomlLines) -> Mapping[str, Any]:
    """Return a table; empty if there is none."""
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise lines.error(key, f"{key} is a table: write [{key}] and its settings below, not {value!r}")
    return value
