"""Error carried forward in the bundled `backward`: points worked out by hand.

Its checks: 0.5 visible and 0.5 hidden for each of `delta2`, `grad['b2']`, `grad['W2']`, `delta1`, `grad['b1']`,
`grad['W1']`, and for each gradient 0.1875 for its slope and five hidden checks of 0.0625. So a wrong delta costs 1
point, and a wrong gradient 1.5.

Covers `core/judging/dataflow.py` and `core/judging/rerun_steps.py`.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.core.questions.exercise import Course
from grader.core.report.sentences import check_sentence
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer, Call, Job, JobResult, Status
from grader.core.wire.submission import ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_solved_submission, make_untouched_submission
from grader.grading.job_executor import JobExecutor
from grader.grading.judge import Judge
from tests.fake_runner import FakeRunner

DELTA2 = "delta2 = (y - d) / N"
BIAS2 = 'grad["b2"] = np.sum(delta2, axis=0)'
WEIGHTS2 = 'grad["W2"] = np.dot(z1.T, delta2)'
DELTA1 = 'delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)'
BIAS1 = 'grad["b1"] = np.sum(delta1, axis=0)'
WEIGHTS1 = 'grad["W1"] = np.dot(x.T, delta1)'
ALL = (DELTA2, BIAS2, WEIGHTS2, DELTA1, BIAS1, WEIGHTS1)

UNDIVIDED = {DELTA2: "delta2 = y - d"}
NO_RELU = {DELTA1: 'delta1 = np.dot(delta2, network["W2"].T)'}
MEAN_BIAS = {BIAS2: 'grad["b2"] = np.mean(delta2, axis=0)', BIAS1: 'grad["b1"] = np.mean(delta1, axis=0)'}


class Recorder:
    """Pass jobs on and record them; `second` may replace the last answer of the second job."""

    def __init__(self, runner: JobExecutor, second: Answer | None = None) -> None:
        self._runner = runner
        self._second = second
        self.jobs: list[Job] = []

    def run(self, job: Job) -> JobResult:
        """Run a job."""
        self.jobs.append(job)
        outcome = self._runner.run(job)
        if self._second and len(self.jobs) == 2:
            return replace(outcome, answers=(self._second,) * len(outcome.answers))
        return outcome


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(bundled_course_folder())


@pytest.fixture(scope="module")
def runner() -> FakeRunner:
    return FakeRunner()


@pytest.fixture(scope="module")
def judge(course: Course, runner: FakeRunner) -> Judge:
    return Judge(course, runner, b"secret", budget=None)


def submission(course: Course, changes: dict[str, str]) -> ParsedSubmission:
    """Return the solution without its last question, with some lines of `backward` changed."""
    program = make_solved_submission(course.exercise("backpropagation"))
    (cell,) = (c for c in program.cells if "def backward(" in c.source and c.kind == "code")
    source = cell.source
    for line, other in changes.items():
        assert line in source
        source = source.replace(line, other)
    return replace(program, cells=(program.cells[1], replace(cell, source=source)))


def backward(judge: Judge, course: Course, changes: dict[str, str]) -> QuestionResult:
    """Return the result of the question for a changed solution."""
    grading = judge.judge(course.exercise("backpropagation"), submission(course, changes))
    (result,) = (question for question in grading.questions if question.id == "backward")
    return result


def by_output(result: QuestionResult) -> dict[str, CheckResult]:
    """Return the visible check of each output."""
    return {check.output: check for check in result.checks if check.name.startswith("small_batch")}


def test_one_wrong_delta_costs_its_points_once(judge: Judge, course: Course) -> None:
    """With a wrong `delta2`, its dependents are judged with it set right, and say so: 7 of 8."""
    result = backward(judge, course, UNDIVIDED)
    found = by_output(result)
    assert result.score == 8 - 1
    assert found["delta2"].mistake == "not_divided"
    assert found["delta2"].carried == ()
    assert all(check.carried == ("delta2",) for label, check in found.items() if label != "delta2")
    assert check_sentence(found["grad['W1']"]) == (
        "Checked with `delta2` corrected, so that one error costs points only once."
    )


def test_a_wrong_delta_of_the_hidden_layer(judge: Judge, course: Course) -> None:
    """A wrong `delta1` costs its own point; outputs that don't depend on it were right and don't run again: 7 of 8."""
    result = backward(judge, course, NO_RELU)
    assert result.score == 8 - 1
    carried = {label: check.carried for label, check in by_output(result).items()}
    assert carried == {
        "delta2": (),
        "grad['b2']": (),
        "grad['W2']": (),
        "delta1": (),
        "grad['b1']": ("delta1",),
        "grad['W1']": ("delta1",),
    }


def test_two_errors_at_once(judge: Judge, course: Course) -> None:
    """Two wrong deltas cost two points, and each is named at its own output: 6 of 8."""
    result = backward(judge, course, UNDIVIDED | NO_RELU)
    found = by_output(result)
    assert result.score == 8 - 2
    assert found["delta2"].mistake == "not_divided"
    assert (found["delta1"].mistake, found["delta1"].carried) == ("no_derivative", ("delta2",))
    assert found["grad['W1']"].carried == ("delta2", "delta1")
    assert check_sentence(found["delta1"]).endswith("With `delta2` corrected, it is still wrong.")


def test_a_wrong_delta_and_wrong_biases(judge: Judge, course: Course) -> None:
    """A wrong `delta2` costs 1, and averaged biases cost 1.5 each, except at N = 1, where they are right."""
    result = backward(judge, course, {DELTA2: "delta2 = (d - y) / N"} | MEAN_BIAS)
    found = by_output(result)
    assert result.score == 8 - 1 - 2 * (1.5 - 0.0625)
    assert found["grad['b2']"].mistake == "biases_averaged"
    assert found["grad['b1']"].mistake == "biases_averaged"
    slope = next(check for check in result.checks if check.name == "slope_of_the_loss_by_b1")
    assert (slope.mistake, slope.carried) == ("biases_averaged", ("delta2",))


def test_the_axis_of_a_bias(judge: Judge, course: Course) -> None:
    """A wrong `delta2`, and `grad['b2']` summed over the wrong axis: 1 and 1.5 are lost, 5.5 of 8."""
    result = backward(judge, course, UNDIVIDED | {BIAS2: 'grad["b2"] = np.sum(delta2, axis=1)'})
    assert result.score == 8 - 1 - 1.5
    assert by_output(result)["grad['b2']"].verdict is Verdict.WRONG_ANSWER
    assert by_output(result)["grad['W2']"].verdict is Verdict.PASSED


def test_a_relation_without_the_earlier_error(judge: Judge, course: Course) -> None:
    """A relation that shows only without the earlier error is reported: the transposed gradient of a wrong delta."""
    changes = UNDIVIDED | {WEIGHTS2: 'grad["W2"] = np.dot(delta2.T, z1)'}
    check = by_output(backward(judge, course, changes))["grad['W2']"]
    assert check.explanations
    assert "With `delta2` corrected, it is still wrong." in check_sentence(check)


def test_an_exception_after_an_earlier_error(judge: Judge, course: Course) -> None:
    """A `delta2` of the wrong shape, which makes later lines raise, costs its own point: 7 of 8."""
    assert backward(judge, course, {DELTA2: "delta2 = ((y - d) / N).ravel()"}).score == 8 - 1
    assert backward(judge, course, {DELTA2: "delta2 = (y - undefined) / N"}).score == 8 - 1


def test_a_line_that_raises_costs_its_own_share(judge: Judge, course: Course) -> None:
    """What doesn't depend on a line that raises is calculated: `*` for a product costs `grad['W2']` alone."""
    result = backward(judge, course, {WEIGHTS2: 'grad["W2"] = z1.T * delta2'})
    wrong = {check.output for check in result.checks if check.verdict is not Verdict.PASSED}
    assert (wrong, result.score) == ({"grad['W2']"}, 8 - 1.5 + 0.0625)
    assert by_output(result)["grad['W2']"].verdict is Verdict.RUNTIME_ERROR
    assert backward(judge, course, {WEIGHTS2: 'grad["W2"] = ____'}).score == 8 - 1.5


RENAMED = {"delta2": "d2", "delta1": "d1", "grad[": "g[", "grad = {}": "g = {}", "return grad": "return g"}
SWAPPED = {"delta2": "swapped", "delta1": "delta2", "swapped": "delta1"}
DISPLAY = """
def backward(net, inputs, target, a, h, out):
    error = (out - target) / len(inputs)
    back = (error @ net["W2"].T) * (a > 0)
    return {"b2": error.sum(0), "W2": h.T @ error, "b1": back.sum(0), "W1": inputs.T @ back}
"""


def rename(source: str, names: dict[str, str]) -> str:
    """Return a text with these words replaced one after the other."""
    for name, other in names.items():
        source = source.replace(name, other)
    return source


def judge_source(judge: Judge, course: Course, change: Callable[[str], str]) -> QuestionResult:
    """Return the result of the question for a changed text of the solution's `backward`."""
    program = submission(course, {})
    given, cell = program.cells
    changed = replace(program, cells=(given, replace(cell, source=change(cell.source))))
    grading = judge.judge(course.exercise("backpropagation"), changed)
    return next(question for question in grading.questions if question.id == "backward")


@pytest.mark.parametrize("names", [RENAMED, SWAPPED, {"delta1": "delta"}])
def test_names_of_local_variables_cost_nothing(judge: Judge, course: Course, names: dict[str, str]) -> None:
    """Local variables of other names, even of each other's, earn their points; a remark names what was found."""
    result = judge_source(judge, course, lambda source: rename(source, names))
    assert result.score == 8
    found = by_output(result)["delta1"].remarks
    assert [(remark.kind, remark.detail) for remark in found] == [("found_as", names.get("delta1", "delta"))]


@pytest.mark.parametrize(
    ("right", "wrong"), [("(y - d) / N", "y - d"), ("z1.T, delta2)", "z1, delta2)"), ("(y - d) / N", "y[9] - d")]
)
def test_an_error_costs_the_same_under_other_names(judge: Judge, course: Course, right: str, wrong: str) -> None:
    """A wrong line, or one that raises, costs the same whatever the variables are called."""
    expected = judge_source(judge, course, lambda source: source.replace(right, wrong)).score
    for names in (RENAMED, SWAPPED):

        def spoil_and_rename(source: str, names: dict[str, str] = names) -> str:
            return rename(source.replace(right, wrong), names)

        again = judge_source(judge, course, spoil_and_rename)
        assert again.score == expected < 8


def test_a_dict_that_is_written_out(judge: Judge, course: Course) -> None:
    """In a returned dict that is written out, each part is judged on its own, also if one of them raises."""
    assert judge_source(judge, course, lambda _: DISPLAY).score == 8
    assert judge_source(judge, course, lambda _: DISPLAY.replace("h.T @", "h @")).score == pytest.approx(
        8 - 1.5, abs=0.1
    )
    assert judge_source(judge, course, lambda _: DISPLAY.replace(" / len(inputs)", "")).score == 8 - 1


def test_guesses_earn_nothing(judge: Judge, course: Course) -> None:
    """Right values in variables from which nothing follows earn no points."""
    source = """
def backward(network, x, d, u1, z1, y):
    guess = (y - d) / len(x)
    other = np.dot(guess, network["W2"].T) * (u1 > 0)
    return {"b2": 0, "W2": 0, "b1": 0, "W1": 0}
"""
    assert judge_source(judge, course, lambda _: source).score == 0


def test_an_empty_blank(judge: Judge, course: Course) -> None:
    """An empty blank costs its own point; the untouched template earns nothing."""
    assert backward(judge, course, {DELTA2: "delta2 = ____"}).score == 8 - 1
    exercise = course.exercise("backpropagation")
    grading = judge.judge(exercise, make_untouched_submission(exercise))
    (result,) = (question for question in grading.questions if question.id == "backward")
    assert {check.verdict for check in result.checks} == {Verdict.NOT_ATTEMPTED}
    assert not any(check.carried for check in result.checks)


def test_a_variable_assigned_twice_is_not_set_right(judge: Judge, course: Course) -> None:
    """A `delta2` that is changed a second time can't be set right; `delta1` can, for its dependents."""
    result = backward(judge, course, {DELTA2: "delta2 = (y - d) / N\n    delta2 *= 2"})
    found = by_output(result)
    assert result.score == 2 * 1.5
    assert (found["grad['W2']"].verdict, found["grad['W2']"].carried) == (Verdict.WRONG_ANSWER, ())
    assert found["delta1"].verdict is Verdict.WRONG_ANSWER
    assert found["grad['W1']"].carried == ("delta1",)


def test_a_right_submission_needs_one_job(course: Course, runner: FakeRunner) -> None:
    """There is only one job if everything is right, or if nothing depends on the wrong output."""
    for changes in ({}, {WEIGHTS1: 'grad["W1"] = 0 * x'}):
        recorder = Recorder(runner)
        backward(Judge(course, recorder, b"secret", budget=None), course, changes)
        assert len(recorder.jobs) == 1


def test_the_second_job(course: Course, runner: FakeRunner) -> None:
    """The second job has the same cells, only dependencies of an output, one stage per output, and the time left."""
    recorder = Recorder(runner)
    backward(Judge(course, recorder, b"secret", budget=None), course, UNDIVIDED)
    first, second = recorder.jobs
    assert second.cells == first.cells
    assert 0 < second.total_cpu < first.total_cpu
    again = [(r.stage, call) for r in second.requests for call in r.actions if isinstance(call, Call)]
    given = {stage: set(call.set_right) for stage, call in again}
    assert given == {1: {"delta2"}, 2: {"delta2"}, 3: {"delta2"}, 4: {"delta2", "delta1"}, 5: {"delta2", "delta1"}}
    calls = [action for request in first.requests for action in request.actions if isinstance(action, Call)]
    assert not any(call.set_right for call in calls)


@pytest.mark.parametrize("ended", [Status.TIME_LIMIT, Status.DIED, Status.OUTPUT_LIMIT, Status.FAULT])
def test_a_second_job_that_fails_changes_nothing(course: Course, runner: FakeRunner, ended: Status) -> None:
    """The first results stand, however the second job ends."""
    whole = backward(Judge(course, Recorder(runner, Answer(ended)), b"secret", budget=None), course, UNDIVIDED)
    assert whole.score == 5 * 0.0625
    assert not any(check.carried for check in whole.checks)


def test_code_that_hangs_only_when_set_right(course: Course, runner: FakeRunner) -> None:
    """Code that hangs as soon as its delta is right keeps its first result, within its time."""
    exercise = replace(course.exercise("backpropagation"))
    changes = {DELTA2: "delta2 = y - d", BIAS2: f"while np.allclose(delta2, (y - d) / N): pass\n    {BIAS2}"}
    program = submission(course, changes)
    limited = replace(exercise, limits=replace(exercise.limits, cpu=0.3))
    grading = Judge(replace(course, exercises=(limited,)), runner, b"secret", budget=None).judge(limited, program)
    (result,) = (question for question in grading.questions if question.id == "backward")
    assert not any(check.carried for check in result.checks)
    assert by_output(result)["delta2"].verdict is Verdict.WRONG_ANSWER


def test_two_runs_agree(judge: Judge, course: Course) -> None:
    """The same submission has the same results, to the last bit."""
    assert backward(judge, course, UNDIVIDED | NO_RELU) == backward(judge, course, UNDIVIDED | NO_RELU)
