"""Aliases in course.toml: names of files that no other exercise has."""

from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.course.settings import read_settings


def _read(folder: Path, first: str, second: str = "[]") -> tuple[str, ...]:
    file = folder / "course.toml"
    text = f'exercises = ["a", "b"]\n[exercise.a]\naliases = {first}\n[exercise.b]\naliases = {second}\n'
    file.write_text(text)
    return read_settings(file).exercise("a").aliases


def test_aliases_are_read(tmp_path: Path) -> None:
    """Aliases keep their order, and may have wildcards; without the key there are none."""
    assert _read(tmp_path, '["Week4_*", "hw 1", "a"]') == ("Week4_*", "hw 1", "a")


@pytest.mark.parametrize("alias", ["*", "", "?_*", "week/4", "Week4.ipynb", "[ab]*"])
def test_what_no_file_is_called_is_refused(tmp_path: Path, alias: str) -> None:
    """An alias that fits everything, or has a folder or an ending, is an error at its line."""
    with pytest.raises(CourseError, match=r"course.toml:3: .* can't be an alias"):
        _read(tmp_path, f'["{alias}"]')


@pytest.mark.parametrize("other", ["B", "week4 *"])
def test_a_name_of_two_exercises_is_refused(tmp_path: Path, other: str) -> None:
    """An alias that is a name of another exercise is an error, in any spelling."""
    with pytest.raises(CourseError, match="is also a name of"):
        _read(tmp_path, f'["{other}"]', '["Week4_*"]')
