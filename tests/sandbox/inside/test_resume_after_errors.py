"""A function goes on after a statement that raises; what the statement would have assigned is None."""

import ast
from typing import Any

import pytest

from grader.core.wire.assignments import Function
from grader.sandbox.inside.resume_after_errors import resume_after_errors


def call(body: str, *args: Any) -> Any:
    """Return the result of a changed function `f(x)` with this body."""
    tree = ast.parse("def f(x):\n" + "".join(f"    {line}\n" for line in body.splitlines()))
    (function,) = tree.body
    assert isinstance(function, Function)
    resume_after_errors(function)
    namespace: dict[str, Any] = {}
    exec(compile(tree, "<cell>", "exec"), namespace)
    return namespace["f"](*args)


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("a = 1 / x\nb = 2\nreturn a, b", (None, 2)),
        ("g = {}\ng['W'] = 1 / x\ng['b'] = 2\nreturn g", {"W": None, "b": 2}),
        ("return {'W': 1 / x, 'b': 2}", {"W": None, "b": 2}),
        ("return 1 / x, 2", (None, 2)),
        ("a = 5\na /= x\nreturn [a]", [None]),
        ("if x == 0:\n    a = 1 / x\n    b = 2\nreturn a, b", (None, 2)),
        ("for k in (1, 0):\n    a = k / x\nb = 2\nreturn b", 2),
        ("g = ____\ng['W'] = 1\nreturn 2", 2),
        ("a, b = 1 / x\nreturn 2", 2),
        ("a = ____\nb = a + 1\nc = 3\nreturn b, c", (None, 3)),
    ],
)
def test_what_does_not_depend_on_it_is_calculated(body: str, result: Any) -> None:
    """Statements, and items of a returned tuple or dict, that don't depend on the error have their values."""
    assert call(body, 0) == result


def test_a_result_without_errors_is_the_same() -> None:
    """Without an exception nothing changes."""
    assert call("a = 1 / x\nif a > 0:\n    return {'a': a, **{'b': 2}}\nreturn a", 4) == {"a": 0.25, "b": 2}


def test_the_order_of_a_returned_display() -> None:
    """Items are calculated in their order."""
    assert call("return x.pop(), x.pop()", [1, 2]) == (2, 1)


def test_an_undivided_result_still_raises() -> None:
    """An exception in the returned expression itself, and one that the code raises, leave the function."""
    for body in ("return 1 / x", "raise ZeroDivisionError"):
        with pytest.raises(ZeroDivisionError):
            call(body, 0)


def test_a_generator_is_unchanged() -> None:
    """A generator raises as it did."""
    with pytest.raises(ZeroDivisionError):
        list(call("yield 1\na = 1 / x\nyield a", 0))
