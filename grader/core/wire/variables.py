"""Variables as they are judged: sets as lists, and source text in its normal form."""

from typing import Any, Final

import numpy as np

from grader.core.wire.lazy_values import LAZY_TYPES, MAX_GENERATED_ITEMS, drain
from grader.core.wire.normalize_source import normalize_source
from grader.core.wire.values import Value

MAX_PARSED_TEXTS: Final = 100
"""Maximum number of texts of a list that are parsed."""
_MAX_NESTING: Final = 4  # nesting levels that are searched for sets


def read_variable(value: Any) -> Value:
    """Return the value with sets, which can't be sent, as lists; a container that raises, unchanged."""
    try:
        return _convert_to_lists(value, _MAX_NESTING)
    except BaseException:
        return value


def parse_variable(value: Any) -> Value:
    """Return a text, or each text of a list, in its normal form; any other value as `read_variable` gives it.

    Raises SyntaxError, ValueError, RecursionError or MemoryError for text that can't be parsed.
    """
    found = read_variable(value)
    if isinstance(found, str):
        return normalize_source(found)
    if isinstance(found, list | tuple) and len(found) <= MAX_PARSED_TEXTS:
        return [normalize_source(item) if isinstance(item, str) else item for item in found]
    return found


def _convert_to_lists(value: Any, depth: int) -> Any:
    """Return the value with sets, generators and text arrays as lists; dicts are copied."""
    if isinstance(value, set | frozenset):
        return list(value)
    if isinstance(value, LAZY_TYPES):
        return drain(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "UO" and value.size <= MAX_GENERATED_ITEMS:
        return _convert_to_lists(value.tolist(), depth - 1) if depth else value
    if depth and isinstance(value, dict) and len(value) <= MAX_GENERATED_ITEMS:
        return {key: _convert_to_lists(item, depth - 1) for key, item in dict.items(value)}
    if depth and type(value) in (list, tuple) and len(value) <= MAX_GENERATED_ITEMS:
        return type(value)(_convert_to_lists(item, depth - 1) for item in value)
    return value
