"""Cells of tables that people open with a spreadsheet: none of them a formula, numbers as every reader takes them."""

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*\s*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def defused(cell: str) -> str:
    """With a quote before what a spreadsheet would take for a formula. A number is none, whatever its sign."""
    return "'" + cell if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def undone(cell: str) -> str:
    """What `defused` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def number(value: float | None) -> str:
    """Points to six decimals at most, with a point and no thousands: `8.25`. None is an empty cell."""
    return "" if value is None else f"{value + 0.0:.6f}".rstrip("0").rstrip(".")
