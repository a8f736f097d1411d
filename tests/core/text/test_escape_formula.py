"""Cells that a spreadsheet shows and never computes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.text.escape_formula import escape_formula, unescape_formula


@given(st.text())
def test_escaping_is_undone(cell: str) -> None:
    """Every text is the same after escaping and unescaping."""
    assert unescape_formula(escape_formula(cell)) == cell


@given(st.sampled_from(["", " ", "\n", "'", "''"]), st.sampled_from("=+-@\t\r\uff1d\uff0b\uff0d\uff20"), st.text())
def test_no_formula_remains(before: str, sign: str, after: str) -> None:
    """Every text that begins like a formula, except a plain number, gets a quote before it."""
    cell = before + sign + after
    shown = escape_formula(cell)
    assert shown == "'" + cell or shown.lstrip("+-").replace(".", "").replace(",", "").isdecimal()


@pytest.mark.parametrize("cell", ["-1.5", "+3", "7", "1,5"])
def test_a_number_stays_unquoted(cell: str) -> None:
    """Numbers with a sign stay, so that they are read as numbers."""
    assert escape_formula(cell) == cell
