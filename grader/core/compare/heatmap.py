"""Heat maps of large arrays: expected, actual and difference as levels."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.core.compare.tensors import as_tensor, format_number
from grader.core.wire.values import Value

LEVEL_COUNT: Final = 9
"""Number of levels: `0` is the lowest, `8` the highest."""
NONFINITE_MARK: Final = "x"
"""The level of a value or difference that is not finite."""
MAX_HEATMAP_SIDE: Final = 24
"""Largest number of rows and columns of a map; a larger array is thinned out."""
MAX_HEATMAPS: Final = 3
"""Largest number of maps kept."""
_MIN_HEATMAP_SIDE: Final = 9  # rows or columns from which on a table alone gives no overview


@dataclass(frozen=True)
class Heatmap:
    """Two arrays of one shape `(..., R, C)`: the last two dimensions at index 0 of the others, one text per row.

    `low` to `high` is the scale of both, 0 to `far` that of the difference. A cell of the difference has the largest
    difference of all the values that it stands for, so that none is lost. `apart` of `count` values differ.
    """

    label: str
    shape: tuple[int, ...]
    low: str
    high: str
    far: str
    apart: int
    count: int
    expected: tuple[str, ...]
    actual: tuple[str, ...]
    difference: tuple[str, ...]


def build_heatmaps(expected: Value, actual: Value, label: str) -> tuple[Heatmap, ...]:
    """Return the maps of a value, or of the arrays in a dict, list or tuple, that differ and have equal shapes."""
    return tuple(islice(_find_heatmaps(expected, actual, label), MAX_HEATMAPS))


def _find_heatmaps(expected: Value, actual: Value, label: str) -> Iterator[Heatmap]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in expected:
            if key in actual:
                yield from _find_heatmaps(expected[key], actual[key], f"{label}[{key!r:.40}]")
    elif isinstance(expected, np.ndarray):
        pair = _plane(expected), _plane(actual)
        if pair[0] is not None and pair[1] is not None and np.shape(actual) == expected.shape:
            found = _build_heatmap(pair[0], pair[1], label, expected.shape)
            if found.apart:
                yield found
    elif isinstance(expected, list | tuple) and isinstance(actual, list | tuple) and len(actual) == len(expected):
        for i, (expected_item, actual_item) in enumerate(zip(expected, actual, strict=True)):
            yield from _find_heatmaps(expected_item, actual_item, f"{label}[{i}]")


def _plane(value: Value) -> NDArray[np.float64] | None:
    """Return the last two dimensions of a large real array as (R, C); None for any other value."""
    try:
        array = as_tensor(value)
    except ValueError:
        return None
    if array is None or array.dtype.kind not in "iuf" or not array.size:
        return None
    plane = np.atleast_2d(array)
    plane = plane[(0,) * (plane.ndim - 2)]
    return plane.astype(np.float64) if max(plane.shape) >= _MIN_HEATMAP_SIDE else None


def _build_heatmap(
    expected: NDArray[np.float64], actual: NDArray[np.float64], label: str, shape: tuple[int, ...]
) -> Heatmap:
    rows, columns = (_bin_starts(length) for length in expected.shape)
    both = np.concatenate((expected[np.isfinite(expected)], actual[np.isfinite(actual)]))
    low, high = (float(both.min()), float(both.max())) if both.size else (0.0, 0.0)
    with np.errstate(all="ignore"):
        difference = np.abs(expected - actual)
        difference[(expected == actual) | (np.isnan(expected) & np.isnan(actual))] = 0.0
        difference[~np.isfinite(difference)] = np.inf
        thinned = np.maximum.reduceat(np.maximum.reduceat(difference, rows, axis=0), columns, axis=1)
    finite = difference[np.isfinite(difference)]
    far = float(finite.max()) if finite.size else 0.0
    return Heatmap(
        label=label,
        shape=shape,
        low=format_number(low),
        high=format_number(high),
        far=format_number(far),
        apart=int(np.count_nonzero(difference)),
        count=difference.size,
        expected=_levels(expected[np.ix_(rows, columns)], low, high),
        actual=_levels(actual[np.ix_(rows, columns)], low, high),
        difference=_levels(thinned, 0.0, far, at_least=1),
    )


def _bin_starts(length: int) -> NDArray[Any]:
    """Return the index in the array at which each row (or column) of the map begins."""
    return np.arange(min(length, MAX_HEATMAP_SIDE)) * length // min(length, MAX_HEATMAP_SIDE)


def _levels(values: NDArray[np.float64], low: float, high: float, at_least: int = 0) -> tuple[str, ...]:
    """Return each value's level, at least `at_least` for values above `low`.

    Values are halved first, because their difference may overflow.
    """
    span = high / 2 - low / 2
    with np.errstate(all="ignore"):
        share = (values / 2 - low / 2) / span if span > 0 else np.zeros_like(values)
        levels = np.rint(np.clip(np.nan_to_num(share), 0, 1) * (LEVEL_COUNT - 1)).astype(int)
    levels = np.where(values > low, np.maximum(levels, at_least), levels)
    nonfinite = ~np.isfinite(values)
    return tuple(
        "".join(NONFINITE_MARK if odd else str(level) for level, odd in zip(row, odds, strict=True))
        for row, odds in zip(levels.tolist(), nonfinite.tolist(), strict=True)
    )
