"""Answers to the bundled course that nobody calculated earn nothing, and a dtype makes no wrong one right."""

from collections.abc import Callable, Iterator

import pytest

from grader.core.judging.reference_data import PUBLIC_SECRET, compute_reference_data
from grader.core.judging.unearned_points import UnearnedPoints
from grader.core.questions.exercise import Course
from grader.core.results.grading import QuestionResult
from grader.course.templates import make_template_with_none
from grader.grading.verification_judge import SandboxJudge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

Grade = Callable[[str, str, str], QuestionResult]
EXERCISES = ("overview", "activations", "losses", "gradient_descent", "backpropagation")


@pytest.fixture(scope="module")
def judge(course: Course) -> Iterator[SandboxJudge]:
    """Return a judge that can cast results."""
    with Sandbox(packages=course.packages, min_level=Level.SECCOMP) as sandbox:
        yield SandboxJudge(course, sandbox, b"trivial")


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("secret", [PUBLIC_SECRET, b"one", b"two"])
def test_trivial_answers_earn_nothing(course: Course, name: str, secret: bytes) -> None:
    """Each trivial answer to each question earns 0 points; those that equal a reference are left out."""
    exercise = course.exercise(name)
    points = UnearnedPoints(exercise, compute_reference_data(exercise, secret))
    table = {
        (question.id, trivial.name): points.judge_trivial_answer(question, trivial).score
        for question in exercise.questions
        for trivial in points.list_trivial_answers(question)
    }
    assert {"None", "NaN", "zeros", "ones", "0.5 everywhere"} <= {answer for _, answer in table}
    assert {key: score for key, score in table.items() if score} == {}


@pytest.mark.parametrize("name", EXERCISES)
def test_template_with_none_earns_nothing(course: Course, judge: SandboxJudge, name: str) -> None:
    """None in every blank of a template earns 0 points."""
    exercise = course.exercise(name)
    assert judge.judge(exercise, make_template_with_none(exercise)).score == 0


NAN = "\n".join(
    f"def {name}(*args):\n    return np.full(np.shape(args[-1]), np.nan)\n"
    for name in ("d_sigmoid", "d_relu", "d_mean_squared_error", "d_sigmoid_with_loss", "d_softmax_with_loss")
)
FORWARD_OF_ZEROS = """
def forward(network, x):
    hidden = np.zeros((*x.shape[:-1], len(network["b1"])))
    output = np.zeros((*x.shape[:-1], len(network["b2"])))
    return hidden, hidden, output, output
"""
BATCHES_OF_ZEROS = """
def minibatches(x, d, size, rng):
    for start in range(0, len(x), size):
        yield 0 * x[start : start + size], 0 * d[start : start + size]
"""
FORWARD_DIFFERENCE = """
def numerical_gradient(f, x):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        moved[index] += 1e-4
        gradient[index] = (f(moved) - f(x)) / 1e-4
    return gradient.astype(np.DTYPE)
"""
PROGRAMS = [
    ("backpropagation", "derivatives", NAN, 0),
    ("backpropagation", "numerical_gradient", "def numerical_gradient(f, x):\n    return 0\n", 0),
    ("backpropagation", "numerical_gradient", FORWARD_DIFFERENCE.replace("DTYPE", "float64"), 1),
    ("backpropagation", "numerical_gradient", FORWARD_DIFFERENCE.replace("DTYPE", "float16"), 1),
    ("backpropagation", "numerical_gradient", FORWARD_DIFFERENCE.replace("DTYPE", "float32"), 1),
    ("losses", "cross_entropy_error", "def cross_entropy_error(d, y):\n    return 0\n", 0),
    ("losses", "cross_entropy_error", "def cross_entropy_error(d, y):\n    return np.nan\n", 0),
    ("overview", "forward", FORWARD_OF_ZEROS, 0),
    ("gradient_descent", "minibatches", BATCHES_OF_ZEROS, 0),
    ("gradient_descent", "update_step", "def update_step(network, grad, learning_rate):\n    pass\n", 0),
]


@pytest.mark.parametrize(("exercise", "question", "source", "score"), PROGRAMS)
def test_programs_without_calculation(grade: Grade, exercise: str, question: str, source: str, score: float) -> None:
    """Students' programs of this sort earn what their calculation is worth."""
    assert grade(exercise, question, source).score == score
