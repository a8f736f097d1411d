"""A function's data flow: from what its variables, and the parts of its result, follow."""

import ast

import pytest

from grader.core.wire.assignments import Function
from grader.core.wire.flow_graph import FlowGraph


def graph(source: str) -> FlowGraph:
    """Return the data flow of the only function in a text."""
    (function,) = ast.parse(source).body
    assert isinstance(function, Function)
    return FlowGraph(function)


STEP_BY_STEP = """
def backward(network, x, y):
    grad = {}
    delta = y * 2
    grad["b"] = delta.sum()
    back = delta @ network["W"]
    back[back < 0] = 0
    grad["W"] = x.T @ back
    return grad
"""


def test_items_are_kept_apart() -> None:
    """Each item of a dict follows from what is stored under its key alone."""
    found = graph(STEP_BY_STEP)
    assert found.container == "grad"
    assert found.find_ancestors(found.parts["b"]) == {"grad", "delta", "y"}
    assert found.find_ancestors(found.parts["W"]) == {"grad", "delta", "y", "back", "network", "x"}
    assert (found.find_arguments("delta"), found.find_arguments("back")) == ({2}, {0, 2})


def test_blocked_variables_are_not_passed() -> None:
    """A path ends at a blocked variable."""
    found = graph(STEP_BY_STEP)
    assert found.find_ancestors(found.parts["W"], blocked=["back"]) == {"grad", "back", "x"}


@pytest.mark.parametrize(
    "body",
    [
        'grad = {"b": delta.sum()}\n    return grad',
        'return {"b": delta.sum()}',
        "return dict(b=delta.sum())",
        "grad = dict(b=delta.sum())\n    return grad",
        'grad = {}\n    grad["b"] = delta.sum()\n    return grad',
        'if y is None:\n        grad = {}\n    else:\n        grad = {"b": delta.sum()}\n    return grad',
        'grad, other = {"b": delta.sum()}, 1\n    return grad',
    ],
)
def test_every_way_to_write_a_dict(body: str) -> None:
    """A part of a dict is found, however the dict is written."""
    found = graph(f"def f(x, y):\n    delta = y\n    {body}\n")
    assert found.find_ancestors(found.parts["b"]) - {"grad"} == {"delta", "y"}


@pytest.mark.parametrize(
    "statement",
    [
        "v = y",
        "v: int = y",
        "v = 0\n    v += y",
        "v, w = y, x",
        "(v, *w) = y",
        "for v in y: pass",
        "with y as v: pass",
        "v = []\n    v.append(y)",
        "w = (v := y)",
        "v = np.zeros(3)\n    v[1:] = y",
        "def v():\n        return y",
        "try:\n        v = y\n    except ValueError:\n        pass",
    ],
)
def test_every_way_to_store(statement: str) -> None:
    """A variable follows from what any statement stores in it."""
    assert 1 in graph(f"def f(x, y):\n    {statement}\n    return v\n").find_arguments("v")


def test_an_undivided_result() -> None:
    """A result that is neither a tuple nor a dict is one part."""
    assert list(graph("def f(x):\n    y = x\n    return y").parts) == [None]
    assert list(graph("def f(x):\n    return x + 1").parts) == [None]
    assert graph("def f(x):\n    x += 1").parts == {}


def test_parts_that_are_variables() -> None:
    """Variables that are a part as they are have its key."""
    assert graph("def f(x):\n    u = x\n    return u, u + 1").part_variables == {0: "u"}
    assert graph('def f(x):\n    u = x\n    g = {}\n    g["a"] = u\n    return g').part_variables == {"a": "u"}
