"""What templates of any system put in the place of an answer is recognized; calculations and indices are not."""

import ast

import numpy as np
import pytest

from grader.core.wire.assignments import Function
from grader.core.wire.placeholders import (
    find_marker_comment,
    find_unfilled_body,
    has_placeholder,
    is_below_marker,
    is_marker,
    is_placeholder_value,
    is_raised_by_template,
)


def parse(body: str) -> tuple[Function, str]:
    """Return a function with this body, and its text."""
    source = "def f(u):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    (tree,) = ast.parse(source).body
    assert isinstance(tree, Function)
    return tree, source


@pytest.mark.parametrize(
    "text",
    [
        *("# YOUR CODE HERE", "### START CODE HERE ###", "# TODO: softmax", "*****START OF YOUR CODE*****"),
        *("# implement me", "# fill in here", "# Replace this", "YOUR_ANSWER_HERE", "not implemented", "# à compléter"),
        *("# BEGIN YOUR SOLUTION", "# write your code below", "# Votre code ici", "# Dein Code"),
    ],
)
def test_markers(text: str) -> None:
    """Comments that ask for an answer are recognized."""
    assert is_marker(text)


@pytest.mark.parametrize("text", ["# the slope", "# sum of each row", "b", "start at 0", "# todos", "# a layer"])
def test_other_texts_are_no_markers(text: str) -> None:
    """A comment on a calculation asks for nothing."""
    assert not is_marker(text)


def test_the_place_of_a_marker() -> None:
    """A marker counts as a comment, not within a text, and for the line directly below it."""
    assert find_marker_comment("x = 1  # TODO") == "# TODO"
    assert not find_marker_comment("x = '# TODO'")
    source = "def f(u):\n    # YOUR CODE HERE\n\n    raise NotImplementedError\n    return u\n"
    assert is_below_marker(4, source)
    assert not is_below_marker(5, source)


@pytest.mark.parametrize(
    ("expression", "is_one"),
    [
        *(("...", True), ("... * u", True), ("np.where(..., u, ...)", True), ("None * u", True), ("None(u)", True)),
        *(("range(None)", True), ("(..., ...)", True), ("___ + 1", True), ("'YOUR CODE HERE'", True), ("-None", True)),
        *(("u[...]", False), ("u[..., None]", False), ("(..., 0)", False), ("np.sum(u, axis=None)", False)),
        *(("u is None", False), ("f(None)", False), ("lambda v: ...", False), ("u + 1", False), ("_", False)),
    ],
)
def test_placeholders_in_expressions(expression: str, is_one: bool) -> None:
    """`...` and None stand for an answer where no calculation has them, and not as an index or option."""
    assert has_placeholder(ast.parse(expression, mode="eval").body) is is_one


def test_values() -> None:
    """A value of unfilled code is recognized, also as an item; numbers, other texts and arrays of numbers are not."""
    unfilled = (None, ..., NotImplemented, "YOUR CODE HERE", {"a": None}, [...], np.array(...), np.array([None, 1]))
    assert all(map(is_placeholder_value, unfilled))
    assert not any(map(is_placeholder_value, (0, "b", "", [], [1], np.zeros(2), np.array([1, "a"], dtype=object))))


@pytest.mark.parametrize(
    ("statement", "raises"),
    [
        *(("raise NotImplementedError()", True), ("raise Exception('TODO')", True), ("assert False", True)),
        *(("raise ValueError('negative')", False), ("assert u > 0", False), ("raise", False)),
    ],
)
def test_statements_that_raise(statement: str, raises: bool) -> None:
    """An exception that only says that nothing is there is the template's."""
    assert is_raised_by_template(ast.parse(statement).body[0]) is raises


BODIES = {
    "n = len(u)\n# YOUR CODE HERE\nraise NotImplementedError()\nreturn n": "raise NotImplementedError()",
    "y = np.zeros_like(u)\n# YOUR CODE HERE\nreturn y": "# YOUR CODE HERE",
    "y = np.zeros_like(u)\nfor i in range(None):\n    y[i] = None\nreturn y": "for i in range(None):",
    "if ...:\n    return u\nreturn ...": "if ...:",
    "return None  # TODO": "# TODO",
    "return 0  # TODO": "# TODO",
    "y = ...\nreturn y": "y = ...",
    "print('not implemented')": "print('not implemented')",
    "n = u.shape[0]\nraise NotImplementedError": "raise NotImplementedError",
    "return 0": "",
    "return u.shape[1]  # TODO": "",
    "# YOUR CODE HERE\nreturn np.exp(u)": "",
    "y = np.exp(u)\ny = ... * y\nreturn y": "",
    "if u > 0:\n    return 1  # TODO\nreturn 0": "",
    "y = np.sum(u)\nraise NotImplementedError": "",
    "return u": "",
}


@pytest.mark.parametrize(("body", "text"), BODIES.items())
def test_bodies(body: str, text: str) -> None:
    """A function that only prepares variables around a placeholder is unfilled; one that computes something is not."""
    assert find_unfilled_body(*parse(body)) == text
