"""One spelling for each name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.text.nfc import normalize_nfc


@pytest.mark.parametrize("name", ["Jos\u00e9", "Jose\u0301"])
def test_both_spellings_are_one(name: str) -> None:
    """One character or two."""
    assert normalize_nfc(name) == "Jos\u00e9"


@given(st.text())
def test_once_is_enough(name: str) -> None:
    """Composing what is composed changes nothing."""
    assert normalize_nfc(normalize_nfc(name)) == normalize_nfc(name)
