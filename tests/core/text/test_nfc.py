"""Names have one normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.text.nfc import normalize_nfc


@pytest.mark.parametrize("name", ["Jos\u00e9", "Jose\u0301"])
def test_both_spellings_are_one(name: str) -> None:
    """A name with composed or decomposed characters has the same normal form."""
    assert normalize_nfc(name) == "Jos\u00e9"


@given(st.text())
def test_normalising_twice_changes_nothing(name: str) -> None:
    """A normalised name is its own normal form."""
    assert normalize_nfc(normalize_nfc(name)) == normalize_nfc(name)
