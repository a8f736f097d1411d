"""Decimal numbers in sentences and on pages: the decimal mark is a translation, so that French reads `0,75`.

Code, arrays, tables of tensors, CSV and JSON keep the decimal point: they are not written with these functions.
"""

import re
from typing import Final

from grader.core.text.messages import Message, MessageLike, gettext

_DECIMAL: Final = re.compile(r"(-?\d+)\.(\d+(?:e[+-]?\d+)?)", re.ASCII)


def localize_number(text: str) -> MessageLike:
    """Return a number such as `0.75` or `1.2e-05` with the language's decimal mark; any other text as it is."""
    found = _DECIMAL.fullmatch(text)
    return gettext("{whole}.{fraction}", whole=found[1], fraction=found[2]) if found else text


def format_points(value: float) -> MessageLike:
    """Format points with at most two decimals: `2`, `1.5`, `0.67`."""
    return localize_number(f"{value + 0.0:.2f}".rstrip("0").rstrip("."))


def format_share(share: float) -> Message:
    """Format a share of points exactly: `90 %`, `87.5 %`."""
    return gettext("{number} %", number=format_points(100 * share))
