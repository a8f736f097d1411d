"""Which statement assigns a target, if exactly one does: written in every way that learners write."""

import ast

import pytest

from grader.core.wire.assignment_target import Target
from grader.core.wire.assignments import find_sole_assignment

DELTA = Target("delta2")
WEIGHTS = Target("grad", ("W2",))


def found(body: str, target: Target = DELTA) -> str | None:
    """What is assigned to the target in a function with this body."""
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
    """A plain assignment which is the only one is found, also in a branch; inner functions don't count."""
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
def test_no_or_another_assignment(body: str) -> None:
    """None, two, part of it, in a loop, unpacked, augmented, deleted, imported, declared: left as written."""
    assert found(body) is None


@pytest.mark.parametrize("name", ["x", "d", "rest", "more"])
def test_arguments(name: str) -> None:
    """An argument that is assigned once has two values."""
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
    """What lies in a dict is a target of its own; a key that can't be told may be any."""
    assert found(body, WEIGHTS) == value
