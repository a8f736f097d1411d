"""A function says what it still has of a template if that may be why a call gave no right value."""

import ast

import numpy as np
import pytest

from grader.core.wire.assignments import Function
from grader.core.wire.edited_function import FunctionText
from grader.core.wire.observe_call import observe
from grader.core.wire.unfilled_function import list_unfilled_code, may_be_unfilled


def find(body: str) -> list[str]:
    """Call a function with this body, and return what it still has of a template."""
    source = "def f(u):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    namespace: dict[str, object] = {"np": np}
    exec(compile(source, "<cell>", "exec"), namespace)
    function = namespace["f"]
    assert callable(function)
    observed = observe(function, [np.array([-1.0, 2.0])])
    (tree,) = ast.parse(source).body
    assert isinstance(tree, Function)
    raised = None
    if observed.error is not None:
        traceback = observed.error.__traceback__
        while traceback is not None and traceback.tb_next is not None:
            traceback = traceback.tb_next
        assert traceback is not None
        line = traceback.tb_lineno
        raised = {"function": traceback.tb_frame.f_code.co_name, "line": line, "text": source.split("\n")[line - 1]}
    if not may_be_unfilled(observed, source):
        return []
    return list_unfilled_code(tree, FunctionText(source, 1, "<cell>"), observed, raised)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("raise NotImplementedError", ["raise NotImplementedError"]),
        ("return 0  # YOUR CODE HERE", ["# YOUR CODE HERE"]),
        ("y = np.exp(u)\ny = ... * y\nreturn y", []),
        ("s = np.exp(u)\ny = ... * s\nreturn y", ["", "y"]),
        ("s = np.exp(u)\nreturn np.where(s > 1, s, ...)", ["", "return np.where(s > 1, s, ...)"]),
        ("s = np.exp(u)\nreturn ... / s", ["", "return ... / s"]),
        ("s = np.exp(u)\n# YOUR CODE HERE\nraise NotImplementedError()", ["", "raise NotImplementedError()"]),
        ("s = np.exp(u)\nraise NotImplementedError()", []),
        ("y = np.exp(u)\nz = None\nreturn y", []),
        ("y = None\nreturn np.exp(u) + 'a'", []),
        ("# TODO: faster\nreturn np.exp(u)", []),
        ("return np.exp(u)", []),
    ],
)
def test_what_is_left_of_a_template(body: str, found: list[str]) -> None:
    """The statement of a function without a calculation is told, or the variable without which another one failed."""
    assert find(body) == found
