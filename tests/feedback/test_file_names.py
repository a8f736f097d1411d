"""File names of pages for hostile names of students and exercises."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.feedback.file_names import CLASS_PAGE, page_name, safe_name

ANYTHING = st.text(st.characters(codec=None))
TRICKY = st.sampled_from(
    [
        *(
            "",
            ".",
            "..",
            "../x",
            "/etc/passwd",
            "C:\\x",
            "a/b",
            "a\\b",
            "con",
            "NUL",
            "aux.txt",
            "Ada",
            "ada",
            "ADA",
            "é",
            "e",
        ),
        *(
            "a" * 300,
            "index.html",
            "_anonymous",
            "~root",
            "a\x00b",
            "-rf",
            "x--0123456789ab",
            "a.",
            ".a",
            "a b",
            "a  b",
        ),
    ]
)


@pytest.mark.parametrize("name", ["ada", "s1234567", "jean.dupont", "mary-ann", "cross_entropy_error"])
def test_a_plain_name_is_its_own_file_name(name: str) -> None:
    """Lower-case names of letters, digits, single dots, dashes and underscores are kept."""
    assert safe_name(name) == name


@given(ANYTHING | TRICKY)
def test_a_file_name_is_safe_on_every_system(name: str) -> None:
    """For any name, the file name is short, lower case, without separators, and not a device of Windows."""
    safe = safe_name(name)
    assert re.fullmatch("[a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9]", safe)
    assert len(safe) <= 60
    assert ".." not in safe
    assert safe.split(".")[0] not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@given(ANYTHING | TRICKY, ANYTHING | TRICKY)
def test_two_names_never_share_a_file(one: str, other: str) -> None:
    """Different names have different file names, even on a file system that ignores case."""
    assert (safe_name(one) == safe_name(other)) == (one == other)


def test_a_name_equal_to_another_file_name_is_distinguished() -> None:
    """A student whose name equals another student's fingerprinted file name gets a different fingerprint."""
    assert safe_name(safe_name("Ada Lovelace")) != safe_name("Ada Lovelace")


@given(st.none() | ANYTHING | TRICKY, ANYTHING | TRICKY)
def test_a_page_is_one_folder_down(student: str | None, exercise: str) -> None:
    """Every page is in its student's folder, and none replaces the class page."""
    page = page_name(student, exercise)
    assert len(page.parts) == 2
    assert page.suffix == ".html"
    assert page.parts[0] != CLASS_PAGE or student == CLASS_PAGE
    assert (page.parts[0] == "_anonymous") == (student is None)
