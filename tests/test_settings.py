"""course.toml: what it may say, and how a slip in it is told."""

from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.core.job import Limits
from grader.settings import read_settings


def written(folder: Path, text: str) -> Path:
    """A course.toml with that text."""
    file = folder / "reference" / "course.toml"
    file.parent.mkdir()
    file.write_bytes(text.encode())
    return file


def test_settings(tmp_path: Path) -> None:
    """Limits of the course hold for all exercises, those of an exercise are changes to them."""
    text = """
title = "Small"
exercises = ["b", "a"]
packages = ["numpy"]
language = "fr"
[limits]
cpu = 3
[exercise.a]
title = "First"
limits = { memory = 1000000 }
"""
    settings = read_settings(written(tmp_path, text))
    assert (settings.title, settings.exercises, settings.packages) == ("Small", ("b", "a"), ("numpy",))
    assert settings.limits == Limits(cpu=3)
    assert (settings.exercise("a").title, settings.exercise("a").limits) == ("First", {"memory": 1000000})
    assert settings.exercise("b").title == ""


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('exercises = ["a"]\ntitel = "x"', ":2", "there is no setting 'titel'; the settings are title,"),
        ('exercises = ["a"]\n[exercise.a]\npoints = 3', ":3", "there is no setting 'points'"),
        ('exercises = ["a"]\n[exercise.b]', ":2", "[exercise.b] is not among"),
        ("title = 3", "", 'write exercises = ["losses"]'),
        ('exercises = ["a"]\ntitle = 3', ":2", 'title is text: write title = "…", not 3'),
        ('exercises = "a"', ":1", "exercises is a list of names"),
        ("exercises = [1]", ":1", "exercises is a list of names"),
        ('exercises = ["../a"]', ":1", "'../a' can't name an exercise"),
        ('exercises = ["a", "a"]', ":1", "'a' can't name an exercise"),
        ('exercises = ["common"]', ":1", "'common' can't name an exercise"),
        ('exercises = ["a"]\nlimits = 3', ":2", "limits is a table"),
        ('exercises = ["a"]\n[limits]\ncpus = 3', ":2", "there is no limit 'cpus'"),
        ('exercises = ["a"]\n[exercise.a.limits]\ncpu = -3', ":2", "limit cpu must be a positive number"),
        ("title = ", "", "this is no TOML"),
    ],
)
def test_slip_is_told(tmp_path: Path, text: str, line: str, said: str) -> None:
    """A slip is told with the file, the line, and what to write instead."""
    with pytest.raises(CourseError) as error:
        read_settings(written(tmp_path, text))
    assert f"reference/course.toml{line}: " in str(error.value)
    assert said in str(error.value)


def test_other_encoding(tmp_path: Path) -> None:
    """A file that is not UTF-8 is told so."""
    file = written(tmp_path, "")
    file.write_bytes('title = "é"'.encode("latin-1"))
    with pytest.raises(CourseError, match="not UTF-8 text"):
        read_settings(file)
