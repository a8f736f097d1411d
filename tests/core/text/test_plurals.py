"""Tests of counts with their nouns."""

from grader.core.text.plurals import count_noun


def test_one_is_singular() -> None:
    """One has no s, everything else has one."""
    assert [count_noun(n, "file") for n in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
