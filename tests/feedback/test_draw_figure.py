"""Figures that are drawn by a module of their own.

Covers `feedback/figures/__init__.py`.
"""

from grader.core.results.grading import FigureData
from grader.core.text.language import ENGLISH
from grader.feedback.draw_figure import draw_figure


def test_an_unknown_figure_is_left_out() -> None:
    """A figure of a later version, which no module draws, leaves the page as it is."""
    assert draw_figure(ENGLISH, FigureData("poem", {"lines": 3})) == ""
