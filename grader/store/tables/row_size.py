"""Keeps every row of a grading small: one that would be too large is stored in a shorter form, which says so.

Verdicts and points have columns of their own, so nothing that counts is ever left out. Lengths of texts in the core
and in the sandbox are limited already; this is the last limit, whatever the values were.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

MAX_JSON_BYTES: Final = 900_000
"""Bytes of JSON in one row."""
MAX_GRADING_BYTES: Final = 4_000_000
"""Bytes of the details of all checks of one grading; after that, details of checks are short."""
MAX_SHORT_BYTES: Final = 2_000
"""Bytes of the details of one check in a grading that is too large."""
MAX_ERROR_CHARS: Final = 4_000
SHORTENED_REMARK: Final = "shortened"
"""Kind of the remark on a check whose details were left out."""
SHORTENED_NOTE: Final = "Texts of this submission's cells were left out: there were too many."
"""Remark on the first cell of a list that was shortened."""
_TEXT_LIMITS: Final = (400, 100, 20)  # characters of each text, in turn, until the whole is small enough
_NAMES: Final = ("kind", "ended", "name", "unit")  # fields with names of the program, not with text
_BASIC_FIELDS: Final = ("label", "ended", "limit", "signal")

Dump = Callable[[object], str]


def fit_detail(detail: str, max_bytes: int, dump: Dump) -> str:
    """Return the JSON of a check's details in at most so many bytes: without values shown, and with short texts."""
    if _is_small(detail, max_bytes):
        return detail
    data = json.loads(detail)
    data.pop("shown", None)
    data["remarks"] = [*data.get("remarks", [])[:3], {"kind": SHORTENED_REMARK}]
    return _shorten_texts(data, max_bytes, dump)


def fit_cells(cells: Sequence[Mapping[str, Any]], dump: Dump) -> str:
    """Return the JSON of cells' results: how each of them ended, and texts as far as there is room."""
    whole = dump(cells)
    if _is_small(whole, MAX_JSON_BYTES):
        return whole
    note = {"remarks": [SHORTENED_NOTE]}
    short = [{name: cell[name] for name in (*_BASIC_FIELDS, "raised") if name in cell} for cell in cells]
    short[0] |= note
    text = _shorten_texts(short, MAX_JSON_BYTES, dump)
    if _is_small(text, MAX_JSON_BYTES):
        return text
    basic = [{name: cell[name] for name in _BASIC_FIELDS[:2] if name in cell} for cell in cells]
    basic[0] |= note
    return dump(_clip(basic, _TEXT_LIMITS[-1]))


def fit_details(rows: list[tuple[Any, ...]], dump: Dump) -> list[tuple[Any, ...]]:
    """Return rows whose last column is a check's details: short ones from where all together are too large."""
    left = MAX_GRADING_BYTES
    fitted: list[tuple[Any, ...]] = []
    for row in rows:
        detail = row[-1]
        if len(detail) * 4 > left and not _is_small(detail, left - MAX_SHORT_BYTES * (len(rows) - len(fitted))):
            detail = fit_detail(detail, MAX_SHORT_BYTES, dump)
        left -= len(detail.encode())
        fitted.append(row if detail is row[-1] else (*row[:-1], detail))
    return fitted


def _is_small(text: str, max_bytes: int) -> bool:
    return len(text) * 4 <= max_bytes or (len(text) <= max_bytes and len(text.encode()) <= max_bytes)


def _shorten_texts(data: Any, max_bytes: int, dump: Dump) -> str:
    text = ""
    for limit in _TEXT_LIMITS:
        text = dump(_clip(data, limit))
        if _is_small(text, max_bytes):
            break
    return text


def _clip(data: Any, chars: int) -> Any:
    """Return JSON data with every text cut to so many characters, and every list of texts to 10."""
    if isinstance(data, str):
        return data if len(data) <= chars or data == SHORTENED_NOTE else f"{data[:chars]}…"
    if isinstance(data, dict):
        return {name: value if name in _NAMES else _clip(value, chars) for name, value in data.items()}
    if isinstance(data, list | tuple):
        kept = data[:10] if all(isinstance(item, str) for item in data) else data
        return [_clip(item, chars) for item in kept]
    return data
