"""Decimal numbers in sentences and on pages: the decimal mark is a translation, so that French reads `0,75`.

Code, arrays, tables of tensors, CSV and JSON keep the decimal point: they are not written with these functions.
"""

import math
import re
from typing import Final

from grader.core.text.messages import Message, MessageLike, gettext, ngettext

_DECIMAL: Final = re.compile(r"([-−]?\d+)\.(\d+(?:e[+-]?\d+)?)", re.ASCII)


def localize_number(text: str) -> MessageLike:
    """Return a number such as `0.75` or `1.2e-05` with the language's decimal mark; any other text as it is."""
    found = _DECIMAL.fullmatch(text)
    return gettext("{whole}.{fraction}", whole=found[1], fraction=found[2]) if found else text


def format_points(value: float) -> MessageLike:
    """Format points with at most three decimals, halves rounded up: `2`, `1.5`, `7.875`, `0.667`.

    Pages and the terminal show points with this function only; tables and JSON have the exact number.
    """
    thousandths = math.floor(round(1000 * value, 3) + 0.5)  # rounded first, because 1000 * value may be inexact
    return localize_number(f"{thousandths / 1000:.3f}".rstrip("0").rstrip("."))


def count_points(value: float) -> Message:
    """Format points with their noun: `1 point`, `0.5 points`."""
    return ngettext("{points} point", "{points} points", n=plural_number(value), points=format_points(value))


def plural_number(value: float) -> int:
    """Return the whole number that takes the plural form of a number that may have decimals.

    Only 1 itself is 1. From 0 to 2 it is 0, which is plural in English (`0.5 points`) and singular in French
    (`1,5 point`).
    """
    return 1 if value == 1 else 0 if value < 2 else int(value)


def format_share(share: float) -> Message:
    """Format a share of points exactly: `90 %`, `87.5 %`."""
    return gettext("{number} %", number=format_points(100 * share))
