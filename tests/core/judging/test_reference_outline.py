"""The targets of a reference: their order, what goes into each, and what they are when it is called."""

from typing import Any

import numpy as np

from grader.core.judging.reference_data import select_output
from grader.core.judging.reference_outline import build_reference_outline, compute_expected_targets
from grader.core.questions.checks import RETURN_VALUE, Output
from grader.core.wire.assignment_target import Target
from grader.core.wire.job import ActionResult, ExceptionInfo

DELTA = Output("local", "delta")
BIAS = Output("returned", None, ("b",), "grad['b']", "grad")
WEIGHTS = Output("returned", None, ("W",), "grad['W']", "grad")


def backward(x: Any, d: Any) -> Any:
    """A dict, made step by step."""
    grad = {}
    samples = len(x)
    delta = (x - d) / samples
    grad["b"] = delta.sum(axis=0)
    turned = x.T
    product = turned @ delta
    grad["W"] = product * 1.0
    return grad


def forward(x: Any) -> Any:
    """A tuple of variables."""
    u = 2 * x
    z = np.maximum(u, 0)
    y = z + 1
    return u, z, y


def looping(x: Any) -> Any:
    """A variable that is assigned more than once."""
    total = x
    for _ in range(2):
        total = total + x
    last = total - 1
    return last * 2


def test_order_and_what_goes_into_each() -> None:
    """The order is that of the text, whatever the checks' order; other variables are looked through."""
    found = build_reference_outline(backward, [WEIGHTS, RETURN_VALUE, BIAS, DELTA])
    assert [target.label for target in found.targets] == ["delta", "grad['b']", "grad['W']"]
    assert found.before == (frozenset(), frozenset({0}), frozenset({0}))
    assert found.parts == {"b": 1, "W": 2}
    assert [found.find_target(output) for output in (WEIGHTS, RETURN_VALUE, BIAS, DELTA)] == [2, None, 1, 0]


def test_a_tuple() -> None:
    """Positions of a returned tuple are the variables that stand there; what goes in by another target goes in too."""
    outputs = [Output("returned", None, (2,)), Output("local", "z"), Output("returned", None, (0,))]
    found = build_reference_outline(forward, [*outputs, RETURN_VALUE])
    assert found.targets == (Target("u"), Target("z"), Target("y"))
    assert found.before == (frozenset(), frozenset({0}), frozenset({0, 1}))
    assert found.parts == {0: 0, 1: 1, 2: 2}
    assert [found.find_target(output) for output in outputs] == [2, 1, 0]


def test_what_is_assigned_twice_is_no_target() -> None:
    """What the reference itself works out in a loop can't be set right."""
    assert build_reference_outline(looping, [Output("local", "total"), Output("local", "last")]).targets == (
        Target("last"),
    )


def test_no_text() -> None:
    """A reference whose text can't be read has no targets."""
    assert build_reference_outline(len, [DELTA]).targets == ()
    assert build_reference_outline(None, [DELTA]).targets == ()


def test_expected_tensors() -> None:
    """Targets have the values which they have when the reference returns; the arguments stay as they are."""
    x, d = np.array([[1.0, 2.0], [3.0, 5.0]]), np.ones((2, 2))
    tensors = compute_expected_targets(
        backward, (x, d), build_reference_outline(backward, [WEIGHTS, BIAS, DELTA]).targets
    )
    assert {label: tensor.tolist() for label, tensor in tensors.items()} == {
        "delta": [[0.0, 0.5], [1.0, 2.0]],
        "grad['b']": [1.0, 2.5],
        "grad['W']": [[3.0, 6.5], [5.0, 11.0]],
    }
    assert x.tolist() == [[1.0, 2.0], [3.0, 5.0]]


def test_a_part_is_found_where_nothing_is_returned() -> None:
    """A part of the result is the function's variable where the function raises before it returns."""
    found = build_reference_outline(backward, [WEIGHTS, BIAS, DELTA])
    raised = ActionResult(locals={"grad": {"b": 7}}, raised=ExceptionInfo("ValueError", ""))
    assert select_output(found.output(1, "b"), raised) == 7
    assert select_output(found.output(1, "b"), ActionResult({"b": 8})) == 8
