"""Cells that a spreadsheet shows and never computes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.text.escape_formula import escape_formula, unescape_formula


@given(st.text())
def test_defusing_is_undone(cell: str) -> None:
    """Every text comes back as it was."""
    assert unescape_formula(escape_formula(cell)) == cell


@given(st.sampled_from(["", " ", "\n", "'", "''"]), st.sampled_from("=+-@\t\r\uff1d\uff0b\uff0d\uff20"), st.text())
def test_no_formula_is_left(before: str, sign: str, after: str) -> None:
    """Whatever begins like a formula has a quote before it, but for plain numbers."""
    cell = before + sign + after
    shown = escape_formula(cell)
    assert shown == "'" + cell or shown.lstrip("+-").replace(".", "").replace(",", "").isdecimal()


@pytest.mark.parametrize("cell", ["-1.5", "+3", "7", "1,5"])
def test_a_number_is_no_formula(cell: str) -> None:
    """Signs of numbers stay, so that they are read as numbers."""
    assert escape_formula(cell) == cell
