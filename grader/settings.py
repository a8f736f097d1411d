"""`course.toml`: title, order of exercises, packages and limits. A key that isn't known is an error, never ignored."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from grader.core.errors import CourseError
from grader.core.job import Limits
from grader.core.place import Place

COURSE_KEYS: Final = ("title", "language", "exercises", "packages", "limits", "exercise")
EXERCISE_KEYS: Final = ("title", "limits")


@dataclass(frozen=True)
class ExerciseSettings:
    """`[exercise.NAME]`: its title, and how its limits differ from the course's."""

    title: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """What `course.toml` says."""

    title: str
    exercises: tuple[str, ...]
    packages: tuple[str, ...]
    language: str
    limits: Limits
    by_exercise: Mapping[str, ExerciseSettings]

    def exercise(self, name: str) -> ExerciseSettings:
        """The settings of one exercise; empty where the file has none."""
        return self.by_exercise.get(name, ExerciseSettings())


def read_settings(file: Path) -> Settings:
    """Reads a `course.toml`. Raises CourseError with the line of what is wrong."""
    try:
        text = file.read_text("utf-8")
        return _settings(tomllib.loads(text), _Lines(file, text))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{Place(str(file))}: this is no TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{Place(str(file))}: this is not UTF-8 text: save it as UTF-8") from error


class _Lines:
    """Makes errors that name the line of a key."""

    def __init__(self, file: Path, text: str) -> None:
        self._file, self._lines = file, text.splitlines()

    def error(self, key: str, text: str) -> CourseError:
        pattern = re.compile(rf"\s*(\[\S*\b{re.escape(key)}\]|{re.escape(key)}\s*=)")
        line = next((n for n, one in enumerate(self._lines, 1) if pattern.match(one)), None)
        return CourseError(f"{Place(str(self._file), line)}: {text}")


def _settings(data: Mapping[str, Any], lines: _Lines) -> Settings:
    _require_known(data, COURSE_KEYS, lines)
    exercises = _words(data, "exercises", lines)
    if not exercises:
        raise lines.error("exercises", 'no exercises are named: write exercises = ["losses"]')
    for name in exercises:
        if not name.isidentifier() or name == "common" or exercises.count(name) > 1:
            raise lines.error("exercises", f"{name!r} can't name an exercise: one word, not 'common', each once")
    tables = _table(data, "exercise", lines)
    for name in tables:
        if name not in exercises:
            raise lines.error(name, f"[exercise.{name}] is not among exercises = [{', '.join(exercises)}]")
    return Settings(
        title=_text(data, "title", lines) or "Course",
        exercises=exercises,
        packages=_words(data, "packages", lines),
        language=_text(data, "language", lines) or "en",
        limits=_limits(Limits(), _table(data, "limits", lines), lines),
        by_exercise={name: _exercise(_table(tables, name, lines), lines) for name in tables},
    )


def _exercise(table: Mapping[str, Any], lines: _Lines) -> ExerciseSettings:
    _require_known(table, EXERCISE_KEYS, lines)
    limits = _table(table, "limits", lines)
    _limits(Limits(), limits, lines)
    return ExerciseSettings(_text(table, "title", lines), limits)


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


def _words(data: Mapping[str, Any], key: str, lines: _Lines) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise lines.error(key, f'{key} is a list of names: write {key} = ["…"], not {value!r}')
    return tuple(value)


def _table(data: Mapping[str, Any], key: str, lines: _Lines) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise lines.error(key, f"{key} is a table: write [{key}] and its settings below, not {value!r}")
    return value
