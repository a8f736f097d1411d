"""The references of the activations exercise agree with scipy, central differences and hand-calculated numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from grader.core.results.grading import QuestionResult
from grader.core.results.verdict import Verdict

Function = Callable[..., Any]
References = dict[str, Function]
Grade = Callable[[str, str, str], QuestionResult]

ANY_ARRAY = arrays(float, array_shapes(min_dims=1, max_dims=3, max_side=5), elements=st.floats(-1e6, 1e6))
U = np.array([[-3.0, -1e-9, -0.0], [0.0, 1e-9, 2.5]])


def test_step_by_hand(references: References) -> None:
    """The step is 1 above the threshold, and 0 below and at exactly 0."""
    np.testing.assert_array_equal(references["step"](U), [[0, 0, 0], [0, 1, 1]])


def test_relu_by_hand(references: References) -> None:
    """relu keeps positive numbers and replaces others with 0; integers stay integers."""
    np.testing.assert_array_equal(references["relu"](U), [[0, 0, 0], [0, 1e-9, 2.5]])
    np.testing.assert_array_equal(references["relu"](np.array([-2, 0, 3])), [0, 0, 3])


def test_identity_by_hand(references: References) -> None:
    """The identity returns its input."""
    np.testing.assert_array_equal(references["identity"](U), U)


def test_sigmoid_by_hand(references: References) -> None:
    """The sigmoid is one half at 0 and three quarters at log 3; at 1000 and -1000 it is exactly 1 and 0."""
    with np.errstate(over="ignore"):
        y = references["sigmoid"](np.array([0.0, np.log(3), -np.log(3), 1000.0, -1000.0]))
    np.testing.assert_allclose(y, [0.5, 0.75, 0.25, 1.0, 0.0], rtol=1e-15)


@given(u=ANY_ARRAY)
def test_sigmoid_agrees_with_scipy(references: References, u: np.ndarray) -> None:
    """For arrays of any shape, the sigmoid is scipy's expit."""
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(references["sigmoid"](u), scipy.special.expit(u), rtol=1e-12, atol=1e-300)


@given(u=ANY_ARRAY)
def test_step_is_half_a_sign(references: References, u: np.ndarray) -> None:
    """The step is Heaviside's function with 0 at 0."""
    np.testing.assert_array_equal(references["step"](u), np.heaviside(u, 0))


@given(u=ANY_ARRAY)
def test_relu_is_half_of_number_and_absolute_value(references: References, u: np.ndarray) -> None:
    """relu is half the sum of a number and its absolute value."""
    np.testing.assert_allclose(references["relu"](u), (u + np.abs(u)) / 2)


@pytest.mark.parametrize("at", [-2.0, -0.3, 0.4, 5.0])
def test_derivatives_by_central_differences(references: References, at: float) -> None:
    """As the text says, relu's derivative is the step, and the sigmoid's is y (1 - y), which is at most a quarter."""
    ends = np.array([at + 1e-6, at - 1e-6])
    for name, slope in (("relu", float(at > 0)), ("sigmoid", scipy.special.expit(at) * scipy.special.expit(-at))):
        high, low = references[name](ends)
        assert (high - low) / 2e-6 == pytest.approx(slope, abs=1e-8)
        assert name == "relu" or slope <= 0.25


RIGHT = [
    ("step", "def step(u):\n    return (u > 0).astype(int)"),
    ("step", "def step(u):\n    return np.array(u > 0, dtype=np.float32)"),
    ("step", "def step(x):\n    return 1 * (x > 0)"),
    ("step", "def step(u):\n    return np.heaviside(u, 0)"),
    ("step", "def step(u):\n    u[u > 0] = 1\n    u[u <= 0] = 0\n    return u"),
    ("step", "step = np.vectorize(lambda u: 1 if u > 0 else 0)"),
    ("sigmoid", "def sigmoid(u):\n    return 1.0 / (1.0 + np.exp(-1.0 * u))"),
    ("sigmoid", "def sigmoid(u):\n    return (1 + np.exp(-np.clip(u, -500, 500))) ** -1"),
    ("sigmoid", "def sigmoid(u):\n    return np.tanh(u / 2) / 2 + 0.5"),
    ("sigmoid", "def sigmoid(u):\n    return np.exp(-np.logaddexp(0, -u))"),
    (
        "sigmoid",
        """
def sigmoid(u):
    small = np.exp(-np.abs(u))
    return np.where(u >= 0, 1 / (1 + small), small / (1 + small))
""",
    ),
    ("relu", "def relu(u):\n    return np.where(u > 0, u, 0)"),
    ("relu", "def relu(u):\n    return u * (u > 0)"),
    ("relu", "def relu(u):\n    return (u + np.abs(u)) / 2"),
    ("relu", "def relu(u):\n    return np.clip(u, 0, None)"),
    ("relu", "def relu(u):\n    u[u < 0] = 0\n    return u"),
    ("relu", "def relu(u):\n    z = u.copy()\n    z[z <= 0] = 0.0\n    return z"),
    ("identity", "def identity(u):\n    return u.copy()"),
    ("identity", "identity = lambda u: u"),
    ("identity", "def identity(u):\n    return 1.0 * u + 0"),
]


@pytest.mark.parametrize(("question", "source"), RIGHT)
def test_other_right_answers(grade: Grade, question: str, source: str) -> None:
    """A different correct implementation of a function gets full marks."""
    result = grade("activations", question, source)
    assert [check for check in result.checks if check.verdict is not Verdict.PASSED] == []
    assert result.score == result.max_score


def test_changed_in_place_is_a_remark(grade: Grade) -> None:
    """A relu that writes zeros into its argument is right; this gives a remark and costs nothing."""
    result = grade("activations", "relu", "def relu(u):\n    u[u < 0] = 0\n    return u")
    assert {remark.kind for check in result.checks for remark in check.remarks} == {"changed"}


def test_overflow_is_a_remark(grade: Grade) -> None:
    """The plain formula warns at -1000, although its result is right: this gives a remark."""
    result = grade("activations", "sigmoid", "def sigmoid(u):\n    return 1 / (1 + np.exp(-u))")
    (check,) = [check for check in result.checks if check.name == "a_thousand"]
    assert check.points == check.max_points
    assert {remark.kind for remark in check.remarks} == {"warning"}


@pytest.mark.parametrize(
    ("question", "source", "mistake"),
    [
        ("step", "def step(u):\n    if u > 0:\n        return 1\n    else:\n        return 0", "scalars_only"),
        ("step", "def step(x):\n    y = x > 0\n    return y.astype(np.int)", "removed_type"),
        ("step", "def step(u):\n    return np.array([1.0 if v > 0 else 0.0 for v in u])", "vectors_only"),
        ("relu", "def relu(u):\n    return max(0, u)", "python_max"),
        ("relu", "def relu(u):\n    return np.array([max(v, 0) for v in u])", "vectors_only_by_max"),
        ("relu", "def relu(u):\n    return np.array([v if v > 0 else 0 for v in u])", "vectors_only"),
        ("relu", "def relu(u):\n    return u if u > 0 else 0", "scalars_only"),
        ("sigmoid", "import math\ndef sigmoid(u):\n    return 1 / (1 + math.exp(-u))", "single_numbers_only"),
    ],
)
def test_mistakes_in_any_form(grade: Grade, question: str, source: str, mistake: str) -> None:
    """A mistake is recognised by its result, in any form of the code."""
    result = grade("activations", question, source)
    assert {check.mistake for check in result.checks if check.verdict is not Verdict.PASSED} == {mistake}


BOTH = """
hidden_or_output = {"relu": "hidden", "sigmoid": ["output", "hidden"], "identity": ["output"], "softmax": "output"}
"""
ANSWERS = [
    ("sigmoid_line", 'sigmoid_line = "z  =  functions.sigmoid(u)"', 1),
    ("sigmoid_line", 'sigmoid_line = "h = functions.step(u)"', 0),
    ("sigmoid_line", "sigmoid_line = 'print(\"sigmoid:\", z)'", 0),
    ("vanishing_gradient", 'vanishing_gradient = ["e", "a"]', 2),
    ("vanishing_gradient", 'vanishing_gradient = "a e"', 2),
    ("vanishing_gradient", 'vanishing_gradient = {"a"}', 1),
    ("vanishing_gradient", 'vanishing_gradient = {"a", "e", "f"}', 1),
    ("vanishing_gradient", 'vanishing_gradient = set("abcdef")', 0),
    ("hidden_or_output", BOTH, 2),
    ("hidden_or_output", BOTH + 'hidden_or_output["sigmoid"] = {"output"}', 1.75),
    ("hidden_or_output", BOTH + 'hidden_or_output["relu"] = "output"', 1.5),
    ("hidden_or_output", BOTH + 'del hidden_or_output["softmax"]', 1.5),
    (
        "hidden_or_output",
        'hidden_or_output = dict.fromkeys(("relu", "sigmoid", "identity", "softmax"), "hidden")',
        0.75,
    ),
]


@pytest.mark.parametrize(("question", "source", "points"), ANSWERS)
def test_variable_answers(grade: Grade, question: str, source: str, points: float) -> None:
    """Each form of an answer, right, partly right or wrong, gets its points."""
    assert grade("activations", question, source).score == pytest.approx(points)
