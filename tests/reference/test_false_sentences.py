"""What learners were once told though it wasn't true of their answers is told no more."""

import pytest

from grader.core.results.verdict import Verdict
from tests.reference.conftest import Grade

FALSE = [
    ("activations", "step", "return np.arrange(3)"),
    ("activations", "sigmoid", "return None + 1"),
    ("activations", "step", "return np.reshape(x, 77)"),
    ("activations", "relu", "raise ValueError('no')"),
    ("activations", "relu", "return x[99]"),
    ("losses", "softmax", "return x.nothing"),
    ("losses", "softmax", "return max(x)"),
    ("gradient_descent", "sgd", "pass"),
    ("gradient_descent", "sgd", "x = 3"),
    ("gradient_descent", "update_step", "pass"),
    ("gradient_descent", "update_step", "x = 3"),
    ("overview", "forward", "return x[99], 1, 2, 3"),
    ("overview", "forward", "return None + 1"),
    ("backpropagation", "backward", "return 1, 2"),
    ("backpropagation", "backward", "return {'dW1': 1}"),
    ("backpropagation", "backward", "delta2 = d\nreturn {}"),
]


@pytest.mark.parametrize(("exercise", "question", "body"), FALSE)
def test_exceptions_and_forms_alone_are_no_mistakes(grade: Grade, exercise: str, question: str, body: str) -> None:
    """A failure of the same type, another form, and an argument unchanged are not taken for a known mistake."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    source = f"import numpy as np\ndef {question}(x=0, d=0, *more):\n{lines}"
    result = grade(exercise, question, source)
    assert result.score < result.max_score
    assert {check.mistake for check in result.checks} == {None}


def test_code_that_was_given_out_is_not_attempted(grade: Grade) -> None:
    """A function that was to change its argument and has only `pass` is not attempted, and earns nothing."""
    result = grade("gradient_descent", "update_step", "def update_step(network, grad, rate):\n    pass")
    assert result.score == 0
    assert {str(check.verdict) for check in result.checks if check.verdict is not Verdict.PASSED} == {"not_attempted"}
