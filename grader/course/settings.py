"""Read `course.toml`: title, exercises, packages, limits, rules. An unknown key is an error."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from grader.core.errors import CourseError
from grader.core.results.policy import Policy
from grader.core.text.language import is_language_code
from grader.core.text.source_location import SourceLocation
from grader.core.wire.job import Limits
from grader.course.clock_changes import list_offsets
from grader.formats.decode_text import decode_unicode, normalize_newlines

COURSE_KEYS: Final = (
    "title",
    "language",
    "time_zone",
    "exercises",
    "packages",
    "check_cells",
    "strict",
    "limits",
    "policy",
    "exercise",
)
EXERCISE_KEYS: Final = ("title", "limits", "policy")
POLICY_KEYS: Final = ("deadline", "grace_minutes", "late_penalty", "attempts", "counts")
MAX_GRACE_MINUTES: Final = 60 * 24 * 366
"""Upper limit of the grace period in minutes: one year."""


@dataclass(frozen=True)
class ExerciseSettings:
    """`[exercise.NAME]`: its title, changes to the course's limits, and its rules."""

    title: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    policy: Policy = Policy()


@dataclass(frozen=True)
class CourseSettings:
    """The content of `course.toml`."""

    title: str
    exercises: tuple[str, ...]
    packages: tuple[str, ...]
    language: str
    limits: Limits
    by_exercise: Mapping[str, ExerciseSettings]
    zone: str = "UTC"
    check_cells: bool = False
    """Whether each question of a notebook is followed by a cell that checks it."""
    strict: bool = False

    def exercise(self, name: str) -> ExerciseSettings:
        """Return the settings of one exercise."""
        return self.by_exercise[name]


def read_settings(file: Path) -> CourseSettings:
    """Read a `course.toml`. Raises CourseError with the line of the error."""
    try:
        text = normalize_newlines(decode_unicode(file.read_bytes()))
        return _settings(tomllib.loads(text), _Lines(file, text))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{SourceLocation(str(file))}: this is not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{SourceLocation(str(file))}: this is not UTF-8 text: save it as UTF-8") from error


class _Lines:
    """Make errors that name the line of a key."""

    def __init__(self, file: Path, text: str) -> None:
        self._file, self._lines = file, text.splitlines()

    def error(self, key: str, text: str) -> CourseError:
        pattern = re.compile(rf"\s*(\[\S*\b{re.escape(key)}\]|{re.escape(key)}\s*=)")
        line = next((n for n, one in enumerate(self._lines, 1) if pattern.match(one)), None)
        return CourseError(f"{SourceLocation(str(self._file), line)}: {text}")


def _settings(data: Mapping[str, Any], lines: _Lines) -> CourseSettings:
    _require_known(data, COURSE_KEYS, lines)
    exercises = _text_list(data, "exercises", lines)
    if not exercises:
        raise lines.error("exercises", 'the list of exercises is missing: write exercises = ["losses"]')
    for name in exercises:
        if not name.isidentifier() or name in ("common", "locale") or exercises.count(name) > 1:
            raise lines.error(
                "exercises",
                f"{name!r} can't be the name of an exercise: use one unique word, but not 'common' or 'locale'",
            )
    tables = _table(data, "exercise", lines)
    for name in tables:
        if name not in exercises:
            raise lines.error(name, f"[exercise.{name}] is not listed in exercises = [{', '.join(exercises)}]")
    zone = _zone(_text(data, "time_zone", lines) or "UTC", lines)
    policy = _policy(Policy(), _table(data, "policy", lines), zone, lines)
    return CourseSettings(
        title=_text(data, "title", lines) or "Course",
        exercises=exercises,
        packages=_text_list(data, "packages", lines),
        language=_language(data, lines),
        limits=_limits(Limits(), _table(data, "limits", lines), lines),
        by_exercise={name: _exercise(_table(tables, name, lines), policy, zone, lines) for name in exercises},
        zone=zone.key,
        check_cells=_switch(data, "check_cells", lines),
        strict=_switch(data, "strict", lines),
    )


def _exercise(table: Mapping[str, Any], policy: Policy, zone: ZoneInfo, lines: _Lines) -> ExerciseSettings:
    _require_known(table, EXERCISE_KEYS, lines)
    limits = _table(table, "limits", lines)
    _limits(Limits(), limits, lines)
    own = _policy(policy, _table(table, "policy", lines), zone, lines)
    own = replace(own, clock=list_offsets(zone.key, own.deadline)) if own.deadline else own
    return ExerciseSettings(_text(table, "title", lines), limits, own)


def _switch(data: Mapping[str, Any], key: str, lines: _Lines) -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise lines.error(key, f"{key} must be true or false")
    return value


def _language(data: Mapping[str, Any], lines: _Lines) -> str:
    code = _text(data, "language", lines) or "en"
    if not is_language_code(code):
        raise lines.error("language", f'there is no language {code[:40]!r}: write one such as "fr"')
    return code


def _zone(name: str, lines: _Lines) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise lines.error("time_zone", f'there is no time zone {name!r}: write one such as "Europe/Berlin"') from error


def _policy(policy: Policy, table: Mapping[str, Any], zone: ZoneInfo, lines: _Lines) -> Policy:
    """Return the rules with the changes of a `policy` table."""
    _require_known(table, POLICY_KEYS, lines)
    for key, value in table.items():
        policy = _apply_policy_key(policy, key, value, zone, lines)
    return policy


def _apply_policy_key(policy: Policy, key: str, value: Any, zone: ZoneInfo, lines: _Lines) -> Policy:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    match key:
        case "deadline":
            return replace(policy, deadline=_moment(value, zone, lines))
        case "grace_minutes" if isinstance(number, int) and 0 <= number <= MAX_GRACE_MINUTES:
            return replace(policy, grace=timedelta(minutes=number))
        case "late_penalty" if 0 <= number <= 1:
            return replace(policy, late_penalty=float(number))
        case "attempts" if isinstance(number, int) and number >= 1:
            return replace(policy, attempts=number)
        case "counts" if value in ("best", "last"):
            return replace(policy, counts=value)
    raise lines.error(key, f"{key} can't be {value!r}: write {_EXPECTED_VALUES[key]}")


_EXPECTED_VALUES: Final = {
    "grace_minutes": "a whole number of minutes, such as 15",
    "late_penalty": "the part of the points lost per started day, from 0 to 1, such as 0.1",
    "attempts": "the number of attempts that count, such as 3; leave it out if all count",
    "counts": '"best" or "last"',
}


def _moment(value: Any, zone: ZoneInfo, lines: _Lines) -> datetime:
    """Convert a moment to UTC. One without an offset is in the course's time zone; an ambiguous one is the later."""
    if isinstance(value, date) and not isinstance(value, datetime):
        raise lines.error("deadline", f"a deadline needs its time of day: write {value.isoformat()}T23:59:00")
    if not isinstance(value, datetime):
        raise lines.error("deadline", f"deadline can't be {value!r}: write 2031-05-20T23:59:00, without quotes")
    if not 1970 < value.year < 9998:  # later code adds time to it and converts it to other zones
        raise lines.error("deadline", f"{value} is out of range: leave it out if there is no deadline")
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    moment = value.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != value:
        raise lines.error(
            "deadline", f"the time {value.isoformat()} does not exist in {zone.key} (clock change): choose another time"
        )
    return moment


def _limits(limits: Limits, changes: Mapping[str, Any], lines: _Lines) -> Limits:
    try:
        return limits.with_changes(changes)
    except ValueError as error:
        raise lines.error("limits", str(error)) from error


def _require_known(data: Mapping[str, Any], known: tuple[str, ...], lines: _Lines) -> None:
    for key in data:
        if key not in known:
            raise lines.error(key, f"there is no setting {key!r}; the settings are {', '.join(known)}")


def _text(data: Mapping[str, Any], key: str, lines: _Lines) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise lines.error(key, f'{key} is text: write {key} = "…", not {value!r}')
    return value


def _text_list(data: Mapping[str, Any], key: str, lines: _Lines) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise lines.error(key, f'{key} is a list of names: write {key} = ["…"], not {value!r}')
    return tuple(value)


def _table(data: Mapping[str, Any], key: str, lines: _Lines) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise lines.error(key, f"{key} is a table: write [{key}] and its settings below, not {value!r}")
    return value
