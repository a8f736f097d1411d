"""Tables of the first rows and columns of expected, actual and input values, for a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.core.compare.tensors import Tolerance, as_tensor, format_number, get_value_type, is_close
from grader.core.wire.values import Code, Seed, Value

MAX_TABLE_SIDE: Final = 12
"""Largest number of rows and columns shown."""
MAX_TABLES: Final = 12
"""Largest number of tensors shown of one dict, tuple or list."""


@dataclass(frozen=True)
class TensorTable:
    """One tensor: its full shape and dtype, up to MAX_TABLE_SIDE rows and columns as text, and the marked cells.

    One dimension is one row; of more than two, the last two are shown at index 0 of the others. For a value that isn't
    a tensor, `dtype` is the name of its type, and there are no rows.
    """

    label: str
    shape: tuple[int, ...]
    dtype: str
    rows: tuple[tuple[str, ...], ...] = ()
    marked: tuple[tuple[int, int], ...] = ()


def build_tensor_tables(
    value: Value, label: str, against: Value = None, tolerance: Tolerance = Tolerance()
) -> tuple[TensorTable, ...]:
    """Return the tables of a value: one for a tensor, one per item of a dict, tuple or list. Differences are marked."""
    return tuple(islice(_find_tables(value, label, against, tolerance), MAX_TABLES))


def _find_tables(value: Value, label: str, against: Value, tolerance: Tolerance) -> Iterator[TensorTable]:
    if isinstance(value, dict):
        others = against if isinstance(against, dict) else {}
        for key, item in value.items():
            yield from _find_tables(item, f"{label}[{_format_key(key)}]", others.get(key), tolerance)
        return
    array = None if isinstance(value, tuple) else _tensor(value)
    if array is not None:
        yield _build_table(array, label, against, tolerance)
    elif isinstance(value, list | tuple):
        alongside = against if isinstance(against, list | tuple) and len(against) == len(value) else repeat(None)
        for i, (item, other) in enumerate(zip(value, alongside, strict=False)):
            yield from _find_tables(item, f"{label}[{i}]", other, tolerance)
    else:
        yield TensorTable(label, (), _describe_value(value))


def _tensor(value: Value) -> NDArray[Any] | None:
    try:
        return as_tensor(value)
    except ValueError:
        return None


def _format_key(key: Value) -> str:
    text = repr(key)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _describe_value(value: Value) -> str:
    if isinstance(value, Code):
        return value.expression
    if isinstance(value, Seed):
        return "numpy.random.Generator"
    return repr(value[:200]) if isinstance(value, str) else get_value_type(value)


def _build_table(array: NDArray[Any], label: str, against: Value, tolerance: Tolerance) -> TensorTable:
    corner = _corner(array)
    rows = tuple(tuple(format_number(v) for v in row) for row in corner)
    marked: tuple[tuple[int, int], ...] = ()
    other = _tensor(against)
    if other is not None and other.shape == array.shape:
        near = is_close(_corner(other), corner, tolerance.for_dtype(other.dtype).for_answer(array.dtype))
        marked = tuple((int(r), int(c)) for r, c in np.argwhere(~near))
    return TensorTable(label, array.shape, str(array.dtype), rows, marked)


def _corner(array: NDArray[Any]) -> NDArray[Any]:
    """Return the first MAX_TABLE_SIDE rows and columns as a 2-D array."""
    array = np.atleast_2d(array)
    array = array[(0,) * (array.ndim - 2)] if array.size else array.reshape(-1, 1)[:0]
    return array[:MAX_TABLE_SIDE, :MAX_TABLE_SIDE]
