"""Diagnosis of wrong answers to the bundled course: edits that mend them, and silence where nothing is certain.

Covers `grading/job_executor.py`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special

from grader.core.compare.tensors import Remark
from grader.core.questions.exercise import Course
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import CodePlace, Departure, KnownMistake, Repair, RepairEdit
from grader.core.wire.job import Answer, Job, JobResult, LimitHit, Status
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
from grader.grading.job_executor import JobExecutor
from grader.grading.judge import Judge
from tests.fake_runner import FakeRunner

HEAD = "import numpy as np\n\n"


class Recorder:
    """Passes jobs on, and counts them and their requests."""

    def __init__(self, runner: JobExecutor) -> None:
        self._runner = runner
        self.jobs: list[Job] = []

    def run(self, job: Job) -> JobResult:
        """Run a job."""
        self.jobs.append(job)
        return self._runner.run(job)


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(bundled_course_folder())


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder(FakeRunner())


Grade = Callable[..., QuestionResult]


@pytest.fixture(scope="module")
def grade(course: Course, recorder: Recorder) -> Grade:
    """Return a function that grades one cell of code: `grade(exercise, question, source)`."""
    judge = Judge(course, recorder, b"secret")

    def graded(exercise: str, question: str, source: str) -> QuestionResult:
        recorder.jobs.clear()
        program = ParsedSubmission((Cell(HEAD + source, label="cell 1"),), exercise)
        results = judge.judge(course.exercise(exercise), program).questions
        return next(result for result in results if result.id == question)

    return graded


def find(result: QuestionResult, kind: type) -> list[Any]:
    """Return the different explanations of a kind."""
    return list(dict.fromkeys(one for check in result.checks for one in check.explanations if isinstance(one, kind)))


def run_repaired(source: str, repair: Repair, name: str) -> Callable[..., Any]:
    """Return a function of a source in which each edit's text is replaced in its line."""
    lines = (HEAD + source).split("\n")
    for edit in repair.edits:
        line = lines[edit.place.line - 1]
        assert line.count(edit.before) == 1
        lines[edit.place.line - 1] = line.replace(edit.before, edit.after)
    namespace: dict[str, Any] = {}
    exec("\n".join(lines), namespace)
    found: Callable[..., Any] = namespace[name]
    return found


SOFTMAX = """def softmax(u):
    powers = np.exp(u)
    return powers / powers.sum(axis=-1, keepdim=True)
"""


def test_claimed_edits_mend(grade: Grade) -> None:
    """What is claimed of an answer with two faults makes a right function of it."""
    result = grade("losses", "softmax", SOFTMAX)
    (repair,) = find(result, Repair)
    assert [(edit.kind, edit.place) for edit in repair.edits] == [
        ("row_maximum", CodePlace("cell 1", 4)),
        ("name", CodePlace("cell 1", 5)),
    ]
    softmax = run_repaired(SOFTMAX, repair, "softmax")
    for u in (np.array([[1.0, 2.0, 3.5], [1000.0, 999.0, 0.0]]), np.array([0.5, -2.0, 0.0])):
        np.testing.assert_allclose(softmax(u), scipy.special.softmax(u, axis=-1), atol=1e-12)
    mended = [check for check in result.checks if check.explanations]
    assert {check.hidden for check in mended} == {False, True}
    assert result.score < result.max_score


def test_points_stay(grade: Grade, course: Course) -> None:
    """Diagnosis adds explanations and changes nothing else."""
    program = ParsedSubmission((Cell(HEAD + SOFTMAX, label="cell 1"),), "losses")
    plain = Judge(course, FakeRunner(), b"secret", budget=None).judge(course.exercise("losses"), program)
    result = grade("losses", "softmax", SOFTMAX)
    before = next(question for question in plain.questions if question.id == "softmax")

    def strip(checks: tuple[CheckResult, ...]) -> list[tuple[object, ...]]:
        return [(check.name, check.verdict, check.points, check.reason, check.remarks) for check in checks]

    assert strip(result.checks) == strip(before.checks)


def test_right_answers_need_no_further_job(grade: Grade, recorder: Recorder) -> None:
    """A right answer costs one job, and so does one that isn't attempted or is fully explained."""
    right = SOFTMAX.replace("exp(u)", "exp(u - u.max(axis=-1, keepdims=True))").replace("keepdim=", "keepdims=")
    for source in (right, "def softmax(u):\n    return ____", "x = 1"):
        grade("losses", "softmax", source)
        assert len(recorder.jobs) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return None",
        "return u",
        "return np.zeros_like(u)",
        "return np.ones_like(u)",
        "return np.full(u.shape, 0.5)",
        "return np.full(u.shape, np.nan)",
        "return np.random.default_rng(0).uniform(size=np.shape(u))",
        "return np.random.normal(size=np.shape(u))",
        "return 10.0",
    ],
)
@pytest.mark.parametrize("question", ["softmax", "sigmoid", "relu", "identity"])
def test_nothing_is_claimed_of_trivial_answers(grade: Grade, question: str, body: str) -> None:
    """Of constants, inputs and random numbers, no edit and no departure is claimed."""
    result = grade("losses" if question == "softmax" else "activations", question, f"def {question}(u):\n    {body}")
    assert find(result, Repair) == []
    assert find(result, Departure) == []


def test_where_it_first_goes_wrong(grade: Grade) -> None:
    """The first variable that departs is named with its line; variables before it are right."""
    source = (
        "def backward(network, x, d, u1, z1, y):\n    N = len(x)\n    grad = {}\n    delta2 = (y - d) / N\n"
        '    grad["b2"] = np.sum(delta2, axis=0)\n    grad["W2"] = np.dot(z1.T, delta2)\n'
        '    delta1 = np.repeat(np.dot(delta2, network["W2"].T) * (u1 > 0), 3, axis=0)\n'
        '    grad["b1"] = np.sum(delta1, axis=0)\n    grad["W1"] = np.dot(x.T, delta1)\n    return grad\n'
    )
    result = grade("backpropagation", "backward", source)
    departures = find(result, Departure)
    assert {(one.kind, one.variable, one.place.line) for one in departures} == {("shape", "delta1", 9)}
    assert all(one.actual[0] == 3 * one.expected[0] for one in departures)


BACKWARD = """def backward(network, x, d, u1, z1, y):
    N = len(x)
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad
"""


def test_an_edit_that_raises_mends_nothing(grade: Grade) -> None:
    """An edited function whose variables are right when it raises, though it returned before, isn't mended."""
    noise = "    for k in grad:\n        grad[k] = grad[k] + np.random.default_rng(0).normal(size=grad[k].shape)\n"
    result = grade("backpropagation", "backward", BACKWARD.replace("    return", f"{noise}    return"))
    assert not any(edit.kind == "name" for repair in find(result, Repair) for edit in repair.edits)


def test_a_name_with_another_meaning_is_no_departure(grade: Grade) -> None:
    """A variable that may lawfully mean something else isn't told as where it goes wrong, though one before agrees."""
    source = (
        "def cross_entropy_error(d, y):\n    d = np.asarray(d)\n    if y.ndim == 1:\n        y = y.reshape(1, -1)\n"
        "        d = d.reshape(1, -1)\n    N = len(y)\n"
        "    label = np.argmax(d, axis=1) if d.shape == y.shape else d.ravel()\n"
        "    right = np.log(y[np.arange(N), label] + 1e-7)\n    return np.sum(right) / N + N * 0.37 + label[0]\n"
    )
    assert find(grade("losses", "cross_entropy_error", source), Departure) == []


def test_a_departure_without_which_it_is_wrong_too(grade: Grade) -> None:
    """A check that is still wrong with a variable corrected isn't explained by that variable."""
    source = BACKWARD.replace("(y - d) / N", "y - d").replace('axis=0)\n    grad["W2"]', 'axis=0) / N\n    grad["W2"]')
    source = source.replace("np.dot(z1.T, delta2)", "np.dot(z1.T, delta2) / N")
    source = source.replace("delta1, axis=0)", "delta1, axis=0) / N").replace("x.T, delta1)", "x.T, delta1 ** 2) / N")
    result = grade("backpropagation", "backward", source)
    departed = {c.name for c in result.checks if any(isinstance(one, Departure) for one in c.explanations)}
    assert departed == set()
    assert next(c for c in result.checks if c.name == "small_batch_delta2").mistake == "not_divided"


def test_a_departure_before_an_edit_that_mends_is_none(grade: Grade) -> None:
    """A name that the student gave to something else isn't blamed where an edit behind it mends."""
    source = (
        "def backward(network, x, d, u1, z1, y):\n    delta1 = (y - d) / len(x)\n    g2 = z1.T @ delta1\n"
        "    h = delta1 @ network['W2'].T\n    h = h * (z1 >= 0)\n"
        "    return {'W1': x.T @ h, 'b1': h.sum(0), 'W2': g2, 'b2': delta1.sum(0)}\n"
    )
    result = grade("backpropagation", "backward", source)
    assert find(result, Departure) == []
    assert {edit.place.line for repair in find(result, Repair) for edit in repair.edits} == {7}
    places = {one.place for check in result.checks for one in check.explanations if isinstance(one, KnownMistake)}
    assert places <= {None}


def test_a_line_for_the_parameters_is_told_at_the_head(grade: Grade) -> None:
    """An added line that changes the parameters is told at the line where these stand, not at a line about others."""
    source = (
        "def cross_entropy_error(y, d):\n    if y.ndim == 1:\n"
        "        y = y.reshape(1, -1); d = d.reshape(1, -1)\n    return -np.sum(d * np.log(y + 1e-7)) / len(y)\n"
    )
    edits = [edit for repair in find(grade("losses", "cross_entropy_error", source), Repair) for edit in repair.edits]
    assert [(edit.kind, edit.place.line, edit.before) for edit in edits] == [("argument_order", 3, "")]


def test_the_same_submission_is_told_the_same(grade: Grade) -> None:
    """Two gradings of the same submission give equal results."""
    assert grade("losses", "softmax", SOFTMAX).checks == grade("losses", "softmax", SOFTMAX).checks


ONE = "def softmax(u):\n    return u + 1\n"
HOSTILE = {
    "huge": "def softmax(u):\n" + "    u = u + 1\n" * 20_000 + "    return u",
    "long line": "def softmax(u):\n    return " + "u + " * 5000 + "u",
    "nested brackets": "def softmax(u):\n    return " + "(" * 90 + "u" + ")" * 90 + " + 1",
    "nested blocks": "def softmax(u):\n"
    + "".join(f"{' ' * n}if 1:\n" for n in range(4, 22))
    + " " * 22
    + "return u * 2",
    "many signs": "def softmax(u):\n    return " + "-" * 900 + "u + 1",
    "another code": f"{ONE}def other(u):\n    return u * 3\nsoftmax.__code__ = other.__code__",
    "no text": "exec('def softmax(u):\\n    return u + 1')",
    "wrong text": f"{ONE}import linecache\nlinecache.cache.clear()",
    "false text": f"{ONE}import linecache\nlinecache.getlines = lambda *a: ['def softmax(u):\\n', '    return 0']",
    "object": (
        "class S:\n    __code__ = (lambda u: u).__code__\n"
        "    def __call__(self, u):\n        return u + 1\nsoftmax = S()"
    ),
    "decorated": (
        "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def g(u):\n        return 2 * f(u)\n"
        "    return g\n@twice\ndef softmax(u):\n    return np.exp(u)"
    ),
    "nested": "def softmax(u):\n    def inner(v):\n        return np.exp(v)\n    return inner(u) / inner(u).sum()",
    "lambda": "softmax = lambda u: np.exp(u) / np.exp(u).sum()",
    "changes itself": (
        "count = 0\ndef softmax(u):\n    global count, softmax\n    count += 1\n"
        "    softmax = np.exp\n    return u + count"
    ),
    "changes ast": f"{ONE}import ast\nast.parse = lambda *a, **k: 1 / 0\nast.walk = None",
    "changes numpy": f"{ONE}np.exp = np.sum = None",
    "exits when edited": (
        "import os\nmarks = []\ndef softmax(u):\n    marks.append(softmax.__code__)\n"
        "    if len(set(marks)) > 1:\n        os._exit(3)\n    return np.tanh(u) * np.cos(u)"
    ),
    "recursion": "def softmax(u):\n    return softmax(u)",
    "generator": "def softmax(u):\n    yield u + 1",
    "async": "async def softmax(u):\n    return u + 1",
    "method": "class A:\n    def softmax(self, u):\n        return u + 1\nsoftmax = A().softmax",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_functions(grade: Grade, source: str) -> None:
    """Whatever a function is made of, the submission is graded, and claims that are made have a line of the cell."""
    result = grade("losses", "softmax", source)
    assert result.score < result.max_score
    for repair in find(result, Repair):
        lines = (HEAD + source).split("\n")
        assert all(isinstance(edit, RepairEdit) and edit.place.line <= len(lines) for edit in repair.edits)
        assert all(edit.before.split("\n")[0] in lines[edit.place.line - 1] for edit in repair.edits)


def test_a_function_that_dies_when_it_is_changed_costs_three_children(course: Course) -> None:
    """After its tracing and two trials, each of which ends its child, the search ends, and nothing is claimed."""
    runner = FakeRunner()
    program = ParsedSubmission((Cell(HEAD + HOSTILE["exits when edited"], label="cell 1"),), "losses")
    grading = Judge(course, runner, b"secret").judge(course.exercise("losses"), program)
    assert runner.children == 1 + 3
    assert all(find(question, Repair) == [] for question in grading.questions)


def test_a_search_needs_two_children(course: Course) -> None:
    """All trials run in one child, whose cells run once; another one confirms what was found."""
    runner = FakeRunner()
    program = ParsedSubmission((Cell(HEAD + SOFTMAX, label="cell 1"),), "losses")
    grading = Judge(course, runner, b"secret").judge(course.exercise("losses"), program)
    assert runner.children == 1 + 2
    assert any(find(question, Repair) for question in grading.questions)


COUNTED = """def softmax(u):
    flat = np.reshape(u, (-1, u.shape[-1]))
    result = np.zeros(flat.shape)
    row = 0
    while row < len(flat):
        result[row] = np.exp(flat[row]) * np.sum(np.exp(flat[row]))
        row += 1
    return np.reshape(result, u.shape)
"""
SLOW = {
    "many lines": "def softmax(u):\n    for _ in range(300_000):\n        u = u + 1\n    return u",
    "large arrays": "def softmax(u):\n    return u + np.ones((1500, 1500)).sum()",
}


def test_an_edit_that_makes_a_loop_endless_costs_no_child(course: Course) -> None:
    """A trial is stopped after a counted number of lines, so that its child goes on with the next one."""
    runner = FakeRunner()
    program = ParsedSubmission((Cell(HEAD + COUNTED, label="cell 1"),), "losses")
    grading = Judge(course, runner, b"secret").judge(course.exercise("losses"), program)
    result = next(question for question in grading.questions if question.id == "softmax")
    assert runner.children == 1 + 2
    assert 8 in {edit.place.line for repair in find(result, Repair) for edit in repair.edits}


@pytest.mark.parametrize("source", SLOW.values(), ids=SLOW)
def test_a_slow_answer_is_not_searched(course: Course, source: str) -> None:
    """An answer that runs many lines, or holds large arrays, costs one more child and no search, whatever the clock."""
    runner = Recorder(FakeRunner())
    program = ParsedSubmission((Cell(HEAD + source, label="cell 1"),), "losses")
    Judge(course, runner, b"secret").judge(course.exercise("losses"), program)
    assert len(runner.jobs) == 2


def test_what_a_clock_ends_is_said(course: Course) -> None:
    """Where the time of all jobs together is used up, nothing is claimed, and the visible checks say so."""

    class NoTime:
        def run(self, job: Job) -> JobResult:
            if not job.is_repeated:
                return FakeRunner().run(job)
            hit = LimitHit("total_cpu", 1.0, 1.0, "s")
            return JobResult("none", (), (Answer(Status.TIME_LIMIT, limit=hit),) * len(job.requests))

    program = ParsedSubmission((Cell(HEAD + SOFTMAX, label="cell 1"),), "losses")
    grading = Judge(course, NoTime(), b"secret").judge(course.exercise("losses"), program)
    result = next(question for question in grading.questions if question.id == "softmax")
    stopped = [check for check in result.checks if Remark("search_stopped", "") in check.remarks]
    assert stopped
    assert not any(check.hidden for check in stopped)
    assert find(result, Repair) == find(result, Departure) == []


CALLING_BACKWARD = """def {defined}(u):
    return np.where(u > 0, 1.0, 0.0)


def backward(network, x, d, u1, z1, y):
    delta2 = (y - d) / len(x)
    delta1 = np.dot(delta2, network["W2"].T) * {called}(u1)
    return {{
        "W1": np.dot(x.T, delta1),
        "b1": np.sum(delta1, axis=0),
        "W2": np.dot(z1.T, delta2),
        "b2": np.sum(delta2, axis=0),
    }}
"""


@pytest.mark.parametrize(("defined", "called"), [("d_reluu", "d_relu"), ("d_relu", "d_reluu")])
def test_the_misspelt_one_of_two_names_is_blamed(grade: Grade, defined: str, called: str) -> None:
    """A call by the name that is asked for is right, even if the definition is misspelt; a misspelt call is not."""
    result = grade("backpropagation", "backward", CALLING_BACKWARD.format(defined=defined, called=called))
    assert any(f"name '{called}' is not defined" in str(check.reason) for check in result.checks)
    edits = [edit for repair in find(result, Repair) for edit in repair.edits]
    assert [edit.before for edit in edits] == ([called] if called == "d_reluu" else [])
