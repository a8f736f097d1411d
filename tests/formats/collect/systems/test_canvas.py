"""Tests of file names as Canvas writes them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.collect.systems.canvas import matches, read_claims

MakeItem = Callable[..., DownloadedFile]


@pytest.mark.parametrize(
    ("name", "owner", "id", "late", "stem"),
    [
        ("lovelaceada_4711_90210_losses.ipynb", "lovelaceada", "4711", False, "losses"),
        ("lovelaceada_LATE_4711_90210_losses-1.ipynb", "lovelaceada", "4711", True, "losses-1"),
        ("müllerzoë_1_2_3_4_losses.py", "müllerzoë", "1", False, "3_4_losses"),
        ("o_neil_1_2_a_LATE_b.py", "o_neil", "1", False, "a_LATE_b"),
        ("late_1_2_x.py", "late", "1", False, "x"),
    ],
)
def test_names(make_item: MakeItem, name: str, owner: str, id: str, late: bool, stem: str) -> None:
    """A name gives lateness, the user's id and the student's own file name."""
    (claim,) = read_claims([make_item(name)])
    (said,) = claim.owners
    assert (said.name, said.system, said.id, claim.late, claim.stem) == (owner, "canvas", id, late, stem)
    assert claim.problem is None


@pytest.mark.parametrize("name", ["anon_x7Yz1_90210_losses.py", "LATE_anon_x7Yz1_90210_losses.py"])
def test_anonymous_names(make_item: MakeItem, name: str) -> None:
    """Anonymous files have no owner, and the claim says so."""
    (claim,) = read_claims([make_item(name)])
    assert (claim.owners, claim.stem, claim.late) == ((), "losses", name.startswith("LATE"))
    assert "anonymously" in (claim.problem or "")


@given(
    name=st.text(st.characters(categories=["Ll", "Lo", "Mn", "Mc"]), min_size=1, max_size=20),
    late=st.booleans(),
    user=st.integers(1, 10**15),
    file=st.integers(1, 10**15),
    stem=st.from_regex(r"\A[^/\0.\d]{1,30}\Z"),
)
def test_any_name(name: str, late: bool, user: int, file: int, stem: str) -> None:
    """Every name that Canvas composes is parsed into its parts again."""
    written = f"{name.lower()}_{'LATE_' if late else ''}{user}_{file}_{stem}.ipynb"
    (claim,) = read_claims([DownloadedFile((written,), written, lambda: b"")])
    (owner,) = claim.owners
    assert (owner.id, claim.late, claim.stem) == (str(user), late, stem)


@given(name=st.text(min_size=1).map(lambda text: "x" + text.replace("/", "") + ".py"))
def test_any_text(name: str) -> None:
    """Any other name gives a claim, with or without an owner; never an exception."""
    (claim,) = read_claims([DownloadedFile((name,), name, lambda: b"")])
    assert bool(claim.owners) != bool(claim.problem)


def test_detection(make_item: MakeItem) -> None:
    """Flat files of which most are named as Canvas names them are a Canvas download; students' single files aren't."""
    assert matches([make_item("a_1_2_x.py"), make_item("b_1_2_x.py"), make_item("notes.py")])
    assert not matches([make_item("ada__losses.py"), make_item("bob__losses.py")])
    assert not matches([make_item("ada/losses_1_2_x.py")])
