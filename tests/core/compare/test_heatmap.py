"""Heat maps of large arrays show every difference, for any values."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from grader.core.compare.heatmap import LEVEL_COUNT, MAX_HEATMAP_SIDE, NONFINITE_MARK, build_heatmaps

ALLOWED = {*map(str, range(LEVEL_COUNT)), NONFINITE_MARK}
SHAPES = st.tuples(st.integers(1, 40), st.integers(9, 40))
FLOATS = st.floats(width=64)


@given(st.data(), SHAPES)
def test_any_two_arrays_have_a_map_of_letters(data: st.DataObject, shape: tuple[int, int]) -> None:
    """For any values, including infinities, each map has at most MAX_HEATMAP_SIDE rows and columns."""
    expected, actual = (data.draw(hnp.arrays(np.float64, shape, elements=FLOATS, fill=FLOATS)) for _ in range(2))
    for heat in build_heatmaps(expected, actual, "a"):
        for rows in (heat.expected, heat.actual, heat.difference):
            assert len(rows) == min(shape[0], MAX_HEATMAP_SIDE)
            assert {len(row) for row in rows} == {min(shape[1], MAX_HEATMAP_SIDE)}
            assert set("".join(rows)) <= ALLOWED
        json.dumps(asdict(heat), allow_nan=False)


@given(SHAPES, st.data())
def test_a_single_difference_is_visible(shape: tuple[int, int], data: st.DataObject) -> None:
    """One differing value, at any place and of any size, has a cell that shows it."""
    expected = np.arange(float(np.prod(shape))).reshape(shape)
    actual = expected.copy()
    row, column = data.draw(st.integers(0, shape[0] - 1)), data.draw(st.integers(0, shape[1] - 1))
    actual[row, column] += 1e-3
    (heat,) = build_heatmaps(expected, actual, "a")
    assert (heat.apart, heat.count) == (1, expected.size)
    assert sum(level != "0" for rows in heat.difference for level in rows) == 1


def test_levels_are_a_common_scale() -> None:
    """Expected and actual values share one scale: twice the value is twice the level."""
    expected = np.linspace(0, 4, 9)
    (heat,) = build_heatmaps(expected, 2 * expected, "a")
    assert heat.expected == ("001222344",)
    assert heat.actual == ("012345678",)
    assert (heat.low, heat.high, heat.far) == ("0", "8", "4")


def test_nonfinite_values_are_marked() -> None:
    """An unexpected NaN is marked in both maps; an expected one isn't a difference."""
    expected = np.zeros((2, 10))
    expected[0, 0] = np.nan
    actual = expected.copy()
    actual[1, 4] = np.inf
    (heat,) = build_heatmaps(expected, actual, "a")
    assert heat.expected[0][0] == heat.actual[0][0] == heat.actual[1][4] == heat.difference[1][4] == NONFINITE_MARK
    assert heat.difference[0] == "0" * 10


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (np.zeros((3, 3)), np.ones((3, 3))),
        (np.zeros((9, 9)), np.zeros((9, 9))),
        (np.zeros((9, 9)), np.ones((9, 8))),
        (np.zeros((0, 9)), np.zeros((0, 9))),
        (np.zeros(9, complex), np.ones(9, complex)),
        (np.zeros((9, 9)), "text"),
        (np.zeros((9, 9)), None),
        (1.0, 2.0),
    ],
)
def test_no_map_without_information(expected: NDArray[np.float64] | float, actual: object) -> None:
    """Small, equal, empty and complex arrays, and arrays of different shapes, have no map."""
    assert build_heatmaps(expected, actual, "a") == ()


def test_each_array_of_a_dict_has_its_map() -> None:
    """Each differing array of a dict has a map labelled with its key."""
    expected = {"W": np.zeros((9, 9)), "b": np.zeros(9), "c": [np.zeros(12)]}
    actual = {"W": np.ones((9, 9)), "b": np.zeros(9), "c": [np.ones(12)]}
    assert [heat.label for heat in build_heatmaps(expected, actual, "grad")] == ["grad['W']", "grad['c'][0]"]
