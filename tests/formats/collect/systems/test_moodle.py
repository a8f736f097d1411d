"""Tests of folder and file names as Moodle writes them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.collect.systems.moodle import matches, read_claims

MakeItem = Callable[..., DownloadedFile]


@pytest.mark.parametrize(
    ("path", "name", "number", "stem"),
    [
        ("Ada Lovelace_12345_assignsubmission_file_/losses.ipynb", "Ada Lovelace", "12345", "losses"),
        ("Ada Lovelace_12345_assignsubmission_file/losses.ipynb", "Ada Lovelace", "12345", "losses"),
        ("Ada Lovelace_12345_assignsubmission_file/my/own/losses (1).py", "Ada Lovelace", "12345", "losses (1)"),
        ("Zoë Müller_9_assignsubmission_file_los_ses.ipynb", "Zoë Müller", "9", "los_ses"),
    ],
)
def test_paths(make_item: MakeItem, path: str, name: str, number: str, stem: str) -> None:
    """A path gives full name, participant number and the student's own file name, with and without folders."""
    item = make_item(path)
    assert matches([item])
    (claim,) = read_claims([item])
    (owner,) = claim.owners
    assert (owner.name, owner.participant, owner.system, claim.stem) == (name, number, "", stem)


def test_files_without_an_owner(make_item: MakeItem) -> None:
    """A group without a number, or a file elsewhere, is reported."""
    group, other = read_claims([make_item("Default group_assignsubmission_file/x.py"), make_item("x/y.py")])
    assert "group" in (group.problem or "")
    assert "not in a folder" in (other.problem or "")
    assert group.owners == other.owners == ()


@given(name=st.text(min_size=1, max_size=40).filter(lambda t: "_" not in t and "/" not in t), number=st.integers(1))
def test_any_name(name: str, number: int) -> None:
    """Any full name is separated from the number."""
    place = f"{name}_{number % 10**9}_assignsubmission_file"
    (claim,) = read_claims([DownloadedFile((place, "x.py"), place, lambda: b"")])
    assert claim.owners[0].participant == str(number % 10**9)
