"""Curves as figures: higher values are drawn higher, non-finite values leave gaps, and the axis holds all values."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.curves import find_curves
from grader.feedback.curve_plots import HEIGHT, TONE_COUNT, WIDTH, layout_curves


def points(path: str) -> list[tuple[float, float]]:
    """Return the points of a path."""
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path)]


def test_a_line_goes_from_corner_to_corner() -> None:
    """The largest value is at the top, the smallest at the bottom, and steps go from left to right."""
    (line,) = layout_curves(find_curves([4.0, 2.0, 0.0])).lines
    assert points(line.path) == [(0.0, 0.0), (WIDTH / 2, HEIGHT / 2), (WIDTH, HEIGHT)]
    assert str(line.says) == "4 to 0 in 3 steps"


def test_curves_of_different_length_share_an_axis() -> None:
    """A shorter curve ends earlier."""
    chart = layout_curves(find_curves({"long": [0.0, 1, 2, 3, 4], "short": [4.0, 0.0]}))
    assert points(chart.lines[1].path)[-1] == (WIDTH / 4, HEIGHT)
    assert (chart.last_step, chart.low, chart.high, chart.logarithmic) == (4, "0", "4", False)


def test_wide_ranges_are_logarithmic() -> None:
    """If all values are positive and their ratio is large, each power of ten has the same height."""
    chart = layout_curves(find_curves([1.0, 100.0, 10_000.0]))
    assert chart.logarithmic
    assert [y for _, y in points(chart.lines[0].path)] == [HEIGHT, HEIGHT / 2, 0.0]


def test_gaps() -> None:
    """Non-finite values are not drawn, and the legend names the step from which they occur."""
    (line,) = layout_curves(find_curves([1.0, 2.0, math.nan, 4.0, math.inf])).lines
    assert re.sub(r"[^ML]", "", line.path) == "MLM"
    assert str(line.says) == "1 to nan in 5 steps, nan from step 2"
    (nothing,) = layout_curves(find_curves([math.nan, math.nan])).lines
    assert (nothing.path, str(nothing.says)) == ("", "no finite values to nan in 2 steps, nan from step 0")


def test_many_curves_repeat_their_tones() -> None:
    """Tones are counted from 1 and repeat."""
    assert [line.tone for line in layout_curves(find_curves([[1, 2]] * 8)).lines] == [*range(1, TONE_COUNT + 1), 1, 2]


@given(st.lists(st.lists(st.floats() | st.sampled_from([1e308, -1e308, 5e-324, 0.0]), min_size=2), max_size=4))
def test_any_numbers_stay_inside(values: list[list[float]]) -> None:
    """For any numbers, every point is inside the axes."""
    chart = layout_curves(find_curves(values))
    for line in chart.lines:
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points(line.path))
        assert "nan" not in line.path
        assert "inf" not in line.path


@pytest.mark.parametrize("value", [[3.0, 3.0], [0, 0, 0]])
def test_a_flat_curve_lies_in_the_middle(value: list[float]) -> None:
    """A constant curve is drawn at half height."""
    (line,) = layout_curves(find_curves(value)).lines
    assert {y for _, y in points(line.path)} == {HEIGHT / 2}
