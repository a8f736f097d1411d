"""Curves in submitted values: lists of numbers, reduced to a bounded number of points for drawing."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.core.wire.values import Value

MAX_CURVES: Final = 12
"""Largest number of curves kept."""
MAX_POINTS_PER_CURVE: Final = 200
"""Largest number of points kept per curve."""
_MAX_LABEL_CHARS: Final = 60
_MAX_CURVE_DEPTH: Final = 4
_MIN_CURVE_POINTS: Final = 2


@dataclass(frozen=True)
class Curve:
    """One curve, thinned out: the value at each of `steps`, None if it is not finite. `length` is its full length.

    `broken` is the first step whose value is not finite, and `breaks` is that value: `nan`, `inf`, `-inf`.
    """

    label: str
    length: int
    steps: tuple[int, ...]
    values: tuple[float | None, ...]
    broken: int | None = None
    breaks: str = ""


def find_curves(value: Value, label: str = "") -> tuple[Curve, ...]:
    """Return the curves in a value: itself, or those in a dict, list or tuple, labelled by their keys. Never raises."""
    return tuple(islice(_find_curves(value, label, _MAX_CURVE_DEPTH), MAX_CURVES))


def as_curve(value: Value) -> NDArray[np.float64] | None:
    """Return a list, tuple or array of real numbers as float64 (n,); None for any other value."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "iuf":
            return None
        flat = value.reshape(-1) if value.ndim == 2 and 1 in value.shape else value
        return flat.astype(np.float64) if flat.ndim == 1 else None
    if not isinstance(value, list | tuple) or not all(_is_number(item) for item in value):
        return None
    try:
        return np.array([float(np.asarray(item).reshape(())) for item in value], dtype=np.float64)
    except (OverflowError, ValueError):
        return None


def _is_number(item: Any) -> bool:
    if isinstance(item, bool):
        return False
    if isinstance(item, np.ndarray | np.generic):
        return item.dtype.kind in "iuf" and item.size == 1
    return isinstance(item, int | float)


def _find_curves(value: Value, label: str, depth: int) -> Iterator[Curve]:
    array = as_curve(value)
    if array is not None:
        if array.size >= _MIN_CURVE_POINTS:
            yield _thin_out(array, label)
    elif depth and isinstance(value, dict):
        for key, item in value.items():
            yield from _find_curves(item, _join_label(label, str(key)), depth - 1)
    elif depth and isinstance(value, list | tuple):
        for i, item in enumerate(islice(value, 100)):
            yield from _find_curves(item, _join_label(label, str(i)), depth - 1)
    elif depth and isinstance(value, np.ndarray) and value.ndim == 2:
        yield from _find_curves(list(value[:MAX_CURVES]), label, depth)


def _join_label(label: str, key: str) -> str:
    return (f"{label} {key[:_MAX_LABEL_CHARS]}" if label else key)[:_MAX_LABEL_CHARS]


def _thin_out(array: NDArray[np.float64], label: str) -> Curve:
    chosen = (
        np.unique(np.linspace(0, array.size - 1, MAX_POINTS_PER_CURVE).round().astype(int))
        if array.size > MAX_POINTS_PER_CURVE
        else None
    )
    steps = np.arange(array.size) if chosen is None else chosen
    values = tuple(float(f"{v:.6g}") if math.isfinite(v) else None for v in array[steps].tolist())
    nonfinite = np.flatnonzero(~np.isfinite(array))
    if not nonfinite.size:
        return Curve(label, array.size, tuple(steps.tolist()), values)
    first = int(nonfinite[0])
    return Curve(label, array.size, tuple(steps.tolist()), values, first, str(array[first]))
