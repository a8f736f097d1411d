"""Tests of nbgrader's folders and timestamps."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.collect.systems.nbgrader import matches, parse_nbgrader_time, read_claims

MakeItem = Callable[..., DownloadedFile]


def test_submitted(make_item: MakeItem) -> None:
    """Paths give student, assignment and time; the course's other folders are ignored."""
    items = [
        make_item("submitted/ada/losses/problem.ipynb"),
        make_item("submitted/ada/losses/timestamp.txt", b"2015-02-02 15:58:23.948203 UTC\n"),
        make_item("submitted/bob/losses/losses.ipynb"),
        make_item("submitted/stray.ipynb"),
        make_item("source/losses/problem.ipynb"),
        make_item("autograded/ada/losses/problem.ipynb"),
    ]
    assert matches(items)
    ada, bob, stray = read_claims(items)
    assert (ada.owners[0].name, ada.exercise) == ("ada", "losses")
    assert ada.received_at == datetime(2015, 2, 2, 15, 58, 23, 948203, UTC)
    assert (bob.owners[0].name, bob.received_at) == ("bob", None)
    assert "STUDENT/ASSIGNMENT" in (stray.problem or "")


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2015-02-02 15:58:23 UTC", 15),
        ("2015-02-02 15:58:23", 15),
        ("2015-02-02T15:58:23Z", 15),
        ("2015-02-02 15:58:23 Europe/Berlin", 14),
        ("2015-02-02 15:58:23 +0100", 14),
    ],
)
def test_times(text: str, hour: int) -> None:
    """Times are read with a zone, with an offset, or without, which means UTC."""
    assert parse_nbgrader_time(text) == datetime(2015, 2, 2, hour, 58, 23, tzinfo=UTC)


@given(st.one_of(st.text(), st.from_regex(r"\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( \S{1,30})?\Z")))
def test_any_text(text: str) -> None:
    """Any text gives a time in UTC, or None."""
    told = parse_nbgrader_time(text)
    assert told is None or told.utcoffset() == UTC.utcoffset(None)
