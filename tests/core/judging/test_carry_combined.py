"""Errors in a function and in those that it calls, both at once, cost their own points."""

import pytest

from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.core.results.verdict import Verdict
from grader.grading.judge import Judge
from tests.fake_runner import FakeRunner
from tests.model_course import FUNCTIONS, WRONG, submit, write_model_course


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_model_course(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def judge(course: Course) -> Judge:
    return Judge(course, FakeRunner(), b"secret", budget=None)


def grade(judge: Judge, course: Course, **changes: str) -> Grading:
    """Return the grading of the solution with some functions replaced."""
    return judge.judge(course.exercises[0], submit(**changes))


def list_lost(grading: Grading) -> dict[str, set[str]]:
    """Return the checks that weren't passed, by question, without those of questions that lost nothing."""
    lost = {q.id: {c.name for c in q.checks if c.verdict is not Verdict.PASSED} for q in grading.questions}
    return {question: names for question, names in lost.items() if names}


OWN = {
    **{name: {"shown", "hidden"} for name in FUNCTIONS},
    "layer_forward": {"shown_mean", "hidden_mean"},
    "model_forward": {"shown_A1", "hidden_A1"},
    "linear_backward": {"shown_dW", "hidden_dW"},
    "model_backward": {"shown_dZ2", "hidden_dZ2"},
}
"""The checks of the output at which each of the wrong functions is wrong."""


def test_every_error_costs_its_own_points(judge: Judge, course: Course) -> None:
    """With one error in each of the functions, each loses the output at which it is wrong, and nothing else."""
    assert list_lost(grade(judge, course, **WRONG)) == OWN


@pytest.mark.parametrize("name", ["linear_forward", "norm", "model_forward"])
def test_what_is_missing_costs_its_own_points(judge: Judge, course: Course, name: str) -> None:
    """A function that is a stub loses its own points."""
    stub = f"def {name}(*args, **kwargs):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    grading = grade(judge, course, **{name: stub})
    assert list_lost(grading).keys() == {name}
    assert {c.verdict for q in grading.questions if q.id == name for c in q.checks} == {Verdict.NOT_ATTEMPTED}


def test_both_corrections_at_once(judge: Judge, course: Course) -> None:
    """An output behind a wrong output, whose own line calls wrong functions, is judged with both set right."""
    changes = {"model_backward": WRONG["model_backward"], "relu_backward": WRONG["relu_backward"]}
    grading = grade(judge, course, **changes)
    assert list_lost(grading) == {name: OWN[name] for name in changes}
    (backward,) = (question for question in grading.questions if question.id == "model_backward")
    found = {check.output: check.carried for check in backward.checks if check.verdict is Verdict.PASSED}
    assert found == {"W2": ("dZ2",), "W1": ("dZ2", "relu_backward")}


def test_an_output_that_is_wrong_itself_stays_wrong(judge: Judge, course: Course) -> None:
    """With both corrections, an output whose own formula is wrong earns nothing, and what was corrected is named."""
    own = WRONG["model_backward"].replace("dA1 * 3", "dA1 * 2")
    grading = grade(judge, course, model_backward=own, relu_backward=WRONG["relu_backward"])
    assert list_lost(grading)["model_backward"] == {"shown_dZ2", "hidden_dZ2", "shown_W1", "hidden_W1"}


def test_a_function_that_raises_at_its_return_has_not_returned(judge: Judge, course: Course) -> None:
    """Where all outputs are right with both corrections but the return raises, the last output is lost."""
    raising = FUNCTIONS["model_backward"].replace("return grads", "return grads + norm")
    lost = list_lost(grade(judge, course, model_backward=raising, relu_backward=WRONG["relu_backward"]))
    assert lost["model_backward"] == {"shown_W1", "hidden_W1"}


GREEDY = """
def model_backward(X, Y, parameters):
    AL, cache = model_forward(X, parameters)
    grads = {}
    dZ2 = 0 * AL
    found = [dZ2]
    dA1, dW2, db2 = linear_backward(dZ2, (cache["A1"], parameters["W2"], parameters["b2"]))
    found += [dA1, dW2, db2, relu_backward(dA1 * 3, cache["Z1"])]
    grads["W2"] = next(f for f in [*found[::-1], *kept, np.zeros((4, 2))] if np.shape(f) == (4, 2))
    grads["W1"] = next(f for f in [*found[::-1], *kept, np.zeros((3, 4))] if np.shape(f) == (3, 4))
    kept.extend(found)
    return grads
"""


def test_nothing_that_was_given_is_an_answer(judge: Judge, course: Course) -> None:
    """Code that hands in what it gets by either correction, in this call or an earlier one, earns nothing."""
    imports = "import numpy as np\nkept = []"
    wrong = {name: WRONG[name] for name in ("linear_backward", "relu_backward", "linear_forward")}
    grading = judge.judge(course.exercises[0], submit(imports=imports, **{**wrong, "model_backward": GREEDY}))
    (backward,) = (question for question in grading.questions if question.id == "model_backward")
    assert backward.score == 0
