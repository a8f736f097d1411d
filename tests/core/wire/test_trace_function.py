"""The variables that a function's statements assign, with lines counted by hand."""

from typing import Any

import numpy as np

from grader.core.wire.edited_function import FunctionText
from grader.core.wire.trace_function import MAX_RECORDED_BYTES, MAX_RECORDS, read_steps, trace


def steps_of(source: str, *args: object) -> tuple[list[tuple[int, str, Any]], BaseException | None]:
    """Return the steps of the function `f`, which begins in line 1 of its cell."""
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    found = trace(namespace["f"], FunctionText(source, 1, "<cell 1>"), args)
    assert "record variables" not in namespace
    return found


def test_statements_one_by_one() -> None:
    """Each assignment gives its line, variable and value; a variable that changes later keeps the value it had."""
    source = "def f(x):\n    y = x + 1\n    y *= 2\n    a, b = y, 3\n    return a"
    steps, error = steps_of(source, 1)
    assert error is None
    assert steps == [(2, "y", 2), (3, "y", 4), (4, "a", 4), (4, "b", 3)]


def test_blocks() -> None:
    """Statements within `if` and `with` are recorded one by one, those of a loop when it has ended."""
    source = (
        "def f(x):\n    if x > 0:\n        y = 1\n    else:\n        y = 2\n"
        "    for i in range(3):\n        y = y + i\n    with np.errstate():\n        z = y\n    return z"
    )
    assert steps_of(source, 1)[0] == [(3, "y", 1), (6, "i", 2), (6, "y", 4), (9, "z", 4)]


def test_items_and_copies() -> None:
    """An item of a dict has its own name; an array that is changed in place is recorded as it is then."""
    source = 'def f(x):\n    g = {}\n    g["W"] = x * 2\n    x[0] = 9\n    return g'
    steps, _ = steps_of(source, np.array([1.0, 2.0]))
    assert [(line, name) for line, name, _ in steps] == [(3, "g['W']"), (4, "x")]
    assert [value.tolist() for _, _, value in steps] == [[2.0, 4.0], [9.0, 2.0]]


def test_an_exception_ends_the_steps() -> None:
    """The steps before an exception are reported, with the exception."""
    steps, error = steps_of("def f(x):\n    y = 1\n    z = y / 0\n    return z", 1)
    assert steps == [(2, "y", 1)]
    assert isinstance(error, ZeroDivisionError)


def test_limits() -> None:
    """Neither many values nor large ones are recorded without limit; other objects are left out."""
    many = "def f(x):\n" + "".join(f"    a{n} = {n}\n" for n in range(2 * MAX_RECORDS)) + "    return x"
    assert len(steps_of(many, 1)[0]) == MAX_RECORDS
    large = "def f(x):\n    a = x\n    b = x\n    c = x\n    d = [x]\n    e = 'text'\n    return x"
    steps, _ = steps_of(large, np.zeros(MAX_RECORDED_BYTES // 8 // 2 - 10))
    assert [name for _, name, _ in steps] == ["a", "b"]


def test_steps_from_the_sandbox_are_checked() -> None:
    """What comes from the sandbox as steps may be anything; only steps are taken."""
    assert read_steps(None) == []
    assert read_steps([(1, "a", 2.0), (1, 2, 3), "x", [1, "b", None], (True, "c", 1), (1, "d")]) == [
        (1, "a", 2.0),
        (1, "b", None),
    ]
