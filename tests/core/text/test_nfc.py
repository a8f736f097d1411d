"""One spelling for each name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.text.nfc import composed


@pytest.mark.parametrize("name", ["Jos\u00e9", "Jose\u0301"])
def test_both_spellings_are_one(name: str) -> None:
    """One character or two."""
    assert composed(name) == "Jos\u00e9"


@given(st.text())
def test_once_is_enough(name: str) -> None:
    """Composing what is composed changes nothing."""
    assert composed(composed(name)) == composed(name)
