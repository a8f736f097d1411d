"""Curves are found in nested values, thinned out, and have the step at which they stop being finite."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.curves import MAX_CURVES, MAX_POINTS_PER_CURVE, as_curve, find_curves
from grader.core.wire.values import Opaque


@pytest.mark.parametrize(
    "value", [[3, 2.0, 1], (3, 2, 1), np.array([3, 2, 1]), np.array([[3], [2], [1]]), [np.float32(3), np.array([2]), 1]]
)
def test_forms_of_a_curve(value: Any) -> None:
    """A list, tuple or array of numbers, or of arrays of one number, is one curve."""
    (curve,) = find_curves(value)
    assert (curve.length, curve.steps, curve.values, curve.broken) == (3, (0, 1, 2), (3.0, 2.0, 1.0), None)


def test_curves_in_dicts_and_lists() -> None:
    """Curves are found under keys, beside other values, and are labelled by their keys."""
    runs = {"relu": {"losses": [2, 1], "forward": Opaque("function")}, "wide": {"losses": (4, 3)}, "rate": 0.1}
    assert [curve.label for curve in find_curves(runs)] == ["relu losses", "wide losses"]
    assert [curve.label for curve in find_curves([[1, 2], [3, 4, 5]], "all")] == ["all 0", "all 1"]
    assert len(find_curves(np.ones((3, 5)))) == 3


@pytest.mark.parametrize(
    "value",
    [
        *(None, 3, "1, 2, 3", [], [1], [True, False], [1, "2"], [1, None], {"a": 1}, [1, 1j], np.ones((2, 2, 2))),
        *(np.array([1j, 2]), [10**400, 1], Opaque("list")),
    ],
)
def test_no_curve(value: Any) -> None:
    """Fewer than two numbers, and other values, are not a curve."""
    assert find_curves(value) == ()


def test_breaks() -> None:
    """The first value that isn't finite is reported with its step and kept as a gap."""
    (curve,) = find_curves([1.0, 2.0, math.inf, math.nan, 5.0])
    assert (curve.values, curve.broken, curve.breaks) == ((1.0, 2.0, None, None, 5.0), 2, "inf")


@given(st.integers(2, 5000))
def test_long_curves_are_thinned_out(length: int) -> None:
    """At most MAX_POINTS_PER_CURVE points are kept, evenly, including the first and the last, with their steps."""
    (curve,) = find_curves(np.arange(length) * 2.0)
    assert curve.length == length
    assert len(curve.steps) == min(length, MAX_POINTS_PER_CURVE) == len(set(curve.steps))
    assert (curve.steps[0], curve.steps[-1]) == (0, length - 1)
    assert all(value == float(f"{2 * step:.6g}") for step, value in zip(curve.steps, curve.values, strict=True))


def test_many_curves_are_bounded() -> None:
    """Of very many curves the first are kept, also in lists that contain themselves."""
    assert len(find_curves({str(n): [1, 2] for n in range(1000)})) == MAX_CURVES
    deep: Any = [1, 2]
    for _ in range(10):
        deep = [deep]
    assert find_curves(deep) == ()


def test_kept_curves_are_json() -> None:
    """Kept curves can be stored as JSON: no NaN, no infinity, short numbers."""
    (curve,) = find_curves([math.nan, 1 / 3, -math.inf, 1e308, 5e-324])
    assert json.dumps(curve.values, allow_nan=False) == "[null, 0.333333, null, 1e+308, 5e-324]"


def test_as_curve() -> None:
    """An author's function gets the numbers of a curve as float64."""
    array = as_curve([1, 2])
    assert array is not None
    assert (str(array.dtype), array.tolist()) == ("float64", [1.0, 2.0])
    assert as_curve("12") is None
    assert as_curve(np.ones((2, 2))) is None
