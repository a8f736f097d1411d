"""Paths and patterns of an exercise's files."""

import pytest

from grader.core.questions.file_patterns import (
    describe_missing,
    is_pattern,
    is_safe_path,
    list_missing,
    match_path,
    sort_paths,
)


@pytest.mark.parametrize(
    ("path", "pattern", "found"),
    [
        ("models/linear.py", "models/linear.py", "models/linear.py"),
        ("Models/Linear.PY", "models/linear.py", "models/linear.py"),
        ("models/deep.py", "models/*.py", "models/deep.py"),
        ("MODELS/Deep.py", "models/*.py", "models/Deep.py"),
        ("models/a/b.py", "models/*.py", None),
        ("linear.py", "models/linear.py", None),
        ("a.py", "?.py", "a.py"),
        ("x+y.py", "x+y.py", "x+y.py"),
    ],
)
def test_a_pattern_fits_folder_by_folder(path: str, pattern: str, found: str | None) -> None:
    """A star stands for any part of one name; upper and lower case make no difference."""
    assert match_path(path, pattern) == found


@pytest.mark.parametrize(
    "path",
    [
        "/a.py",
        "../a.py",
        "a/../b.py",
        "a//b.py",
        "a\\b.py",
        "a\nb.py",
        "C:a.py",
        ".a.py",
        "a./b.py",
        "x" * 300,
        "a/" * 11,
    ],
)
def test_unsafe_paths_are_known(path: str) -> None:
    """No path leads out of a folder, is hidden, has control characters, or is long."""
    assert not is_safe_path(path)


def test_safe_paths_are_known() -> None:
    """Usual names are safe, also those with spaces and of other scripts."""
    assert all(map(is_safe_path, ("a.py", "my models/réseau 1.py", "a/b/c/d.ipynb")))


@pytest.mark.parametrize("text", ["models", "../x.py", "a/**/b.csv", "/x.py", "[ab].py", ""])
def test_other_texts_are_no_patterns(text: str) -> None:
    """A pattern is a relative path of a notebook or script."""
    assert not is_pattern(text)


def test_an_endless_name_fits_no_pattern() -> None:
    """A name of thousands of characters, which a pattern of many stars would take hours to compare, is left out."""
    assert match_path("a" * 60_000 + ".py", "*a*a*a*a*a*b.py") is None


def test_missing_files_are_named() -> None:
    """A file that is spelled out is missing; a star may stand for no file."""
    missing = list_missing(("a.py", "m/*.py", "n.ipynb", "b.py"), ["A.py"])
    assert missing == ["n.ipynb", "b.py"]
    assert str(describe_missing(missing)) == "2 files are missing: n.ipynb, b.py."
    assert str(describe_missing(["a.py"])) == "The file a.py is missing."
    assert str(describe_missing([f"{i}.py" for i in range(7)])).endswith("0.py, 1.py, 2.py, 3.py, 4.py and 2 more.")


def test_paths_are_in_the_order_of_the_patterns() -> None:
    """The author's order is kept; other paths come last."""
    assert sort_paths(("b.py", "a.py"), ["c.py", "a.py", "b.py"]) == ["b.py", "a.py", "c.py"]
