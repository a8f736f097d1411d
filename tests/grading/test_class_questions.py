"""A question that asks for a class is verified, judged and explained like one that asks for a function.

The course is `two_layer/`: a network with `scores`, `loss`, `train` and `predict`.
"""

from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.core.results.grading import CheckResult
from grader.core.results.reason import KnownMistake
from grader.core.results.verdict import Verdict
from grader.core.wire.job import ExceptionInfo, MissingName
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import load_course
from grader.course.templates import make_mistaken_submission, make_solved_submission
from grader.course.verify.declarations import find_declaration_problems
from grader.course.verify.references import find_unfit_references
from grader.course.verify.submissions import find_submission_problems
from grader.course.verify.trivial import find_trivial_points
from grader.grading.judge import Judge
from grader.grading.verification_judge import SandboxJudge
from tests.fake_runner import FakeRunner

FOLDER = Path(__file__).parent / "two_layer"
RELU = "np.maximum(0, X @ W1 + b1)  # the hidden layer"


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(FOLDER)


@pytest.fixture(scope="module")
def judge(course: Course) -> Judge:
    return Judge(course, FakeRunner(), b"secret", budget=None)


def edit(course: Course, *pairs: tuple[str, str]) -> ParsedSubmission:
    """Return the solution with other text in some places."""
    cells = []
    left = dict(pairs)
    for cell in make_solved_submission(course.exercise("two_layer")).cells:
        source = cell.source
        for before, after in pairs:
            if cell.kind == "code" and before in source:
                source = source.replace(before, after)
                left.pop(before, None)
        cells.append(Cell(source, cell.kind, cell.label, cell.question))
    assert not left
    return ParsedSubmission(tuple(cells), "two_layer")


def grade(judge: Judge, course: Course, *pairs: tuple[str, str]) -> dict[str, CheckResult]:
    """Return the results of the solution with other text in some places, by check."""
    (result,) = judge.judge(course.exercise("two_layer"), edit(course, *pairs)).questions
    return {check.name: check for check in result.checks}


def list_failed(results: dict[str, CheckResult]) -> list[str]:
    """Return the names of the checks that didn't pass."""
    return [name for name, check in results.items() if check.verdict is not Verdict.PASSED]


def test_the_course_is_proven(course: Course) -> None:
    """The solution earns all points, the template none; every mistake, class, method or filling, is recognised."""
    exercise = course.exercise("two_layer")
    judge = SandboxJudge(course, FakeRunner(), b"public")
    assert list(find_submission_problems(exercise, judge)) == []
    assert list(find_unfit_references(exercise, judge.get_reference_data(exercise))) == []
    assert list(find_declaration_problems(exercise)) == []
    assert list(find_trivial_points(exercise, judge)) == []


def test_a_mistake_is_written_as_a_student_would(course: Course) -> None:
    """A wrong class stands behind the right one, which it is derived from; a wrong method stands in its place."""
    exercise = course.exercise("two_layer")
    sources = {
        name: "\n".join(cell.source for cell in make_mistaken_submission(exercise, {"two_layer": name}).cells)
        for name in ("LinearNetwork", "largest_column")
    }
    assert "\n\n\nclass TwoLayer(TwoLayer):\n    def scores(self, X):" in sources["LinearNetwork"]
    assert sources["largest_column"].count("def predict(self, X):") == 1
    assert "axis=0)" in sources["largest_column"].split("def predict")[1]


def test_a_wrong_method_fails_what_uses_it(judge: Judge, course: Course) -> None:
    """A wrong method fails its own checks and those of what calls it, and a known mistake explains all of them."""
    results = grade(judge, course, (RELU, "X @ W1 + b1"))
    assert {"scores", "two_networks"} <= set(list_failed(results)) <= {"scores", "predict", "two_networks"}
    assert {check.mistake for check in results.values()} == {None, "LinearNetwork"}


def test_the_calls_are_shown(judge: Judge, course: Course) -> None:
    """A wrong answer to a visible check shows the calls with the author's names, and the tables of their inputs."""
    details = grade(judge, course, ("hidden @ W2 + b2", "hidden @ W2"))["scores"].details
    assert details is not None
    assert details.calls[0] == "net = TwoLayer(4, 5, 3)"
    assert details.calls[-1] == "net.scores(X)"
    assert {"W1", "X"} <= {table.label for table in details.inputs}
    assert {table.label for table in details.actual} == {"net.scores(X)"}


def test_a_missing_method_is_told_with_the_nearest(judge: Judge, course: Course) -> None:
    """A method of another name is named; other checks of the class are judged."""
    results = grade(judge, course, ("def predict", "def Predict"))
    assert list_failed(results) == ["predict"]
    reason = results["predict"].reason
    assert isinstance(reason, MissingName)
    assert (reason.name, [one.name for one in reason.near]) == ("TwoLayer.predict", ["Predict"])


def test_a_missing_class_is_told(judge: Judge, course: Course) -> None:
    """Without the class, nothing is attempted, and a class of a similar name is told."""
    results = grade(judge, course, ("class TwoLayer", "class Two_Layer"))
    assert {check.verdict for check in results.values()} == {Verdict.NOT_ATTEMPTED}
    reason = results["scores"].reason
    assert isinstance(reason, MissingName)
    assert (reason.name, [(one.name, one.kind) for one in reason.near]) == ("TwoLayer", [("Two_Layer", "name")])


def test_an_exception_keeps_what_was_read_before(judge: Judge, course: Course) -> None:
    """An exception names its line; values that were judged before it earn their points."""
    results = grade(judge, course, ("return history", "return history + 1"))
    assert list_failed(results) == ["train_history", "train_net_params_W1", "two_networks"]
    reason = results["train_history"].reason
    assert isinstance(reason, ExceptionInfo)
    assert (reason.type, reason.text.strip()) == ("TypeError", "return history + 1")


def test_an_unfilled_method_is_not_attempted(judge: Judge, course: Course) -> None:
    """A method that was given out as `pass` is told as not filled in."""
    results = grade(judge, course, ("return np.argmax(self.scores(X), axis=1)", "pass"))
    reason = results["predict"].reason
    assert results["predict"].verdict is Verdict.NOT_ATTEMPTED
    assert isinstance(reason, MissingName)
    assert (reason.name, reason.unfilled) == ("TwoLayer.predict", "pass")


def test_objects_don_t_leak_between_checks(judge: Judge, course: Course) -> None:
    """Parameters that all networks share are told by a hidden check of two networks."""
    results = grade(judge, course, ("self.params = {", "TwoLayer.params = {"))
    assert list_failed(results) == ["two_networks"]


def test_two_fillings_of_different_methods_compose(judge: Judge, course: Course) -> None:
    """Two wrong blanks are told together, also if they lie in different methods."""
    results = grade(
        judge,
        course,
        ("delta2 = delta2 / N", "delta2 = delta2"),
        ("self.params[name] - rate", "self.params[name] + rate"),
    )
    found = {one.name for check in results.values() for one in check.explanations if isinstance(one, KnownMistake)}
    assert found == {"not_divided", "uphill"}


def test_an_error_in_one_method_costs_its_points_once(judge: Judge, course: Course) -> None:
    """With the gradients of a wrong `loss` set right, the weights that `train` leaves are right."""
    results = grade(judge, course, ("delta2 = delta2 / N", "delta2 = delta2 * 3"))
    assert {"loss_1_W2", "train_history"} & set(list_failed(results))
    assert results["train_net_params_W1"].verdict is Verdict.PASSED
    assert results["train_net_params_W1"].carried == ("TwoLayer.loss",)


def test_an_error_of_its_own_is_not_carried(judge: Judge, course: Course) -> None:
    """A step that is wrong itself stays wrong with the right gradients."""
    wrong = ("delta2 = delta2 / N", "delta2 = delta2 * 3"), ("self.params[name] - rate", "self.params[name] - 2 * rate")
    assert "train_net_params_W1" in list_failed(grade(judge, course, *wrong))


def test_a_wrong_filling_is_told_at_its_line(judge: Judge, course: Course) -> None:
    """The hint of a filling stands at the line of the method that fills the blank."""
    results = grade(judge, course, ("return hidden @ W2 + b2", "return hidden @ W2"))
    (found,) = results["scores"].explanations
    assert isinstance(found, KnownMistake)
    assert found.name == "no_bias"
    assert found.place is not None
    assert found.place.line == 17
