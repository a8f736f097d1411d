"""The only statement that assigns a target is found, in every form that learners write.

Covers `core/wire/assignment_target.py`.
"""

import ast

import pytest

from grader.core.wire.assignment_target import Target
from grader.core.wire.assignments import find_sole_assignment

DELTA = Target("delta2")
WEIGHTS = Target("grad", ("W2",))


def found(body: str, target: Target = DELTA) -> str | None:
    """Return the assigned expression for the target in a function with this body."""
    lines = "\n    ".join(body.splitlines())
    (function,) = ast.parse(f"def backward(x, *rest, d=1, **more):\n    {lines}\n").body
    assert isinstance(function, ast.FunctionDef)
    statement = find_sole_assignment(function, target)
    return ast.unparse(statement.value) if statement is not None and statement.value is not None else None


@pytest.mark.parametrize(
    "body",
    [
        "delta2 = 1",
        "delta2: float = 1",
        "if x:\n    delta2 = 1",
        "with x as y:\n    delta2 = 1",
        "try:\n    delta2 = 1\nexcept E as e:\n    pass",
        "delta2 = 1\nprint(delta2)\nother[delta2] = delta2",
        "delta2 = 1\ndef inner():\n    delta2 = 2",
        "delta2 = 1\nother = lambda: (delta2 := 2)",
        "for i in x:\n    pass\ndelta2 = 1",
    ],
)
def test_one_assignment(body: str) -> None:
    """A single plain assignment is found, also in a branch; inner functions don't count."""
    assert found(body) == "1"


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "delta2 = 1\ndelta2 = 2",
        "delta2 = 1\ndelta2 += 2",
        "delta2 = 1\ndelta2[0] = 2",
        "delta2 = 1\ndelta2[i][1:] = 2",
        "delta2 = other = 1",
        "delta2, other = 1, 2",
        "[delta2] = [1]",
        "*delta2, other = x",
        "for i in x:\n    delta2 = 1",
        "while x:\n    if x:\n        delta2 = 1",
        "delta2 = 1\nfor delta2 in x:\n    pass",
        "delta2 = 1\nwith x as delta2:\n    pass",
        "delta2 = 1\ndel delta2",
        "delta2 = 1\nimport delta2",
        "delta2 = 1\nfrom x import y as delta2",
        "delta2 = 1\nprint(delta2 := 2)",
        "delta2 = 1\ndef delta2():\n    pass",
        "delta2 = 1\nclass delta2:\n    pass",
        "delta2 = 1\ntry:\n    pass\nexcept E as delta2:\n    pass",
        "delta2 = 1\nmatch x:\n    case [delta2, *_]:\n        pass",
        "delta2 = 1\nmatch x:\n    case {**delta2}:\n        pass",
        "global delta2\ndelta2 = 1",
        "delta2 = 1\ndef inner():\n    nonlocal delta2\n    delta2 = 2",
        "delta2: float",
        "delta2.T = 1",
    ],
)
def test_missing_or_further_assignment(body: str) -> None:
    """Without a single plain assignment, as in loops, unpacking, augmenting or declaring, nothing is found."""
    assert found(body) is None


@pytest.mark.parametrize("name", ["x", "d", "rest", "more"])
def test_arguments(name: str) -> None:
    """An argument that is also assigned has two values, so nothing is found."""
    assert found(f"{name} = 1", Target(name)) is None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("grad = {}\ngrad['W2'] = 1\ngrad['b2'] = 2", "1"),
        ("grad['W2'] = 1\ngrad['W2'] /= 2", None),
        ("grad['W2'] = 1\ngrad['W2'][0] = 2", None),
        ("grad['W2'] = 1\ngrad[key] = 2", None),
        ("for key in x:\n    grad[key] = 1", None),
        ("grad = {'W2': 1}", None),
        ("grad['W2'], grad['b2'] = 1, 2", None),
        ("grad['b2'] = 1", None),
    ],
)
def test_under_a_key(body: str, value: str | None) -> None:
    """An item of a dict is a target of its own; a key that isn't constant may be any."""
    assert found(body, WEIGHTS) == value
