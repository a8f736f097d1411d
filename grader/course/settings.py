"""Read `course.toml`: title, exercises, packages, limits, rules. An unknown key is an error."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from grader.core.errors import CourseError
from grader.core.questions.file_patterns import is_pattern
from grader.core.results.disclosure import FeedbackRules
from grader.core.results.policy import Policy
from grader.core.text.language import is_language_code
from grader.core.text.source_location import SourceLocation
from grader.core.wire.job import Limits
from grader.course.aliases import read_aliases, require_distinct_aliases
from grader.course.clock_changes import list_offsets
from grader.course.feedback_settings import read_feedback, read_question_feedback
from grader.course.toml_values import TomlLines, read_moment, read_table, read_text, read_text_list, require_known
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
    "feedback",
    "exercise",
)
EXERCISE_KEYS: Final = ("title", "files", "aliases", "limits", "policy", "feedback", "question")
POLICY_KEYS: Final = ("deadline", "grace_minutes", "late_penalty", "attempts", "counts")
MAX_GRACE_MINUTES: Final = 60 * 24 * 366
"""Upper limit of the grace period in minutes: one year."""


@dataclass(frozen=True)
class ExerciseSettings:
    """`[exercise.NAME]`: its title, changes to the course's limits, its rules, and what its feedback shows.

    `files` are the paths, or patterns of paths, of what is handed in; empty for one notebook or script.
    `aliases` are further names of these files, without endings, with `*` and `?` for any characters.
    `question_places` are the places of the settings of single questions, whose names the loader checks.
    """

    title: str = ""
    files: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    policy: Policy = Policy()
    feedback: FeedbackRules = FeedbackRules()
    question_places: Mapping[str, SourceLocation] = field(default_factory=dict)


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
        return _settings(tomllib.loads(text), TomlLines(file, text))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{SourceLocation(str(file))}: this is not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{SourceLocation(str(file))}: this is not UTF-8 text: save it as UTF-8") from error


def _settings(data: Mapping[str, Any], lines: TomlLines) -> CourseSettings:
    require_known(data, COURSE_KEYS, lines)
    exercises = read_text_list(data, "exercises", lines)
    if not exercises:
        raise lines.error("exercises", 'the list of exercises is missing: write exercises = ["losses"]')
    for name in exercises:
        if not name.isidentifier() or name in ("common", "locale") or exercises.count(name) > 1:
            raise lines.error(
                "exercises",
                f"{name!r} can't be the name of an exercise: use one unique word, but not 'common' or 'locale'",
            )
    tables = read_table(data, "exercise", lines)
    for name in tables:
        if name not in exercises:
            raise lines.error(name, f"[exercise.{name}] is not listed in exercises = [{', '.join(exercises)}]")
    require_distinct_aliases(exercises, tables, lines)
    zone = _zone(read_text(data, "time_zone", lines) or "UTC", lines)
    policy = _policy(Policy(), read_table(data, "policy", lines), zone, lines)
    feedback = read_feedback(FeedbackRules(), data, zone, lines)
    read = functools.partial(_exercise, defaults=ExerciseSettings(policy=policy, feedback=feedback), zone=zone)
    return CourseSettings(
        title=read_text(data, "title", lines) or "Course",
        exercises=exercises,
        packages=read_text_list(data, "packages", lines),
        language=_language(data, lines),
        limits=_limits(Limits(), read_table(data, "limits", lines), lines),
        by_exercise={name: read(read_table(tables, name, lines), lines=lines) for name in exercises},
        zone=zone.key,
        check_cells=_switch(data, "check_cells", lines),
        strict=_switch(data, "strict", lines),
    )


def _exercise(
    table: Mapping[str, Any], defaults: ExerciseSettings, zone: ZoneInfo, lines: TomlLines
) -> ExerciseSettings:
    require_known(table, EXERCISE_KEYS, lines)
    limits = read_table(table, "limits", lines)
    _limits(Limits(), limits, lines)
    own = _policy(defaults.policy, read_table(table, "policy", lines), zone, lines)
    own = replace(own, clock=list_offsets(zone.key, own.deadline)) if own.deadline else own
    feedback = read_feedback(defaults.feedback, table, zone, lines)
    by_question = read_question_feedback(feedback, table, zone, lines)
    return ExerciseSettings(
        title=read_text(table, "title", lines),
        files=_files(table, lines),
        aliases=read_aliases(table, lines),
        limits=limits,
        policy=own,
        feedback=replace(feedback, by_question=by_question),
        question_places={name: lines.find_place(name) for name in by_question},
    )


def _files(table: Mapping[str, Any], lines: TomlLines) -> tuple[str, ...]:
    patterns = read_text_list(table, "files", lines)
    for pattern in patterns:
        if not is_pattern(pattern):
            raise lines.error(
                "files",
                f"{pattern!r} is not a path of a notebook or script inside the exercise's folder: "
                'write one such as "models/linear.py" or "models/*.py"',
            )
    if len({pattern.casefold() for pattern in patterns}) < len(patterns):
        raise lines.error("files", "two of the files have the same path: name each once")
    if "files" in table and not patterns:
        raise lines.error("files", 'no file is named: write files = ["models/linear.py"], or leave files out')
    return patterns


def _switch(data: Mapping[str, Any], key: str, lines: TomlLines) -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise lines.error(key, f"{key} must be true or false")
    return value


def _language(data: Mapping[str, Any], lines: TomlLines) -> str:
    code = read_text(data, "language", lines) or "en"
    if not is_language_code(code):
        raise lines.error("language", f'there is no language {code[:40]!r}: write one such as "fr"')
    return code


def _zone(name: str, lines: TomlLines) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise lines.error("time_zone", f'there is no time zone {name!r}: write one such as "Europe/Berlin"') from error


def _policy(policy: Policy, table: Mapping[str, Any], zone: ZoneInfo, lines: TomlLines) -> Policy:
    """Return the rules with the changes of a `policy` table."""
    require_known(table, POLICY_KEYS, lines)
    for key, value in table.items():
        policy = _apply_policy_key(policy, key, value, zone, lines)
    return policy


def _apply_policy_key(policy: Policy, key: str, value: Any, zone: ZoneInfo, lines: TomlLines) -> Policy:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    match key:
        case "deadline":
            return replace(policy, deadline=read_moment("deadline", value, zone, lines))
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


def _limits(limits: Limits, changes: Mapping[str, Any], lines: TomlLines) -> Limits:
    try:
        return limits.with_changes(changes)
    except ValueError as error:
        raise lines.error("limits", str(error)) from error
