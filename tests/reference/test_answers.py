"""Answers other than functions, in exercises 3 to 5: right ones, partly right ones, wrong ones."""

from collections.abc import Callable

import pytest

from grader.core.compare.mismatch import PropertyMismatch
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.templates import read_source_cells
from grader.grading.judge import Judge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

Grade = Callable[[str, str, str], QuestionResult]


def code(exercise: Exercise) -> str:
    """Return all code of an exercise's solution."""
    return "\n".join(cell.solution_text for cell in read_source_cells(exercise) if cell.kind == "code")


def sentences(result: QuestionResult) -> str:
    """Return all messages of a question's checks."""
    return " ".join(str(check.reason.text) for check in result.checks if isinstance(check.reason, PropertyMismatch))


FULL = [
    (
        "losses",
        "task_table",
        """
task_table = {
    "regression": "identity, mean_squared_error",
    "binary": {"activation": "sigmoid", "loss": "cross_entropy"},
    "multi_class": {"cross_entropy", "softmax"},
}
""",
    ),
    (
        "losses",
        "softmax_lines",
        """
softmax_lines = dict(shifted="finite", powers=["positive"], result={"shares"}, last_axis="any_form", kept_axis="column")
""",
    ),
    ("gradient_descent", "update_line", "update_line = 'update_step( network,grad, learning_rate )  # one step'"),
    (
        "gradient_descent",
        "learning_rate_effect",
        """
import numpy as np
rates = np.array([0.002, 0.08, 0.15])
steps = np.arange(101)
curves = 9 * (1 - 2 * rates[:, None]) ** (2 * steps) + 10 * (1 - 20 * rates[:, None]) ** (2 * steps)
learning_rate_effect = {"too_small": curves[0, :51], "good": tuple(curves[1]), "too_large": list(curves[2])}
""",
    ),
    (
        "gradient_descent",
        "learning_rate_effect",
        """
learning_rate_effect = {
    "too_small": [9 * 0.998 ** (2 * n) + 10 * 0.98 ** (2 * n) for n in range(30)],
    "good": np.array([9 * 0.9 ** (2 * n) + 10 * 0.0 ** (2 * n) for n in range(50)], np.float32),
    "too_large": [9 * 5.0 ** (2 * n) + 10 * 59.0 ** (2 * n) for n in range(20)] + [float("inf"), float("nan")],
}
""",
    ),
    (
        "gradient_descent",
        "descent_kinds",
        """
descent_kinds = {
    "gradient_descent": "all_samples", "stochastic": "one_sample", "mini_batch": "few_samples",
    "advantages": "online, poor_minimum, less_computation",
}
""",
    ),
    (
        "backpropagation",
        "kept_results",
        """
kept_results = (
    "delta1=back( delta2, network['W2'], u1 )",
    'delta2 = error(d, y)   # used three times',
)
""",
    ),
    (
        "backpropagation",
        "kept_results",
        '''
kept_results = """
delta2 = error(d, y)
grad["b2"] = summed(delta2)
grad["W2"] = joined(z1, delta2)
delta1 = back(delta2, network["W2"], u1)
"""
''',
    ),
]


@pytest.mark.parametrize(("name", "question", "source"), FULL)
def test_right_answers_in_other_forms(grade: Grade, name: str, question: str, source: str) -> None:
    """The same answer in another form gets full marks."""
    result = grade(name, question, source)
    assert result.score == result.max_score, sentences(result)
    assert all(check.verdict is Verdict.PASSED for check in result.checks)


PART = [
    ("losses", "task_table", "task_table = {'regression': ['identity', 'mean_squared_error']}", 1 / 3),
    (
        "losses",
        "task_table",
        "task_table = {'regression': 'identity', 'binary': 'sigmoid', 'multi_class': 'softmax'}",
        1 / 2,
    ),
    (
        "losses",
        "softmax_lines",
        "softmax_lines = dict.fromkeys(['shifted', 'powers', 'result', 'last_axis', 'kept_axis'], 'shares')",
        1 / 5,
    ),
    ("losses", "cross_entropy_lines", "cross_entropy_lines = {'minus': 'finite', 'constant': 'positive'}", 0),
    ("gradient_descent", "update_line", "update_line = 'grad = backward(network, x, d, u1, z1, y)'", 0),
    ("gradient_descent", "update_line", "update_line = 'update_step(network, grad'", 0),
    (
        "gradient_descent",
        "descent_kinds",
        "descent_kinds = {'advantages': ['online', 'poor_minimum', 'less_computation', 'exact']}",
        2 / 3 / 4,
    ),
    (
        "gradient_descent",
        "learning_rate_effect",
        "losses = [9 * 0.9 ** (2 * n) + 10 * 0.0 ** (2 * n) for n in range(50)]\n"
        "learning_rate_effect = dict.fromkeys(['too_small', 'good', 'too_large'], losses)",
        1 / 2,
    ),
    (
        "gradient_descent",
        "learning_rate_effect",
        "learning_rate_effect = dict.fromkeys(['too_small', 'good', 'too_large'], [19 * 0.5**n for n in range(30)])",
        1 / 4,
    ),
    ("gradient_descent", "learning_rate_effect", "learning_rate_effect = [1, 2, 3]", 0),
    (
        "backpropagation",
        "kept_results",
        "kept_results = ['delta2 = error(d, y)', 'grad[\"W1\"] = joined(x, delta1)']",
        0,
    ),
    ("backpropagation", "kept_results", "kept_results = ['delta2 = error(d, y)']", 1 / 2),
]


@pytest.mark.parametrize(("name", "question", "source", "share"), PART)
def test_answers_that_are_partly_right(grade: Grade, name: str, question: str, source: str, share: float) -> None:
    """A wrong choice costs as much as a missing one; the right ones keep their points."""
    result = grade(name, question, source)
    assert result.score == pytest.approx(share * result.max_score), sentences(result)


def test_lines_with_unused_results(grade: Grade) -> None:
    """Naming grad['b2'] or grad['W2'] as stored results gives a remark, not an error."""
    lines = ["delta2 = error(d, y)", "grad['b2'] = summed(delta2)"]
    result = grade("backpropagation", "kept_results", f"kept_results = {lines!r}")
    assert result.score == result.max_score / 2
    assert any("no later line uses it" in remark.detail for check in result.checks for remark in check.remarks)


def test_texts_are_pending(course: Course) -> None:
    """The three texts of these exercises are found in the solution; their points are pending, and none is given."""
    with Sandbox(min_level=Level.SECCOMP) as sandbox:
        judge = Judge(course, sandbox, b"texts")
        for name, texts in (("losses", ("why_square", "why_half")), ("gradient_descent", ("online_learning",))):
            cells = tuple(
                Cell(c.solution_text, c.kind, "cell", c.question) for c in read_source_cells(course.exercise(name))
            )
            results = {r.id: r for r in judge.judge(course.exercise(name), ParsedSubmission(cells, name)).questions}
            for text in texts:
                assert results[text].score == 0
                assert sum(check.pending for check in results[text].checks) == results[text].max_score


RELU = 'np.dot(delta2, network["W2"].T) * (u1 > 0)\n    return'
SIGMOID = 'np.dot(delta2, network["W2"].T) * z1 * (1 - z1)'
UNLIKE = [
    (RELU, f"{SIGMOID}\n    return", "`relu` uses relu in the forward pass, but the derivative of sigmoid"),
    (
        RELU,
        'np.dot(delta2, network["W2"].T) / (2 + np.exp(u1) + np.exp(-u1))\n    return',
        "An older notebook of this course had the same mistake.",
    ),
    (
        SIGMOID,
        SIGMOID.replace("z1 * (1 - z1)", "(u1 > 0)"),
        "uses sigmoid in the forward pass, but the derivative of relu",
    ),
    (
        SIGMOID,
        SIGMOID.replace("z1 * (1 - z1)", "np.exp(z1) / (1 + np.exp(z1)) ** 2"),
        "`sigmoid` uses the derivative of sigmoid, but at the wrong value",
    ),
    ("(y - d) / len(x)", "(y - d)", "5 times too large with 5 samples: divide by N"),
    (
        "    z1 = np.maximum(u1, 0)\n",
        "    z1 = 1 / (1 + np.exp(-u1))\n",
        "z1 of `relu` does not match a forward pass with relu",
    ),
    ("network[key] -= learning_rate", "network[key] += learning_rate", "it should fall below three quarters"),
    ("5 * points", "points", "The curves of `relu` and `wide` are the same"),
    ('"b2": np.sum(delta2, axis=0)', '"b2": np.sum(delta2)', "grad['b2'] of `relu` has the shape (), but b2 has (1,)"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), UNLIKE)
def test_forward_and_backward_that_do_not_match(
    course: Course, grade: Grade, right: str, wrong: str, said: str
) -> None:
    """Changing only one of forward and backward, or something else in the experiment, costs points and is named."""
    solution = code(course.exercise("backpropagation"))
    assert right in solution
    result = grade("backpropagation", "convergence", solution.replace(right, wrong))
    assert 0 < result.score < result.max_score
    assert said in sentences(result)


def test_outputs_that_would_fill_the_memory(grade: Grade) -> None:
    """For millions of outputs the message gives their shape, and no loss is computed from them."""
    many = """
for runs in convergence.values():
    runs["forward"] = lambda *_: [0, 0, 0, np.ones(100_000, bool)]
    runs["backward"] = lambda *_: dict(W1=0, b1=0, W2=0, b2=0)
"""
    result = grade("backpropagation", "convergence", OTHER_PAIRS + many)
    assert 0 < result.score < result.max_score
    assert "The outputs y of `relu` should have the shape (5, 1)" in sentences(result)


OTHER_PAIRS = """
import numpy as np
from common import functions

def make(activation, slope):
    def forward(network, x):
        u1 = x @ network["W1"] + network["b1"]
        u2 = activation(u1) @ network["W2"] + network["b2"]
        return [u1, activation(u1), u2, np.tanh(u2 / 2) / 2 + 0.5]

    def backward(network, x, d, u1, z1, y):
        error = (y - d) / len(d)
        hidden = error @ network["W2"].T * slope(u1)
        return dict(b1=hidden.sum(0), W1=x.T @ hidden, b2=error.sum(0), W2=z1.T @ error)

    return forward, backward

def run(pair, x, d):
    rng = np.random.default_rng(3)
    network = {"W1": rng.normal(size=(2, 6)), "b1": np.zeros(6), "W2": rng.normal(size=(6, 1)), "b2": np.zeros(1)}
    losses = np.zeros(400)
    for step in range(400):
        u1, z1, _, y = pair[0](network, x)
        losses[step] = functions.binary_cross_entropy(d, y)
        for key, slope in pair[1](network, x, d, u1, z1, y).items():
            network[key] = network[key] - 0.3 * slope
    return dict(losses=losses, forward=pair[0], backward=pair[1])

relu = make(lambda u: u * (u > 0), lambda u: (u > 0).astype(int))
sigmoid = make(lambda u: 1 / (1 + np.exp(-u)), lambda u: 0.25 / np.cosh(u / 2) ** 2)
x = np.random.default_rng(8).uniform(-1, 1, size=(30, 2))
d = (x.sum(axis=1, keepdims=True) > 0) * 1
convergence = dict(relu=run(relu, x, d), sigmoid=run(sigmoid, x, d), wide=run(sigmoid, 3 * x, d))
"""


def test_other_matching_pairs(grade: Grade) -> None:
    """Functions of another form, other steps, another range, or the sigmoid in the wide run get full marks."""
    result = grade("backpropagation", "convergence", OTHER_PAIRS)
    assert result.score == result.max_score, sentences(result)
