"""A value that a function was about to return is found when an exception stops it.

Covers `sandbox/inside/function_source.py`.
"""

import linecache
from collections.abc import Callable
from typing import Any

import pytest

from grader.core.wire.unreturned_value import collect_unreturned, find_frame_variables
from grader.sandbox.inside.function_source import parse_function


def define(source: str) -> Callable[..., Any]:
    """Return the function `f` of a cell."""
    name = f"<cell {abs(hash(source))}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {}
    exec(compile(source, name, "exec"), namespace)
    function: Callable[..., Any] = namespace["f"]
    return function


def unreturned(source: str, *args: Any, part: str | int = "W") -> Any:
    """Return what `f` was about to return when it raised."""
    function = define(source)
    with pytest.raises(ZeroDivisionError) as caught:
        function(*args)
    return collect_unreturned(parse_function(function), find_frame_variables(caught.value, function), args, part)


@pytest.mark.parametrize("name", ["grads", "g"])
def test_a_dict_of_any_name(name: str) -> None:
    """The returned variable holds what was set before the exception."""
    assert unreturned(f"def f(x):\n    {name} = {{}}\n    {name}['W'] = x\n    1 / 0\n    return {name}", 7) == {"W": 7}


def test_parts_of_a_display() -> None:
    """A dict or tuple that is written out consists of the variables that exist already."""
    assert unreturned("def f(x):\n    dW = x\n    db = 1 / 0\n    return {'W': dW, 'b': db}", 7) == {"W": 7}
    assert unreturned("def f(x):\n    u = x\n    z = 1 / 0\n    return u, z", 7, part=0) == {0: 7}


def test_without_a_return() -> None:
    """A dict with the asked key is found, unless it is an argument or one of two."""
    assert unreturned("def f(n):\n    g = {'W': n['W']}\n    1 / 0", {"W": 7}) == {"W": 7}
    assert unreturned("def f(n):\n    1 / 0", {"W": 7}) is None
    assert unreturned("def f(n):\n    a = {'W': 1}\n    b = {'W': 2}\n    1 / 0", {}) is None


def test_an_earlier_return() -> None:
    """Of several returns, the last one whose variable exists counts."""
    assert unreturned(
        "def f(x):\n    g = {'W': x}\n    if x > 9:\n        return g\n    h = 1 / 0\n    return h", 7
    ) == {"W": 7}


def test_the_text_of_a_function() -> None:
    """A function is parsed from its cell; one without text, and a callable without code, are not."""
    assert parse_function(define("x = 1\ndef f(x):\n    return x\n\ny = 2\n")) is not None
    assert parse_function(len) is None
    namespace: dict[str, Any] = {}
    exec("def f(x):\n    return x", namespace)
    assert parse_function(namespace["f"]) is None
