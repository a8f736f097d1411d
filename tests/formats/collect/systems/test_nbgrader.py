"""Tests of nbgrader's folders and timestamps."""

from collections.abc import Callable

import pytest

from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.collect.systems.nbgrader import matches, read_claims

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
    assert ada.stated_time == "2015-02-02 15:58:23.948203 UTC"
    assert (bob.owners[0].name, bob.stated_time) == ("bob", None)
    assert "STUDENT/ASSIGNMENT" in (stray.problem or "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_timestamps_in_any_encoding_of_unicode(make_item: MakeItem, encoding: str) -> None:
    """A time stamp that was saved again with an editor of Windows is read; one that can't be is not passed over."""
    time = "2015-02-02 15:58:23 UTC"
    items = [make_item("ada/losses/a.ipynb"), make_item("ada/losses/timestamp.txt", time.encode(encoding))]
    assert [claim.stated_time for claim in read_claims(items)] == [time]
    items[1] = make_item("ada/losses/timestamp.txt", b"2015\xff")
    assert [claim.stated_time for claim in read_claims(items)] == ["?"]
