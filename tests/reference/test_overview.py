"""The references of the overview exercise agree with hand-calculated numbers and with explicit loops."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.questions.exercise import Course
from grader.core.questions.kinds.prose_cells import extract_text_answer
from grader.core.report.sentences import check_sentence
from grader.core.results.grading import QuestionResult
from grader.core.results.verdict import Verdict
from grader.course.templates import make_solved_submission, make_untouched_submission

Function = Callable[..., Any]
References = dict[str, Function]
Grade = Callable[[str, str, str], QuestionResult]


def written_out(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the total input of a batch, calculated element by element."""
    u = [[sum(row[i] * W[i, j] for i in range(len(row))) + b[j] for j in range(len(b))] for row in x.tolist()]
    return np.array(u)


def test_total_input_by_hand(references: References) -> None:
    """For one sample and for a batch, the numbers are worked out by hand."""
    W, b = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([0.5, 0.0, -1.0])
    np.testing.assert_array_equal(references["total_input"](np.array([1.0, -1.0]), W, b), [-2.5, -3.0, -4.0])
    x = np.array([[1.0, -1.0], [0.0, 0.0], [2.0, 10.0]])
    expected = [[-2.5, -3.0, -4.0], [0.5, 0.0, -1.0], [42.5, 54.0, 65.0]]
    np.testing.assert_array_equal(references["total_input"](x, W, b), expected)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_total_input_is_a_weighted_sum(
    references: References, samples: int, inputs: int, nodes: int, seed: int
) -> None:
    """For layers of any size it is the explicit sum, and a single sample gives its row of the batch."""
    rng = np.random.default_rng(seed)
    x, W, b = rng.normal(size=(samples, inputs)), rng.normal(size=(inputs, nodes)), rng.normal(size=nodes)
    u = references["total_input"](x, W, b)
    np.testing.assert_allclose(u, written_out(x, W, b), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(references["total_input"](x[0], W, b), u[0], rtol=1e-10, atol=1e-12)


def test_forward_by_hand(references: References) -> None:
    """With one hidden node active, one inactive and one at exactly zero, all four results are worked out by hand."""
    network = {
        "W1": np.array([[1.0, -1.0, 2.0]]),
        "b1": np.array([1.0, 1.0, -4.0]),
        "W2": np.array([[1.0, -2.0], [5.0, 5.0], [7.0, 7.0]]),
        "b2": np.array([0.5, 1.0]),
    }
    u1, z1, u2, y = references["forward"](network, np.array([[2.0]]))
    np.testing.assert_array_equal(u1, [[3.0, -1.0, 0.0]])
    np.testing.assert_array_equal(z1, [[3.0, 0.0, 0.0]])
    np.testing.assert_array_equal(u2, [[3.5, -5.0]])
    np.testing.assert_array_equal(y, [[3.5, -5.0]])


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_forward_is_layer_upon_layer(
    references: References, samples: int, inputs: int, hidden: int, classes: int, seed: int
) -> None:
    """Each result follows from the one before, calculated in loops; a single sample gives its row of the batch."""
    rng = np.random.default_rng(seed)
    network = {
        "W1": rng.normal(size=(inputs, hidden)),
        "b1": rng.normal(size=hidden),
        "W2": rng.normal(size=(hidden, classes)),
        "b2": rng.normal(size=classes),
    }
    x = rng.normal(size=(samples, inputs))
    u1, z1, u2, y = references["forward"](network, x)
    np.testing.assert_allclose(u1, written_out(x, network["W1"], network["b1"]), rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(z1, [[max(number, 0.0) for number in row] for row in u1])
    np.testing.assert_allclose(u2, written_out(z1, network["W2"], network["b2"]), rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(y, u2)
    for whole, alone in zip((u1, z1, u2, y), references["forward"](network, x[0]), strict=True):
        np.testing.assert_allclose(alone, whole[0], rtol=1e-10, atol=1e-12)


RIGHT = [
    ("total_input", "def total_input(x, W, b):\n    return x @ W + b"),
    ("total_input", "def total_input(x, W, b):\n    return b + np.matmul(x, W)"),
    ("total_input", "total_input = lambda x, W, b: np.einsum('...i,ij->...j', x, W) + b"),
    ("total_input", "def total_input(x, w, bias):\n    return np.add((w.T @ x.T).T, bias)"),
    (
        "total_input",
        "def total_input(x, W, b):\n    return np.sum(x[..., np.newaxis] * W, axis=-2) + b",
    ),
    (
        "forward",
        """
def forward(network, x):
    W1, W2 = network["W1"], network["W2"]
    b1, b2 = network["b1"], network["b2"]
    u1 = x @ W1 + b1
    z1 = u1 * (u1 > 0)
    u2 = z1 @ W2 + b2
    print("output:", u2)
    return u1, z1, u2, u2
""",
    ),
    (
        "forward",
        """
def total_input(x, W, b):
    return np.matmul(x, W) + b

def relu(u):
    return np.where(u > 0, u, 0)

def forward(params, x):
    u1 = total_input(x, params["W1"], params["b1"])
    z1 = relu(u1)
    u2 = total_input(z1, params["W2"], params["b2"])
    y = u2.copy()
    return [u1, z1, u2, y]
""",
    ),
    (
        "forward",
        """
def forward(network, x):
    results, z = [], x
    for n in (1, 2):
        u = np.dot(z, network[f"W{n}"]) + network[f"b{n}"]
        z = np.clip(u, 0, None) if n == 1 else u
        results += [u, z]
    return tuple(results)
""",
    ),
]


@pytest.mark.parametrize(("question", "source"), RIGHT)
def test_other_right_answers(grade: Grade, question: str, source: str) -> None:
    """A different correct implementation of a function gets full marks."""
    result = grade("overview", question, source)
    assert [check for check in result.checks if check.verdict is not Verdict.PASSED] == []
    assert result.score == result.max_score


BODY = """
def forward(network, x):
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = {z1}
    u2 = {u2}
    y = {y}
    return u1, z1, u2, y
"""
STEPS = {"z1": "np.maximum(u1, 0)", "u2": 'np.dot(z1, network["W2"]) + network["b2"]', "y": "u2"}


@pytest.mark.parametrize(
    ("step", "wrong"),
    [("z1", "np.tanh(u1)"), ("u2", 'np.dot(z1, network["W2"]) - network["b2"]'), ("y", "2 * u2")],
)
def test_one_wrong_step_of_forward_does_not_cost_the_rest(grade: Grade, step: str, wrong: str) -> None:
    """A wrong step loses the points of its own checks, a quarter of all; later results are judged with it set right."""
    result = grade("overview", "forward", BODY.format(**(STEPS | {step: wrong})))
    assert {check.output for check in result.checks if check.verdict is not Verdict.PASSED} == {step}
    assert result.score >= result.max_score * 3 / 4


def test_sentence_of_a_wrong_step(grade: Grade) -> None:
    """The message about a wrong step names its place, its value and the right one."""
    result = grade("overview", "forward", BODY.format(**(STEPS | {"z1": "np.abs(u1)"})))
    (check,) = [check for check in result.checks if check.name == "by_hand_z1"]
    assert "values of `z1` differ; the first is at [0, 1]: 0.5 instead of 0." in check_sentence(check)


@pytest.mark.parametrize(("order", "score"), [("z1, u1, u2, y", 5), ("y, z1, u1, u2", 5), ("u1, z1, u2, y, x", 5)])
def test_another_order_of_forward(grade: Grade, order: str, score: float) -> None:
    """Right results in another order, or with one more, earn their points."""
    source = BODY.format(**STEPS).replace("return u1, z1, u2, y", f"return {order}")
    assert grade("overview", "forward", source).score == score


COMPLETE = """
layers = [["x1", "x2"], ["a1", "a2", "a3"], ["b1", "b2", "b3"], ["y"]]
draw_network = {"layers": layers, "edges": [(p, q) for one, two in zip(layers, layers[1:]) for p in one for q in two]}
"""

ANSWERS = [
    ("optimised_values", "optimised_values = ['b', 'W']", 2),
    ("optimised_values", "optimised_values = 'W, b'", 2),
    ("optimised_values", "optimised_values = ('weights', 'biases')", 2),
    ("optimised_values", "optimised_values = {'W'}", 1),
    ("optimised_values", "optimised_values = {'W', 'b', 'z'}", 1),
    ("optimised_values", "optimised_values = {'X', 'Y', 'learning_rate'}", 0),
    ("draw_network", "draw_network = (2, 3, 3, 1)", 2),
    ("draw_network", "draw_network = np.array([2, 3, 3, 1])", 2),
    ("draw_network", COMPLETE, 2),
    ("draw_network", COMPLETE + 'draw_network["edges"].pop()', 1.5),
    ("draw_network", "draw_network = [2, 3, 1]", 0),
    ("draw_network", "draw_network = [2, 3, 4, 1]", 1.5 * 3 / 8),
    ("draw_network", "draw_network = 'two, three, three, one'", 0),
    (
        "animal_classifier",
        "animal_classifier = {'inputs': ['ears', 'weight'], 'outputs': {'hen': 1 / 3, 'cow': 2 / 3}, 'winner': 'cow'}",
        3,
    ),
    (
        "animal_classifier",
        "animal_classifier = {'inputs': ['ears', 'weight'], 'outputs': {'hen': 0, 'cow': 1}, 'winner': 'cow'}",
        3,
    ),
    (
        "animal_classifier",
        "animal_classifier = {'inputs': ['ears', 'weight'], 'outputs': {'hen': 0.4, 'cow': 0.4}, 'winner': 'cow'}",
        2,
    ),
    (
        "animal_classifier",
        "animal_classifier = {'inputs': ['ears', 'weight'], 'outputs': {'hen': -0.4, 'cow': 1.4}, 'winner': 'cow'}",
        2,
    ),
    (
        "animal_classifier",
        "animal_classifier = {'inputs': ['ears', 'weight'], 'outputs': {'hen': 0.6, 'cow': 0.4}, 'winner': 'cow'}",
        2,
    ),
    (
        "animal_classifier",
        "animal_classifier = {'inputs': ['ears'], 'outputs': {'hen': 0.6, 'cow': 0.4}, 'winner': 'pig'}",
        1.5,
    ),
    ("animal_classifier", "animal_classifier = [2, 3, 2]", 0),
    ("hidden_output_line", "hidden_output_line = 'z=functions.relu( u )  # here'", 1),
    ("hidden_output_line", "hidden_output_line = 'u = total_input(x, W, b)'", 0),
    ("hidden_output_line", "hidden_output_line = 'y = functions.softmax(v)'", 0),
    ("hidden_output_line", "hidden_output_line = 'functions.relu(u)'", 0),
]


@pytest.mark.parametrize(("question", "source", "points"), ANSWERS)
def test_variable_answers(grade: Grade, question: str, source: str, points: float) -> None:
    """Each form of an answer, right, partly right or wrong, gets its points."""
    assert grade("overview", question, source).score == pytest.approx(points)


WEIGHTS = """
sample, bias = np.array([1.0, 2.0]), np.array([0.1, 0.2, 0.3])
W_zeros = np.full((2, 3), 0)
u_zeros = [0.1, 0.2, 0.3]
W_ones = np.zeros((2, 3)) + 1
u_ones = sample @ W_ones + bias
W_random = np.random.rand(2, 3)
u_random = sample @ W_random + bias
"""


def test_weights_in_other_forms(grade: Grade) -> None:
    """Other ways to make the weights, including integers and lists, get full marks."""
    result = grade("overview", "initial_weights", WEIGHTS)
    assert result.score == result.max_score


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ("W_zeros = np.zeros((3, 2))", {"weights_zero"}),
        ("u_zeros = sample @ W_zeros", {"total_of_zeros"}),
        ("W_ones = np.eye(2, 3)", {"weights_one"}),
        ("u_ones = W_ones.sum(axis=0) + bias", {"total_of_ones"}),
        ("W_random = np.full((2, 3), 0.5); u_random = sample @ W_random + bias", {"weights_differ"}),
        ("W_random = np.random.randn(2, 3) + 2; u_random = sample @ W_random + bias", {"weights_in_range"}),
        ("W_random = W_random + 0.0; u_random = sample @ np.random.rand(2, 3) + bias", {"total_of_random"}),
        ("W_zeros = 'zero'", {"weights_zero"}),
        ("W_ones = np.full((2, 3), np.nan)", {"weights_one"}),
        ("W_random = W_random.T", {"weights_in_range", "total_of_random"}),
        ("W_random = list('abcdef')", {"weights_in_range", "weights_differ", "total_of_random"}),
        ("W_random = range(10**9)", {"weights_in_range", "weights_differ", "total_of_random"}),
        ("del W_random", {"weights_in_range", "weights_differ", "total_of_random"}),
    ],
)
def test_wrong_weights(grade: Grade, change: str, lost: set[str]) -> None:
    """Each wrong variable loses the points of its own checks and no others."""
    result = grade("overview", "initial_weights", WEIGHTS + change)
    assert {check.name for check in result.checks if check.verdict is not Verdict.PASSED} == lost


def test_purpose_is_pending(course: Course) -> None:
    """The text is found in the solved program and left to a person; the template has none."""
    found = extract_text_answer(make_solved_submission(course.exercise("overview")), "purpose")
    assert found.startswith("It looks for the parameters")
    assert extract_text_answer(make_untouched_submission(course.exercise("overview")), "purpose") == ""
