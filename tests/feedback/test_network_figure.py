"""Networks as figures: every node is inside the drawing, in its column, with its text beside it."""

import re

import pytest

from grader.core.compare.networks import make_complete_network, parse_drawing
from grader.feedback.network_figure import layout_network


@pytest.mark.parametrize("sizes", [(1,), (2, 3, 3, 1), (1, 1), (40, 40), (200,), (1,) * 20])
def test_nodes_lie_inside(sizes: tuple[int, ...]) -> None:
    """All nodes are inside the figure and apart from each other; each layer is one column, from left to right."""
    figure = layout_network(make_complete_network(*sizes), 2_000)
    places = [(dot.x, dot.y) for dot in figure.dots]
    assert len(set(places)) == len(places) == sum(sizes)
    assert all(0 < x < figure.width and 0 <= y <= figure.height for x, y in places)
    columns = [x for x, _ in places]
    assert columns == sorted(columns)
    assert [columns.count(x) for x in sorted(set(columns))] == list(sizes)
    assert figure.height <= 450


def test_edges_join_nodes() -> None:
    """Every edge is a line between its two nodes; edges beyond the limit are counted."""
    drawn = make_complete_network(2, 2)
    figure = layout_network(drawn, 3)
    names = [name for layer in drawn.layers for name in layer]
    place = {name: f"{dot.x:g} {dot.y:g}" for name, dot in zip(names, figure.dots, strict=True)}
    assert figure.path == "".join(f"M{place[a]}L{place[b]}" for a, b in drawn.edges[:3])
    assert figure.hidden == 1
    assert str(figure.title) == "2 layers of 2, 2 nodes, 4 edges"


def test_words_beside_nodes() -> None:
    """Names and probabilities are outside the outer layers, with room for them; the winner is marked."""
    value = {"inputs": ["weight in kg"], "hidden": [2], "outputs": {"a" * 40: 0.25, "cat": 0.75}, "winner": "cat"}
    figure = layout_network(parse_drawing(value), 100)
    first, *hidden, long, cat = figure.dots
    texts = {dot: str(dot.text) for dot in figure.dots}
    assert (texts[first], first.anchor) == ("weight in kg", "end")
    assert [texts[dot] for dot in hidden] == ["", ""]
    assert (texts[cat], cat.anchor, cat.is_winner) == ("cat 0.75", "start", True)
    assert re.fullmatch(r"a{23}… 0\.25", texts[long])
    assert first.text_x > 5 * len(texts[first])
    assert figure.width - long.text_x > 5 * len(texts[long])
