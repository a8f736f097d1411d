"""The targets of a reference: their order, their dependencies, and their values in a call."""

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
    """Return a dict that is built step by step."""
    grad = {}
    samples = len(x)
    delta = (x - d) / samples
    grad["b"] = delta.sum(axis=0)
    turned = x.T
    product = turned @ delta
    grad["W"] = product * 1.0
    return grad


def forward(x: Any) -> Any:
    """Return a tuple of variables."""
    u = 2 * x
    z = np.maximum(u, 0)
    y = z + 1
    return u, z, y


def looping(x: Any) -> Any:
    """Assign a variable more than once."""
    total = x
    for _ in range(2):
        total = total + x
    last = total - 1
    return last * 2


def test_order_and_dependencies() -> None:
    """The order is that of the code, not of the checks; dependencies are found through other variables."""
    found = build_reference_outline(backward, [WEIGHTS, RETURN_VALUE, BIAS, DELTA])
    assert [target.label for target in found.targets] == ["delta", "grad['b']", "grad['W']"]
    assert found.before == (frozenset(), frozenset({0}), frozenset({0}))
    assert found.parts == {"b": 1, "W": 2}
    assert [found.find_target(output) for output in (WEIGHTS, RETURN_VALUE, BIAS, DELTA)] == [2, None, 1, 0]


def test_a_tuple() -> None:
    """Positions of a returned tuple are its variables; indirect dependencies count, too."""
    outputs = [Output("returned", None, (2,)), Output("local", "z"), Output("returned", None, (0,))]
    found = build_reference_outline(forward, [*outputs, RETURN_VALUE])
    assert found.targets == (Target("u"), Target("z"), Target("y"))
    assert found.before == (frozenset(), frozenset({0}), frozenset({0, 1}))
    assert found.parts == {0: 0, 1: 1, 2: 2}
    assert [found.find_target(output) for output in outputs] == [2, 1, 0]


def test_a_variable_assigned_twice_is_not_a_target() -> None:
    """A value that the reference calculates in a loop can't be set right."""
    assert build_reference_outline(looping, [Output("local", "total"), Output("local", "last")]).targets == (
        Target("last"),
    )


def test_without_source_code() -> None:
    """A reference whose source can't be read has no targets."""
    assert build_reference_outline(len, [DELTA]).targets == ()
    assert build_reference_outline(None, [DELTA]).targets == ()


def test_expected_tensors() -> None:
    """Targets have their values at the end of the reference; the arguments stay unchanged."""
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


def test_a_part_is_found_without_a_return() -> None:
    """A part of the result is taken from the function's variable if the function raises before it returns."""
    found = build_reference_outline(backward, [WEIGHTS, BIAS, DELTA])
    raised = ActionResult(locals={"grad": {"b": 7}}, raised=ExceptionInfo("ValueError", ""))
    assert select_output(found.output(1, "b"), raised) == 7
    assert select_output(found.output(1, "b"), ActionResult({"b": 8})) == 8
