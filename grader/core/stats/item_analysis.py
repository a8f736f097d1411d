"""Item analysis: the difficulty of questions and checks, and their discrimination between stronger and weaker students.

These are the classical indices of test theory. An *item* is a question among the questions of its exercise, or a check
among its checks. Difficulty is the mean score over the maximum (so 1 is easy). Discrimination is the corrected
item-total correlation: Pearson's r of the item with the sum of all *other* items (S. Henrysson, "Correction of
item-total correlations in item analysis", Psychometrika 28, 1963, 211-218). The upper and lower groups are the 27 %
with the highest and the lowest sum of the other items (T. L. Kelley, "The selection of upper and lower groups for the
validation of test items", Journal of Educational Psychology 30, 1939, 17-24); ties with the last member of a group
belong to it.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

MIN_SUBMISSIONS_FOR_CORRELATION: Final = 10
"""Number of submissions below which a correlation isn't computed."""
GROUP_SHARE: Final = 0.27
_POINTS_EPSILON: Final = 1e-9  # points that differ by rounding only

UndefinedReason = Literal["", "few", "single", "item", "rest"]


@dataclass(frozen=True)
class ItemIndices:
    """One item's indices over the submissions with a final score for it, whose number is `submission_count`.

    `difficulty`, `upper` and `lower` (of the groups) are shares of the points, from 0 to 1; None without submissions or
    points. `discrimination` is from -1 to 1; if it is None, `undefined_reason` has the reason: `few` submissions, a
    `single` item, or the same points for all students in this `item` or in the `rest`.
    """

    submission_count: int
    difficulty: float | None
    discrimination: float | None
    undefined_reason: UndefinedReason = ""
    upper: float | None = None
    lower: float | None = None


def analyze_items(points: NDArray[np.float64], max_points: NDArray[np.float64]) -> tuple[ItemIndices, ...]:
    """Return the indices of K items from `points` (N, K), NaN where not final, and their `max_points` (K,)."""
    totals = np.nansum(points, axis=1)
    return tuple(
        _analyze_item(points[:, k], totals, float(max_points[k]), points.shape[1] == 1) for k in range(points.shape[1])
    )


def _analyze_item(column: NDArray[np.float64], totals: NDArray[np.float64], most: float, alone: bool) -> ItemIndices:
    known = ~np.isnan(column)
    scores, rest = column[known], totals[known] - column[known]
    count = len(scores)
    difficulty = float(scores.mean()) / most if count and most > 0 else None
    undefined = _find_undefined_reason(scores, rest, alone)
    if undefined:
        return ItemIndices(count, difficulty, None, undefined)
    upper, lower = (float(scores[group].mean()) / most for group in _groups(rest))
    return ItemIndices(count, difficulty, _correlation(scores, rest), "", upper, lower)


def _find_undefined_reason(scores: NDArray[np.float64], rest: NDArray[np.float64], alone: bool) -> UndefinedReason:
    if len(scores) < MIN_SUBMISSIONS_FOR_CORRELATION:
        return "few"
    if alone:
        return "single"
    if np.ptp(scores) <= _POINTS_EPSILON:
        return "item"
    return "rest" if np.ptp(rest) <= _POINTS_EPSILON else ""


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return Pearson's r: sum((a - mean a)(b - mean b)) / sqrt(sum((a - mean a)^2) sum((b - mean b)^2))."""
    a, b = a - a.mean(), b - b.mean()
    r = float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))
    return max(-1.0, min(1.0, r))


def _groups(rest: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return masks (N,) of the upper and the lower group."""
    size = math.ceil(GROUP_SHARE * len(rest))
    ordered = np.sort(rest)
    return rest >= ordered[-size] - _POINTS_EPSILON, rest <= ordered[size - 1] + _POINTS_EPSILON
