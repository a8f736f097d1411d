"""course.toml: its settings, and the reports of mistakes in it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.core.results.policy import Policy
from grader.core.wire.job import Limits
from grader.course.clock_changes import list_offsets
from grader.course.settings import read_settings


def written(folder: Path, text: str) -> Path:
    """Write a course.toml with that text."""
    file = folder / "reference" / "course.toml"
    file.parent.mkdir()
    file.write_bytes(text.encode())
    return file


def test_settings(tmp_path: Path) -> None:
    """The course's limits apply to all exercises; an exercise's own limits change them."""
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_settings_in_any_encoding_of_unicode(tmp_path: Path, encoding: str) -> None:
    """A course.toml is read as editors of Windows save it: with a byte order mark, with CRLF, in UTF-16."""
    file = written(tmp_path, "")
    file.write_bytes('title = "Künste"\r\nexercises = ["a"]\r\n'.encode(encoding))
    assert read_settings(file).title == "Künste"


def test_rules(tmp_path: Path) -> None:
    """An exercise's rules change the course's; deadlines are in the course's time zone and stored in UTC."""
    text = """
title = "Small"
time_zone = "Asia/Tokyo"
exercises = ["a", "b", "c"]
[policy]
grace_minutes = 15
late_penalty = 0.25
counts = "best"
[exercise.a.policy]
deadline = 2031-05-20T23:59:00
attempts = 3
[exercise.b.policy]
deadline = 2031-05-20T23:59:00+02:00
counts = "last"
"""
    settings = read_settings(written(tmp_path, text))
    common = Policy(None, timedelta(minutes=15), 0.25, None, "best")
    assert settings.zone == "Asia/Tokyo"
    assert settings.exercise("c").policy == common
    tokyo, berlin = (datetime(2031, 5, 20, hour, 59, tzinfo=UTC) for hour in (14, 21))
    assert settings.exercise("a").policy == Policy(
        tokyo, common.grace, 0.25, 3, "best", list_offsets("Asia/Tokyo", tokyo)
    )
    assert settings.exercise("b").policy == Policy(
        berlin, common.grace, 0.25, None, "last", list_offsets("Asia/Tokyo", berlin)
    )


def test_an_ambiguous_hour(tmp_path: Path) -> None:
    """If a clock change repeats an hour, the later one counts, in favour of the student."""
    text = 'time_zone = "Europe/Berlin"\nexercises = ["a"]\n[policy]\ndeadline = 2024-10-27T02:30:00\n'
    settings = read_settings(written(tmp_path, text))
    assert settings.exercise("a").policy.deadline == datetime(2024, 10, 27, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('time_zone = "Mars/Phobos"\nexercises = ["a"]', ":1", "there is no time zone 'Mars/Phobos'"),
        ('time_zone = "../etc"\nexercises = ["a"]', ":1", "there is no time zone '../etc'"),
        ('exercises = ["a"]\n[policy]\nlate_penalty = 10', ":3", "from 0 to 1"),
        ('exercises = ["a"]\n[policy]\nlate_penalty = nan', ":3", "from 0 to 1"),
        ('exercises = ["a"]\n[policy]\nattempts = 0', ":3", "the number of attempts that count"),
        ('exercises = ["a"]\n[policy]\nattempts = true', ":3", "the number of attempts that count"),
        ('exercises = ["a"]\n[policy]\ngrace_minutes = 0.5', ":3", "a whole number of minutes"),
        ('exercises = ["a"]\n[policy]\ncounts = "first"', ":3", 'write "best" or "last"'),
        ('exercises = ["a"]\n[policy]\ndeadline = "2031-05-20"', ":3", "without quotes"),
        ('exercises = ["a"]\n[policy]\ndeadline = 2031-05-20', ":3", "write 2031-05-20T23:59:00"),
        ('exercises = ["a"]\n[policy]\ndeadline = 9999-12-31T23:59:00Z', ":3", "is out of range: leave it out"),
        ('exercises = ["a"]\n[policy]\ndeadline = 0001-01-01T00:00:00+14:00', ":3", "is out of range"),
        ('exercises = ["a"]\n[policy]\nlate = 3', ":3", "there is no setting 'late'; the settings are deadline,"),
        (
            'time_zone = "Europe/Berlin"\nexercises = ["a"]\n[policy]\ndeadline = 2024-03-31T02:30:00',
            ":4",
            "the time 2024-03-31T02:30:00 does not exist in Europe/Berlin",
        ),
        ('exercises = ["a"]\ntitel = "x"', ":2", "there is no setting 'titel'; the settings are title,"),
        ('exercises = ["a"]\n[exercise.a]\npoints = 3', ":3", "there is no setting 'points'"),
        ('exercises = ["a"]\n[exercise.b]', ":2", "[exercise.b] is not listed in"),
        ("title = 3", "", 'write exercises = ["losses"]'),
        ('exercises = ["a"]\ntitle = 3', ":2", 'title is text: write title = "…", not 3'),
        ('exercises = "a"', ":1", "exercises is a list of names"),
        ("exercises = [1]", ":1", "exercises is a list of names"),
        ('exercises = ["../a"]', ":1", "'../a' can't be the name of an exercise"),
        ('exercises = ["a", "a"]', ":1", "'a' can't be the name of an exercise"),
        ('exercises = ["common"]', ":1", "'common' can't be the name of an exercise"),
        ('exercises = ["a"]\nlimits = 3', ":2", "limits is a table"),
        ('exercises = ["a"]\n[limits]\ncpus = 3', ":2", "there is no limit 'cpus'"),
        ('exercises = ["a"]\n[exercise.a.limits]\ncpu = -3', ":2", "limit cpu must be a positive number"),
        ("title = ", "", "this is not valid TOML"),
    ],
)
def test_mistake_is_reported(tmp_path: Path, text: str, line: str, said: str) -> None:
    """The error names the file, the line, and the right form."""
    with pytest.raises(CourseError) as error:
        read_settings(written(tmp_path, text))
    assert f"reference/course.toml{line}: " in str(error.value)
    assert said in str(error.value)


def test_other_encoding(tmp_path: Path) -> None:
    """A file that isn't UTF-8 is reported as such."""
    file = written(tmp_path, "")
    file.write_bytes('title = "é"'.encode("latin-1"))
    with pytest.raises(CourseError, match="not UTF-8 text"):
        read_settings(file)
