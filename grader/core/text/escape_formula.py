"""Escape cells of tables that people open with a spreadsheet, so that none is computed as a formula."""

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def escape_formula(cell: str) -> str:
    """Put a quote before text that a spreadsheet would take for a formula. A number is never one, whatever its sign."""
    return "'" + cell if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return the text from which `escape_formula` made the cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
