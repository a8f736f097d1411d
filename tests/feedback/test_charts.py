"""The plots of the class page are small and reproducible, use the page's colours, and keep text as text."""

import re
from dataclasses import replace

import pytest

from grader.core.stats.class_stats import ExerciseStats, QuestionStats
from grader.core.stats.item_analysis import ItemIndices
from grader.feedback.charts import render_distribution, render_item_map


def figures(counts: tuple[int, ...], median: float | None = 4.0, *items: ItemIndices) -> ExerciseStats:
    """Return an exercise of ten points."""
    questions = tuple(QuestionStats(f"q{i}", f"$q_{i}", "code", 1.0, {}, item) for i, item in enumerate(items))
    return ExerciseStats("e", "E", 10.0, sum(counts), median, median, counts, questions)


SPREAD = (1, 0, 0, 2, 5, 9, 4, 0, 0, 3)
ITEMS = (
    ItemIndices(30, 0.9, 0.4),
    ItemIndices(30, 0.2, -0.3),
    ItemIndices(30, 0.91, 0.41),
    ItemIndices(3, 0.5, None, "few"),
)


def test_a_distribution_has_a_bar_and_a_number_for_each_count() -> None:
    """Bars are as high as their counts, which are written above them as text."""
    svg = render_distribution(figures(SPREAD))
    bars = [[float(n) for n in re.findall(r"[\d.]+", d)] for d in re.findall(r'class="bars" d="([^"]*)"', svg)]
    assert re.findall(r'class="count"[^>]*>(\d+)<', svg) == [str(n) for n in SPREAD if n]
    heights = [max(bar[1::2]) - min(bar[1::2]) for bar in bars]
    assert [round(h / max(heights) * 9, 1) for h in heights] == pytest.approx([n for n in SPREAD if n], abs=0.15)
    assert 'aria-label="Submissions by share of the points. 0 to 10 %: 1; 30 to 40 %: 2;' in svg


@pytest.mark.parametrize("drawn", [render_distribution, render_item_map])
def test_a_plot_is_reproducible_and_self_contained(drawn: object) -> None:
    """A plot has no date, id, style attribute, address or unknown element, and is smaller than 6 kB."""
    assert callable(drawn)
    svg = str(drawn(figures(SPREAD, 4.0, *ITEMS)))
    assert svg == str(drawn(figures(SPREAD, 4.0, *ITEMS)))
    assert set(re.findall(r"<(\w+)", svg)) <= {"svg", "path", "text", "circle"}
    assert set(re.findall(r" ([\w-]+)=", svg)) <= {
        *("class", "viewBox", "role", "aria-label", "d", "x", "y", "cx", "cy", "r", "text-anchor"),
    }
    assert not re.search("http|date|#|matplotlib", svg, re.I)
    assert len(svg) < 6_000


def test_questions_stand_by_difficulty_and_discrimination() -> None:
    """Easy questions are to the right, discriminating ones above; close ones share a dot; others are not drawn."""
    svg = render_item_map(figures(SPREAD, 4.0, *ITEMS))
    dots = [tuple(map(float, d)) for d in re.findall(r'class="dot" cx="([\d.]+)" cy="([\d.]+)"', svg)]
    assert len(dots) == 2
    assert dots[0][0] > dots[1][0]
    assert dots[0][1] < dots[1][1]
    assert re.findall(r'class="count"[^>]*>([^<]+)<', svg) == ["1, 3", "2"]
    assert "question 2: 20 %, −0.30" in svg


def test_plots_of_little_data() -> None:
    """Fewer than two placed questions give no map; a class without a median, or with equal scores, is drawn."""
    assert render_item_map(figures(SPREAD, 4.0, *ITEMS[2:])) == ""
    assert "median" not in render_distribution(figures((0,) * 10, None))
    assert "median" not in render_distribution(replace(figures(SPREAD), max_score=0.0))
