"""Errors carried between functions: an error in one costs its points once, in a course of functions that call it.

Covers `core/judging/between_rerun.py` and `core/judging/rerun_job.py`.
"""

from dataclasses import replace

import pytest

from grader.core.questions.exercise import Course
from grader.core.report.sentences import check_sentence
from grader.core.results.grading import Grading
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer, Job, JobResult, Status
from grader.course.templates import make_untouched_submission
from grader.grading.job_executor import JobExecutor
from grader.grading.judge import Judge
from tests.chained_course import FUNCTIONS, WRONG_AFFINE, WRONG_FORWARD, WRONG_LEAKY, submit, write_chained_course
from tests.fake_runner import FakeRunner

FULL = dict.fromkeys(FUNCTIONS, 2.0)


class Recorder:
    """Pass jobs on and record them; the answers of every later job than the first may be replaced."""

    def __init__(self, runner: JobExecutor, later: Answer | None = None) -> None:
        self._runner = runner
        self._later = later
        self.jobs: list[Job] = []

    def run(self, job: Job) -> JobResult:
        """Run a job."""
        self.jobs.append(job)
        outcome = self._runner.run(job)
        if self._later and len(self.jobs) > 1:
            return replace(outcome, answers=(self._later,) * len(outcome.answers))
        return outcome


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_chained_course(tmp_path_factory.mktemp("chained"))


@pytest.fixture(scope="module")
def runner() -> FakeRunner:
    return FakeRunner()


@pytest.fixture(scope="module")
def judge(course: Course, runner: FakeRunner) -> Judge:
    return Judge(course, runner, b"secret", budget=None)


def grade(judge: Judge, course: Course, **changes: str) -> Grading:
    """Return the grading of the solution with some functions replaced."""
    return judge.judge(course.exercises[0], submit(**changes))


def scores(grading: Grading) -> dict[str, float]:
    """Return the points of each question."""
    return {question.id: question.score for question in grading.questions}


def carried(grading: Grading) -> dict[str, set[tuple[str, ...]]]:
    """Return the functions that were answered for each question's passed checks."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for question in grading.questions:
        found[question.id] = {check.carried for check in question.checks if check.verdict is Verdict.PASSED}
    return found


def test_an_error_costs_its_points_once(judge: Judge, course: Course) -> None:
    """A wrong `affine` costs its own points, and those of functions that return its result unchanged."""
    grading = grade(judge, course, affine=WRONG_AFFINE)
    assert scores(grading) == FULL | {"affine": 0, "output": 0, "layers": 2 - 1}
    found = carried(grading)
    assert found["forward"] == {("affine",)}
    assert found["loss"] == {("forward",)}
    assert found["leaky"] == {()}
    forward = next(question for question in grading.questions if question.id == "forward")
    assert check_sentence(forward.checks[0]) == (
        "Checked with `affine` corrected, so that one error costs points only once."
    )


def test_an_error_in_the_middle(judge: Judge, course: Course) -> None:
    """A wrong `forward`, which returns more than a result of `affine`, costs its own points."""
    grading = grade(judge, course, forward=WRONG_FORWARD)
    assert scores(grading) == FULL | {"forward": 0}
    assert carried(grading)["loss"] == {("forward",)}


def test_several_errors(judge: Judge, course: Course) -> None:
    """Several wrong functions cost their own points each."""
    grading = grade(judge, course, affine=WRONG_AFFINE, leaky=WRONG_LEAKY)
    assert scores(grading) == FULL | {"affine": 0, "leaky": 0, "output": 0, "layers": 1}
    assert carried(grading)["forward"] == {("affine", "leaky")}
    grading = grade(judge, course, affine=WRONG_AFFINE, leaky=WRONG_LEAKY, forward=WRONG_FORWARD)
    assert scores(grading) == FULL | {"affine": 0, "leaky": 0, "forward": 0, "output": 0, "layers": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        "def affine(x, W, b):\n    raise ValueError('no')",
        "def affine(x, W, b):\n    print(x @ W + b)",
        "def affine(x, W, b):\n    return [x @ W, b]",
        "def affine(x, W):\n    return x @ W",
        "def affine(x, W, b):\n    x *= 2\n    return x @ W + b",
        "class affine:\n    def __init__(self, x, W, b): pass",
    ],
)
def test_kinds_of_errors(judge: Judge, course: Course, wrong: str) -> None:
    """It makes no difference how a function is wrong."""
    assert scores(grade(judge, course, affine=wrong)) == FULL | {"affine": 0, "output": 0, "layers": 1}


def test_a_function_that_hangs(course: Course, runner: FakeRunner) -> None:
    """A function that hangs costs those that call it nothing."""
    exercise = course.exercises[0]
    limited = replace(exercise, limits=replace(exercise.limits, cpu=0.1))
    judge = Judge(replace(course, exercises=(limited,)), runner, b"secret", budget=None)
    grading = judge.judge(limited, submit(leaky="def leaky(u):\n    while True: pass"))
    assert scores(grading) == FULL | {"leaky": 0}


@pytest.mark.parametrize(
    "stub",
    [
        "",
        "def affine(x, W, b):\n    pass",
        "def affine(x, W, b):\n    ...",
        "def affine(x, W, b):\n    u = None\n    return u",
        "def affine(x, W, b):\n    return ____",
        "def affine(x, W, b):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
        "affine = None",
        "class Layer:\n    def affine(self, x, W, b):\n        return x @ W - b",
    ],
)
def test_a_function_that_was_not_attempted(judge: Judge, course: Course, stub: str) -> None:
    """A function that was not attempted costs its own points; those that call it are judged with right results."""
    grading = grade(judge, course, affine=stub)
    assert scores(grading) == FULL | {"affine": 0, "output": 0, "layers": 1}
    assert {check.verdict for check in grading.questions[0].checks} == {Verdict.NOT_ATTEMPTED}
    assert carried(grading)["forward"] == {("affine",)}


def test_what_is_called_as_a_method(judge: Judge, course: Course) -> None:
    """A method of a function's name has right results, if there is no such function."""
    layer = "class Layer:\n    def affine(self, x, W, b):\n        return x @ W - b\nlayer = Layer()"
    calls = {name: FUNCTIONS[name].replace("affine(", "layer.affine(") for name in ("forward", "output", "layers")}
    assert scores(grade(judge, course, affine=layer, **calls)) == FULL | {"affine": 0, "output": 0, "layers": 1}
    static = layer.replace("    def", "    @staticmethod\n    def").replace("self, ", "")
    assert scores(grade(judge, course, affine=static, **calls)) == FULL | {"affine": 0, "output": 0, "layers": 1}


def test_arguments_by_name(judge: Judge, course: Course) -> None:
    """Arguments by the names that are asked for are understood, also if the function is missing or has other ones."""
    by_name = {"forward": FUNCTIONS["forward"].replace('W1"], network["b1"]', 'W1"], b=network["b1"]')}
    by_name["forward"] = (
        by_name["forward"]
        .replace("(z1, network", "(b=network['b2'], x=z1, W=network")
        .replace(', network["b2"]) /', ") /")
    )
    for wrong in ("", "def affine(x, W):\n    return x @ W", "def affine(b, W, x):\n    return x @ W - b"):
        assert scores(grade(judge, course, affine=wrong, **by_name))["forward"] == 2


def test_a_function_without_work_of_its_own(judge: Judge, course: Course, runner: FakeRunner) -> None:
    """A function that is the template's earns nothing by the right results of one that was not attempted."""
    (exercise,) = course.exercises
    given = replace(exercise, given_functions=frozenset({"forward"}))
    judge = Judge(replace(course, exercises=(given,)), runner, b"secret", budget=None)
    assert scores(judge.judge(given, submit(affine="")))["forward"] == 0
    assert scores(judge.judge(given, submit(affine=WRONG_AFFINE)))["forward"] == 2


def test_what_was_not_attempted_earns_nothing(judge: Judge, course: Course, runner: FakeRunner) -> None:
    """An untouched template runs once and earns nothing, and neither does a function that only lacks others."""
    recorder = Recorder(runner)
    untouched = make_untouched_submission(course.exercises[0])
    grading = Judge(course, recorder, b"secret", budget=None).judge(course.exercises[0], untouched)
    assert {check.verdict for question in grading.questions for check in question.checks} == {Verdict.NOT_ATTEMPTED}
    assert len(recorder.jobs) == 1
    grading = grade(judge, course, affine="", forward=FUNCTIONS["forward"].replace("leaky(u1)", "____"))
    assert scores(grading)["forward"] == 0
    assert {check.verdict for check in grading.questions[2].checks} <= {Verdict.NOT_ATTEMPTED, Verdict.RUNTIME_ERROR}


def test_a_wrong_caller_stays_wrong(judge: Judge, course: Course, runner: FakeRunner) -> None:
    """A function with an error of its own earns nothing by answered calls; its result is the first one."""
    own = FUNCTIONS["loss"].replace(" / 2", " / 3")
    grading = grade(judge, course, affine=WRONG_AFFINE, loss=own)
    first = grade(
        Judge(course, runner, b"secret", carry_forward=False, budget=None), course, affine=WRONG_AFFINE, loss=own
    )
    at = list(FUNCTIONS).index("loss")
    for before, after in zip(first.questions[at].checks, grading.questions[at].checks, strict=True):
        assert (after.verdict, after.points, after.carried) == (Verdict.WRONG_ANSWER, 0, ("forward",))
        assert (after.reason, after.details, after.printed) == (before.reason, before.details, before.printed)
    assert check_sentence(grading.questions[at].checks[0]).endswith("With `forward` corrected, it is still wrong.")
    assert scores(grading)["slope"] == 2


def test_a_mistake_of_a_caller_is_found(judge: Judge, course: Course) -> None:
    """A known mistake is recognized behind an error in a called function, where its values are other ones."""
    own = FUNCTIONS["loss"].replace(" / 2", "")
    grading = grade(judge, course, affine=WRONG_AFFINE, leaky=WRONG_LEAKY, loss=own)
    (result,) = (question for question in grading.questions if question.id == "loss")
    assert {(check.mistake, check.carried) for check in result.checks} == {("not_halved", ("forward",))}
    assert {check.mistake for check in grading.questions[0].checks} == {"bias_subtracted"}


def test_other_structures(judge: Judge, course: Course) -> None:
    """A caller that calls with other arguments, or under another name, keeps its first result; a helper is no bar."""
    by_row = FUNCTIONS["loss"].replace("forward(x, network)", "np.vstack([forward(r[None], network) for r in x])")
    assert scores(grade(judge, course, forward=WRONG_FORWARD, loss=by_row))["loss"] == 0
    alias = "run = forward\n" + FUNCTIONS["loss"].replace("forward(x", "run(x")
    assert scores(grade(judge, course, forward=WRONG_FORWARD, loss=alias))["loss"] == 0
    helper = "def run(x, n):\n    return forward(network=n, x=x)\n" + FUNCTIONS["loss"].replace("forward(x", "run(x")
    assert scores(grade(judge, course, forward=WRONG_FORWARD, loss=helper))["loss"] == 2


def test_functions_of_one_question(course: Course, runner: FakeRunner) -> None:
    """It makes no difference whether one question asks for both functions or two questions for one each."""
    (exercise,) = course.exercises
    affine, _, forward, *others = exercise.questions
    renamed = tuple(replace(check, name=f"forward_{check.name}") for check in forward.checks)
    both = replace(affine, checks=(*affine.checks, *renamed))
    merged = replace(exercise, questions=(both, *others))
    grading = Judge(replace(course, exercises=(merged,)), runner, b"secret", budget=None).judge(
        merged, submit(affine=WRONG_AFFINE)
    )
    assert scores(grading)["affine"] == scores(grading)["loss"] == 2
    assert [check.carried for check in grading.questions[0].checks] == [(), (), ("affine",), ("affine",)]


def test_right_answers_need_one_job(course: Course, runner: FakeRunner) -> None:
    """A right submission runs once, and so does one whose wrong function is called by no other."""
    for changes in ({}, {"slope": "def slope(x, d, network):\n    return 0.0"}):
        recorder = Recorder(runner)
        grade(Judge(course, recorder, b"secret", budget=None), course, **changes)
        assert len(recorder.jobs) == 1


def test_the_second_job(course: Course, runner: FakeRunner) -> None:
    """The job has the same cells, the checks that failed, those of called functions first, and the time left."""
    recorder = Recorder(runner)
    grade(Judge(course, recorder, b"secret", budget=None), course, affine=WRONG_AFFINE)
    first, second = recorder.jobs
    assert second.cells == first.cells
    assert 0 < second.total_cpu < first.total_cpu
    asked = {(r.question, r.check) for r in second.requests}
    assert asked == {
        (question, check)
        for question in ("forward", "loss", "slope", "layers")
        for check in (("shown", "hidden") if question != "layers" else ("shown_size", "hidden_size"))
    }
    stages = {request.question: request.stage for request in second.requests}
    assert stages["forward"] < stages["loss"] < stages["slope"]


@pytest.mark.parametrize("ended", [Status.TIME_LIMIT, Status.DIED, Status.OUTPUT_LIMIT, Status.FAULT])
def test_a_second_job_that_fails_changes_nothing(course: Course, runner: FakeRunner, ended: Status) -> None:
    """The first results stand, however the second job ends."""
    grading = grade(Judge(course, Recorder(runner, Answer(ended)), b"secret", budget=None), course, affine=WRONG_AFFINE)
    first = grade(Judge(course, runner, b"secret", carry_forward=False, budget=None), course, affine=WRONG_AFFINE)
    assert grading.questions == first.questions


def test_a_function_that_passes_without_answers_changes_nothing(course: Course, runner: FakeRunner) -> None:
    """Right results in the second job count only if a call was answered: luck in a second try doesn't."""
    exercise = course.exercises[0]
    lucky = FUNCTIONS["loss"].replace("forward(x", "own(x") + (
        "\ndef own(x, network):\n    u = x @ network['W1'] + network['b1']\n"
        "    y = (np.where(u > 0, u, 0.1 * u) @ network['W2'] + network['b2']) / len(x)\n"
        "    return y if type(forward) is not type(own) or forward.__code__.co_name == 'stand_in' else 0\n"
    )
    grading = Judge(course, runner, b"secret", budget=None).judge(exercise, submit(forward=WRONG_FORWARD, loss=lucky))
    assert scores(grading)["loss"] == 0


def test_two_runs_agree(judge: Judge, course: Course) -> None:
    """The same submission has the same results, to the last bit."""
    first, second = (grade(judge, course, affine=WRONG_AFFINE, leaky=WRONG_LEAKY) for _ in range(2))
    assert first.questions == second.questions
