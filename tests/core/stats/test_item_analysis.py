"""Item analysis agrees with scipy and with numbers worked out by hand."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.stats.item_analysis import MIN_SUBMISSIONS_FOR_CORRELATION, analyze_items

NAN = math.nan


def pearson(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return scipy's Pearson correlation; importing it takes a second, which only the process of these tests pays."""
    from scipy.stats import pearsonr

    return float(pearsonr(xs, ys).statistic)


def columns(*values: list[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return a table of points from its columns."""
    return np.array(values, float).T.reshape(len(values[0]), len(values))


def test_a_class_worked_by_hand() -> None:
    """For ten students and two questions, difficulty, correlation and both groups equal those worked out by hand."""
    item = [0.0, 0, 0, 0, 1, 0, 1, 1, 1, 1]
    rest = [0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    first, second = analyze_items(columns(item, rest), np.array([1.0, 9.0]))
    # mean 0.5; sum of (item - 0.5)(rest - 4.5) = 11.5; sums of squares 2.5 and 82.5
    assert first.difficulty == 0.5
    assert first.discrimination == pytest.approx(11.5 / math.sqrt(2.5 * 82.5))
    assert (first.upper, first.lower) == (1.0, 0.0)  # of three students each: 27 % of ten, rounded up
    assert second.difficulty == 0.5
    # ties with the last member of a group belong to it: all five right ones, and all five wrong ones
    assert second.upper == pytest.approx((4 + 6 + 7 + 8 + 9) / 45)
    assert second.lower == pytest.approx((0 + 1 + 2 + 3 + 5) / 45)


@given(
    st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=MIN_SUBMISSIONS_FOR_CORRELATION, max_size=40)
)
def test_discrimination_is_the_correlation_with_the_rest(rows: list[list[int]]) -> None:
    """For any points, it is scipy's Pearson correlation of an item with the sum of the others."""
    points = np.array(rows, float)
    for k, item in enumerate(analyze_items(points, np.full(3, 4.0))):
        rest = np.delete(points, k, axis=1).sum(axis=1)
        assert item.difficulty == pytest.approx(points[:, k].mean() / 4)
        if np.ptp(points[:, k]) == 0 or np.ptp(rest) == 0:
            assert item.discrimination is None
        else:
            assert item.discrimination == pytest.approx(pearson(points[:, k].tolist(), rest.tolist()), abs=1e-9)


@given(st.permutations(range(12)))
def test_the_order_of_students_does_not_matter(order: list[int]) -> None:
    """A shuffled class has the same indices."""
    points = np.random.default_rng(3).integers(0, 3, (12, 4)).astype(float)
    one, other = (analyze_items(p, np.full(4, 2.0)) for p in (points, points[order]))
    for a, b in zip(one, other, strict=True):
        for name in ("difficulty", "discrimination", "upper", "lower"):
            assert getattr(a, name) == pytest.approx(getattr(b, name))


def test_pending_points_are_left_out() -> None:
    """A student with pending points in an item doesn't count there, and counts with the rest elsewhere."""
    waits = [1.0, 0, NAN, 1, 0, 1, 0, 1, 0, 1, 0, NAN]
    there = [float(i) for i in range(12)]
    first, second = analyze_items(columns(waits, there), np.array([1.0, 11.0]))
    known = [i for i, value in enumerate(waits) if not math.isnan(value)]
    assert first.submission_count == 10
    assert first.difficulty == 0.5
    assert first.discrimination == pytest.approx(pearson([waits[i] for i in known], known))
    assert second.submission_count == 12


def test_reasons_for_undefined_discrimination() -> None:
    """Few submissions, a single item, equal points in the item or in the rest are named; difficulty is defined."""
    rising = [float(i) for i in range(MIN_SUBMISSIONS_FOR_CORRELATION)]
    flat = [2.0] * MIN_SUBMISSIONS_FOR_CORRELATION
    most = np.array([9.0, 9.0])
    assert [i.undefined_reason for i in analyze_items(columns(rising[1:], rising[1:]), most)] == ["few", "few"]
    assert [i.undefined_reason for i in analyze_items(columns(rising), most[:1])] == ["single"]
    assert [i.undefined_reason for i in analyze_items(columns(flat, rising), most)] == ["item", "rest"]
    assert [i.difficulty for i in analyze_items(columns(flat, rising), most)] == [2 / 9, 0.5]


def test_items_without_submissions_or_points() -> None:
    """An item without final points, or with a maximum of 0, has no difficulty."""
    nobody, worthless = analyze_items(columns([NAN] * 12, [0.0] * 12), np.array([1.0, 0.0]))
    assert (nobody.submission_count, nobody.difficulty, nobody.undefined_reason) == (0, None, "few")
    assert (worthless.difficulty, worthless.undefined_reason) == (None, "item")
    assert analyze_items(np.zeros((0, 0)), np.zeros(0)) == ()


def test_rounding_makes_no_difference() -> None:
    """Sums that differ only in the last bit count as equal, so that noise gives no correlation."""
    points = np.full((12, 3), 0.1)
    points[:, 0] = np.arange(12) / 7
    assert [item.undefined_reason for item in analyze_items(points, np.ones(3))] == ["rest", "item", "item"]
