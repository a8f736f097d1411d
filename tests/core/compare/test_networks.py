"""Networks as data: accepted forms, layers, and messages about other values."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.networks import (
    MAX_EDGES,
    MAX_NODES,
    Drawing,
    InvalidDrawingError,
    make_complete_network,
    parse_drawing,
)
from grader.core.wire.values import Opaque

XOR = {"nodes": ["a", "b", "h", "y"], "edges": [("a", "h"), ["b", "h"], ("h", "y"), ("a", "y")]}
ANIMALS = {"inputs": ["weight"], "outputs": {"dog": 0.1, "cat": 0.05, "mouse": 0.85}, "winner": "mouse"}


@given(st.lists(st.integers(1, 12), min_size=1, max_size=5))
def test_layer_sizes(sizes: list[int]) -> None:
    """Sizes give layers of that many nodes, each connected to all of the next layer."""
    drawn = parse_drawing(sizes)
    assert drawn.sizes == tuple(sizes)
    assert drawn.nodes == sum(sizes)
    assert len(drawn.edges) == sum(a * b for a, b in pairwise(sizes))
    assert drawn.is_complete
    assert drawn == make_complete_network(*sizes) == parse_drawing(tuple(sizes)) == parse_drawing(np.array(sizes))


def test_nodes_and_edges() -> None:
    """Nodes are one layer behind the last of those that lead to them; edges may skip a layer."""
    drawn = parse_drawing(XOR)
    assert drawn.layers == (("a", "b"), ("h",), ("y",))
    assert drawn.edges == (("a", "h"), ("b", "h"), ("h", "y"), ("a", "y"))
    assert not drawn.is_complete
    assert drawn.given == XOR


@pytest.mark.parametrize(
    "value",
    [
        {"layers": [["x1", "x2"], ["z"], ["y"]]},
        {"layers": [["x1", "x2"], ["z"], ["y"]], "edges": [("x1", "z"), ("x2", "z"), ("z", "y")]},
        {"nodes": [["x1", "x2"], ["z"], ["y"]]},
        {"nodes": ["x1", "x2", "z", "y"], "edges": [("x1", "z"), ("x2", "z"), ("z", "y")]},
    ],
)
def test_one_network_in_several_forms(value: dict[str, Any]) -> None:
    """Layers of names, with and without edges, and nodes with edges describe the same network."""
    drawn = parse_drawing(value)
    assert drawn.layers == (("x1", "x2"), ("z",), ("y",))
    assert drawn.is_complete


def test_a_classifier() -> None:
    """A classifier has inputs, classes with their probabilities, a winner, and hidden layers if given."""
    drawn = parse_drawing(ANIMALS)
    assert drawn.layers == (("weight",), ("dog", "cat", "mouse"))
    assert (drawn.notes, drawn.winner) == ((("dog", "0.1"), ("cat", "0.05"), ("mouse", "0.85")), "mouse")
    assert parse_drawing({**ANIMALS, "hidden": [3, 2]}).sizes == (1, 3, 2, 3)


CIRCLE = {"nodes": ["a", "b"], "edges": [("a", "b"), ("b", "a")]}
NOT = [
    (3, "should be a list of layer sizes or a dict, but is 3"),
    (None, "but is None"),
    (Opaque("Network"), "but is Network"),
    ("2-3-1", "but is str"),
    ([], "has no layers"),
    ([2, 0, 1], "has a layer of 0 nodes"),
    ([2, -1], "has a layer of -1 nodes"),
    ([10**30], "nodes; 1 to 200 can be drawn"),
    ([2, 2.5], "has a layer that is 2.5"),
    ([True], "has a layer that is True"),
    ([float("nan")], "has a layer that is nan"),
    ([150, 150], f"has more than {MAX_NODES} nodes"),
    ([1] * 1000, f"has more than {MAX_NODES} nodes"),
    ([100, 100], f"has more than {MAX_EDGES} edges"),
    ({}, 'lacks the key "layers"'),
    ({"nodes": 3}, "has nodes that should be a list, but are 3"),
    ({"nodes": ["a", "a"], "edges": []}, "has two nodes named `a`"),
    ({"nodes": ["a"], "edges": [("a", "b")]}, "has an edge to or from `b`, which is not one of its nodes"),
    ({"nodes": ["a"], "edges": ["ab"]}, "has an edge that is not a pair of nodes"),
    ({"nodes": ["a"], "edges": [("a",)]}, "has an edge that is not a pair of nodes"),
    ({"nodes": [None], "edges": []}, "has None instead of a name"),
    ({"layers": [["a"], []]}, "has a layer without nodes"),
    (CIRCLE, "contains a cycle"),
    ({"nodes": ["a"], "edges": [("a", "a")]}, "contains a cycle"),
    ({"outputs": ["cat"]}, 'has "outputs" that should be a dict'),
    ({"inputs": [], "outputs": {"cat": 1}}, "has a layer without nodes"),
    ({"inputs": ["x"], "outputs": {"cat": "high"}}, "gives str for `cat` instead of a probability"),
    ({"inputs": ["x"], "outputs": {"cat": 1j}}, "gives complex for `cat`"),
    ({"inputs": ["x"], "outputs": {"x": 1}}, "has two nodes named `x`"),
]


@pytest.mark.parametrize(("value", "said"), NOT)
def test_no_drawing(value: Any, said: str) -> None:
    """The message about an invalid network names the place and the expected value."""
    with pytest.raises(InvalidDrawingError) as error:
        parse_drawing(value)
    assert said in str(error.value)
    assert len(str(error.value)) < 300


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 300) | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["layers", "nodes", "edges", "inputs", "outputs", "hidden", "winner"]), inner)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_any_value_is_a_drawing_or_not(value: Any) -> None:
    """Any value is a bounded network with valid edges, or raises InvalidDrawingError and nothing else."""
    try:
        drawn = parse_drawing(value)
    except InvalidDrawingError:
        return
    names = [name for layer in drawn.layers for name in layer]
    assert 0 < len(names) == len(set(names)) <= MAX_NODES
    assert len(drawn.edges) <= MAX_EDGES
    assert {end for edge in drawn.edges for end in edge} <= set(names)


def test_the_original_value_is_ignored_in_comparison() -> None:
    """Two drawings are equal regardless of their original form."""
    assert Drawing((("a",),), (), given=1) == Drawing((("a",),), (), given=2)
