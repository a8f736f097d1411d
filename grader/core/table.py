"""A readable corner of a tensor, as data: what a page shows of an expected, actual or input value."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.core.compare import Tolerance, as_tensor, number, type_name
from grader.core.values import Code, Seed, Value

SIDE: Final = 12
"""Rows and columns shown at most."""


@dataclass(frozen=True)
class Table:
    """One tensor: its true shape and dtype, up to SIDE rows and columns as text, and which cells are marked.

    One dimension is one row; of more than two, the last two are shown at index 0 of the others. A value that is no
    tensor has `dtype` set to the name of its type and no rows.
    """

    label: str
    shape: tuple[int, ...]
    dtype: str
    rows: tuple[tuple[str, ...], ...] = ()
    marked: tuple[tuple[int, int], ...] = ()


def tables(value: Value, label: str, against: Value = None, tolerance: Tolerance = Tolerance()) -> tuple[Table, ...]:
    """The tables of a value: one for a tensor, one an item for a dict or tuple. What differs is marked."""
    if isinstance(value, dict):
        others = against if isinstance(against, dict) else {}
        parts = [tables(v, f"{label}[{k!r}]", others.get(k), tolerance) for k, v in list(value.items())[:12]]
        return tuple(table for part in parts for table in part)
    if isinstance(value, tuple):
        others_t = against if isinstance(against, tuple) and len(against) == len(value) else (None,) * len(value)
        parts = [tables(v, f"{label}[{i}]", o, tolerance) for i, (v, o) in enumerate(zip(value, others_t, strict=True))]
        return tuple(table for part in parts[:12] for table in part)
    try:
        array = as_tensor(value)
    except ValueError:
        return (Table(label, (), _described(value)),)
    return (_table(array, label, against, tolerance),)


def _described(value: Value) -> str:
    if isinstance(value, Code):
        return value.expression
    if isinstance(value, Seed):
        return "numpy.random.Generator"
    return repr(value[:200]) if isinstance(value, str) else type_name(value)


def _table(array: NDArray[Any], label: str, against: Value, tolerance: Tolerance) -> Table:
    corner = _corner(array)
    rows = tuple(tuple(number(v) for v in row) for row in corner)
    marked: tuple[tuple[int, int], ...] = ()
    if against is not None:
        try:
            other = as_tensor(against)
        except ValueError:
            other = None
        if other is not None and other.shape == array.shape and array.dtype.kind in "biuf":
            wide = tolerance.for_dtype(array.dtype)
            near = np.isclose(corner, _corner(other), rtol=wide.rtol, atol=wide.atol, equal_nan=True)
            marked = tuple((int(r), int(c)) for r, c in np.argwhere(~near))
    return Table(label, array.shape, str(array.dtype), rows, marked)


def _corner(array: NDArray[Any]) -> NDArray[Any]:
    """The first SIDE x SIDE values as a 2-D array."""
    array = np.atleast_2d(array)
    array = array[(0,) * (array.ndim - 2)] if array.size else array.reshape(-1, 1)[:0]
    return array[:SIDE, :SIDE]
