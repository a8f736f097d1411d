"""A limit of lines: what is counted, what is stopped, and which functions may repeat something."""

import sys
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from grader.core.wire.line_limit import LineLimit, TooManyLinesError, may_repeat


def define(source: str) -> FunctionType:
    """Return the function `f` of a program."""
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    found: FunctionType = namespace["f"]
    return found


def test_lines_of_the_namespace_are_counted() -> None:
    """Lines of the function and of those that it calls count, once for each time they run; lines of numpy don't."""
    function = define("def g(x):\n    return np.mean(x)\ndef f(x):\n    for _ in range(3):\n        g(x)\n    return x")
    limit = LineLimit(function.__globals__, 100)
    with limit.counting():
        function(np.ones(2))
    assert limit.lines == 4 + 3 * 2 + 1  # the head of the loop four times, its body with g three times, the return


def test_an_endless_loop_is_stopped() -> None:
    """A call is stopped behind its last line, though it catches exceptions; calls after it are stopped at once."""
    function = define(
        "def f():\n    while True:\n        try:\n            1 / 0\n        except Exception:\n            pass"
    )
    limit = LineLimit(function.__globals__, 50)
    for lines in (51, 52):
        with pytest.raises(TooManyLinesError), limit.counting():
            function()
        assert limit.lines == lines
    assert sys.gettrace() is None


@pytest.mark.parametrize(
    ("source", "repeats"),
    [
        ("def f(x):\n    return np.exp(x) / np.exp(x).sum()", False),
        ("def g(x):\n    return x\ndef f(x):\n    return g(x) + g(x)", False),
        ("def f(x):\n    while x > 0:\n        x = x - 1\n    return x", True),
        ("def f(x):\n    return [one for one in x]", True),
        ("def f(x):\n    return f(x)", True),
        ("def g(x):\n    return f(x)\ndef f(x):\n    return g(x)", True),
        ("def g(x):\n    for _ in x:\n        pass\ndef f(x):\n    return (lambda y: g(y))(x)", True),
        ("def f(x):\n    return x.f", True),  # the name alone counts: it may stand for the function
    ],
)
def test_what_may_repeat(source: str, repeats: bool) -> None:
    """A loop, a comprehension and a recursion repeat something, in the function itself or in one that it calls."""
    assert may_repeat(define(source)) is repeats
