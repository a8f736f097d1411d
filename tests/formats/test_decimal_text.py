"""Numbers in tables."""

import pytest

from grader.formats.decimal_text import format_decimal


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (0.0, "0"), (-0.0, "0"), (8.25, "8.25"), (1 / 3, "0.333333"), (1e6, "1000000")]
)
def test_numbers_are_plain(value: float | None, cell: str) -> None:
    """A number has neither an exponent nor thousands separators; None is an empty cell."""
    assert format_decimal(value) == cell
