"""Code that was given out and not filled in is recognized; code that computes something is not."""

import ast

import pytest

from grader.core.wire.assignments import Function
from grader.core.wire.unfilled_code import (
    find_stub_text,
    has_empty_local,
    is_empty_value,
    list_unfilled_targets,
    mentions,
    uses_parameters,
)


def parse(body: str) -> Function:
    """Return a function with this body."""
    (tree,) = ast.parse("def f(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())).body
    assert isinstance(tree, Function)
    return tree


STUBS = {
    "pass": "pass",
    "...": "...",
    "'''Return x.'''": "docstring",
    "'''Return x.'''\npass": "pass",
    "pass\nreturn None": "pass",
    "'''Return x.'''\nreturn": "docstring",
    "return None": "",
    "return": "",
    "return ...": "return ...",
    "raise NotImplementedError": "raise NotImplementedError",
    "raise NotImplementedError('todo')": "raise NotImplementedError('todo')",
    "y = None\nreturn y": "",
    "return x": "",
    "return 0": "",
    "x += 1": "",
    "print(x)": "",
    "raise ValueError": "",
    "if x:\n    pass": "",
}


@pytest.mark.parametrize(("body", "text"), STUBS.items())
def test_stubs(body: str, text: str) -> None:
    """A function that computes nothing is known by a statement of it; one that only returns None is wrong."""
    assert find_stub_text(parse(body)) == text


TARGETS = {
    "delta2 = None\nreturn delta2": ["delta2"],
    "a = None\nb = ...\nc = a + b": ["a", "b"],
    "grad = {}\ngrad['W2'] = None\nreturn grad": ["grad['W2']"],
    "best = None\nfor i in x:\n    best = i\nreturn best": [],
    "best = None\nfor best in x: pass": [],
    "best = None\nbest += 1": [],
    "best, a = None, 1": [],
    "return x": [],
}


@pytest.mark.parametrize(("body", "labels"), TARGETS.items())
def test_variables_without_a_value(body: str, labels: list[str]) -> None:
    """A variable that is set to None and to nothing else is unfilled."""
    assert list_unfilled_targets(parse(body)) == labels


def test_a_line_mentions_a_variable() -> None:
    """A name in a line of code counts as a whole, and quotes don't matter."""
    assert mentions("    grad['W2'] = z1.T @ delta2", "delta2")
    assert mentions("if delta2 > 0:", "delta2")
    assert mentions("u = grad['W2'] + 1", "grad['W2']")
    assert not mentions("u = delta22", "delta2")
    assert mentions('u = grad["W2"] + 1', "grad['W2']")
    assert not mentions("u = x.delta2", "delta2")


def test_empty_values() -> None:
    """None and `...` are empty, alone or as an item; an array is not looked into."""
    assert all(map(is_empty_value, (None, ..., (1, None), {"a": None}, [...])))
    assert not any(map(is_empty_value, (0, "", (), {}, [1])))
    assert has_empty_local({"a": 1, "b": None})
    assert not has_empty_local({"a": 1})


@pytest.mark.parametrize(
    ("body", "uses"),
    [("pass", False), ("x = 3", False), ("return None", False), ("y = x + 1", True), ("for i in x: pass", True)],
)
def test_code_uses_its_arguments(body: str, uses: bool) -> None:
    """A function that reads none of its parameters calculates nothing."""
    assert uses_parameters(parse(body)) is uses
