"""Tests of judging one submission with the real sandbox, from a course's folder to a grading.

Covers `core/judging/answer_results.py`, `core/judging/grade_question.py` and
`core/results/grading.py`.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.core.compare.tensors import Remark
from grader.core.report.sentences import check_sentence
from grader.core.results.grading import CheckResult, Grading
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer, CellRun, ExceptionInfo, Job, JobResult, LimitHit, Limits, Status
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import load_course
from grader.grading.job_executor import JobExecutor
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox

RIGHT = "import numpy as np\ndef twice(x):\n    return 2 * x"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The strongest sandbox of this machine."""
    with Sandbox() as running:
        yield running


class Recorder:
    """Passes jobs on, and records them."""

    def __init__(self, runner: JobExecutor) -> None:
        self._runner = runner
        self.jobs: list[Job] = []

    def run(self, job: Job) -> JobResult:
        """Run a job."""
        self.jobs.append(job)
        return self._runner.run(job)


class Faulty:
    """A sandbox that fails."""

    def run(self, job: Job) -> JobResult:
        """Return a fault for every request."""
        cells = tuple(CellRun(cell.label, Status.FAULT) for cell in job.cells)
        return JobResult("full", cells, (Answer(Status.FAULT),) * len(job.requests))


def program(*sources: str, statement_by_statement: bool = False) -> ParsedSubmission:
    """Return a submission of code cells."""
    cells = tuple(Cell(source, label=f"cell {number}") for number, source in enumerate(sources, 1))
    return ParsedSubmission(cells, statement_by_statement=statement_by_statement)


def graded(folder: Path, runner: JobExecutor, submission: ParsedSubmission, *, visible_only: bool = False) -> Grading:
    """Return the grading of a submission to the small course."""
    course = load_course(folder)
    return Judge(course, runner, b"secret", visible_only=visible_only).judge(course.exercises[0], submission)


def checks(grading: Grading) -> list[CheckResult]:
    """Return the results of all checks, in order."""
    return [check for question in grading.questions for check in question.checks]


def test_a_right_answer(course_folder: Path, sandbox: Sandbox) -> None:
    """A right function passes every check and earns all points; the level and the course's version are recorded."""
    grading = graded(course_folder, sandbox, program(RIGHT))
    assert [check.verdict for check in checks(grading)] == [Verdict.PASSED, Verdict.PASSED]
    assert (grading.score, grading.max_score, grading.pending, grading.has_grader_error) == (3.0, 3.0, 0.0, False)
    assert grading.sandbox == str(sandbox.level)
    assert grading.course_version == load_course(course_folder).version
    assert b"secret".hex() not in grading.seed


def test_only_visible_checks(course_folder: Path, sandbox: Sandbox) -> None:
    """A student's own run makes no request for hidden checks."""
    recorder = Recorder(sandbox)
    grading = graded(course_folder, recorder, program(RIGHT), visible_only=True)
    assert [check.name for check in checks(grading)] == ["a_row"]
    assert [request.check for request in recorder.jobs[0].requests] == ["a_row"]


def test_a_known_mistake(course_folder: Path, sandbox: Sandbox) -> None:
    """A known mistake is named in every check that it fails; the visible one shows the tensors."""
    grading = graded(course_folder, sandbox, program("def twice(x):\n    return x * x"))
    visible, hidden = checks(grading)
    assert (visible.verdict, visible.mistake, hidden.mistake) == (Verdict.WRONG_ANSWER, "squared", "squared")
    assert visible.details
    assert visible.details.inputs[0].label == "x"
    assert hidden.details is None
    assert grading.score == 0


def test_another_mistake(course_folder: Path, sandbox: Sandbox) -> None:
    """A wrong answer that no known mistake explains is described by its facts."""
    visible, hidden = checks(graded(course_folder, sandbox, program("def twice(x):\n    return x[:1]")))
    assert (visible.verdict, visible.mistake) == (Verdict.WRONG_ANSWER, None)
    assert check_sentence(visible) == "The result has shape (1,); expected shape (3,)."
    assert check_sentence(hidden) == "The result is not what was expected: its shape differs."


def test_an_exception(course_folder: Path, sandbox: Sandbox) -> None:
    """An exception is reported with its line; for a hidden check only with its type."""
    visible, hidden = checks(graded(course_folder, sandbox, program("def twice(x):\n    return x.dim")))
    assert visible.verdict is hidden.verdict is Verdict.RUNTIME_ERROR
    assert isinstance(visible.reason, ExceptionInfo)
    assert (visible.reason.type, visible.reason.line, visible.reason.text) == ("AttributeError", 2, "    return x.dim")
    assert "x.dim" not in check_sentence(hidden)


NOT_THERE = {
    "not defined": (("x = 1",), Verdict.NOT_ATTEMPTED, "`twice` was not found"),
    "empty": ((), Verdict.NOT_ATTEMPTED, "`twice` was not found"),
    "a blank inside": (
        ("def twice(x):\n    y = ____\n    return y",),
        Verdict.NOT_ATTEMPTED,
        "A blank (`____`) is still",
    ),
    "a blank that is swallowed": (
        ("def twice(x):\n    try:\n        return ____\n    except NameError:\n        return x",),
        *(Verdict.NOT_ATTEMPTED, "A blank (`____`) is still"),
    ),
    "a blank in the way": (("def twice(x=____):\n    return x",), Verdict.NOT_ATTEMPTED, "`twice`"),
    "not Python": (("def twice(x) return x",), Verdict.RUNTIME_ERROR, "Line 1 of cell 1"),
    "stopped before it": (("1 / 0\ndef twice(x):\n    return x",), Verdict.RUNTIME_ERROR, "ZeroDivisionError"),
    "dead": (
        ("def twice(x):\n    return x\nimport os\nos._exit(0)",),
        Verdict.RUNTIME_ERROR,
        "ended the Python process",
    ),
    "no function": (("twice = 3",), Verdict.NOT_ATTEMPTED, "`twice`"),
    "no function any more": (
        (RIGHT, "twice = twice(3)"),
        Verdict.RUNTIME_ERROR,
        "`twice` is not a function after your cells have run: its type is int. "
        "The last cell that assigns it is cell 2.",
    ),
    "a name that is missing before it": (
        (f"use_my_style()\n{RIGHT}",),
        Verdict.RUNTIME_ERROR,
        "Line 1 of cell 1 (`use_my_style()`) raised NameError: name 'use_my_style' is not defined",
    ),
    "an import that was not reached": (
        ("assert False\nimport numpy as np", "def twice(x):\n    return np.multiply(x, 2)"),
        Verdict.RUNTIME_ERROR,
        "Line 2 of cell 2 (`return np.multiply(x, 2)`) raised NameError: name 'np' is not defined. "
        "`np` is missing because cell 1 failed before it was defined.",
    ),
    "an import that was not reached, needed at once": (
        ("assert False\nfrom numpy import (\n    float64,\n    e,\n)", "e\ndef twice(x):\n    return 2 * x"),
        Verdict.RUNTIME_ERROR,
        "`e` is missing because cell 1 failed before it was defined.",
    ),
    "a built-in function that became something else": (
        ("total = 0\nsum = 3", "def twice(x):\n    return sum(x, x)"),
        Verdict.RUNTIME_ERROR,
        "The type of `sum` is int here. The last cell that assigns it is cell 1.",
    ),
    "a module that became something else": (
        ("import numpy as np", "np = 3", "def twice(x):\n    return np.multiply(x, 2)"),
        Verdict.RUNTIME_ERROR,
        "The type of `np` is int here. The last cell that assigns it is cell 2.",
    ),
    "a name that a blank left out": (
        ("W = ____", "V = W\ndef twice(x):\n    return V * x"),
        Verdict.NOT_ATTEMPTED,
        "`twice` was not found",
    ),
}


@pytest.mark.parametrize(("cells", "verdict", "sentence"), NOT_THERE.values(), ids=NOT_THERE.keys())
def test_the_reason_for_a_missing_result(
    course_folder: Path, sandbox: Sandbox, cells: tuple[str, ...], verdict: Verdict, sentence: str
) -> None:
    """A missing function, or a blank, is not attempted; if its cell failed, the reason is given."""
    grading = graded(course_folder, sandbox, program(*cells))
    visible = checks(grading)[0]
    assert (visible.verdict, grading.score) == (verdict, 0.0)
    assert sentence in check_sentence(visible)


@pytest.mark.parametrize(("source", "question"), [(RIGHT, None), ("# my answer", "twice")])
def test_code_in_a_text_cell(course_folder: Path, sandbox: Sandbox, source: str, question: str | None) -> None:
    """A question whose cell became a text cell is not attempted, and its cell is named."""
    submission = ParsedSubmission((Cell("x = 1", label="cell 1"), Cell(source, "markdown", "cell 2", question)))
    visible = checks(graded(course_folder, sandbox, submission))[0]
    assert visible.verdict is Verdict.NOT_ATTEMPTED
    assert check_sentence(visible) == (
        "`twice` was not found: cell 2 is text (markdown or raw). Change its type to code."
    )


def test_a_script_with_an_error_elsewhere(course_folder: Path, sandbox: Sandbox) -> None:
    """A part of a script that doesn't parse affects only itself; the function beside it earns its points."""
    grading = graded(
        course_folder, sandbox, program(f"def other(x) return x\n\n{RIGHT}\n1 / 0\n", statement_by_statement=True)
    )
    assert grading.score == 3
    assert grading.cells[0].raised
    assert (grading.cells[0].raised.type, grading.cells[0].raised.line) == ("SyntaxError", 1)


@pytest.mark.parametrize(
    "error", ["def twice(x) return x", "def twice(x):\nreturn x", "def twice(x):\n  y = 1\n    return x"]
)
def test_a_scripts_own_error(course_folder: Path, sandbox: Sandbox, error: str) -> None:
    """A function in a script that doesn't parse is a runtime error, and not a missing function."""
    visible = checks(graded(course_folder, sandbox, program(f"a = 1\n\n{error}\n", statement_by_statement=True)))[0]
    assert visible.verdict is Verdict.RUNTIME_ERROR
    assert isinstance(visible.reason, ExceptionInfo)
    assert visible.reason.type in ("SyntaxError", "IndentationError")


def test_remarks_cost_no_points(course_folder: Path, sandbox: Sandbox) -> None:
    """Numpy's warnings, printed text, and a changed argument are remarks on a passed check."""
    source = "import numpy as np\ndef twice(x):\n    print('é')\n    np.log(-1.0)\n    x *= 2\n    return x"
    passed = checks(graded(course_folder, sandbox, program(source)))[0]
    assert (passed.verdict, passed.points, passed.printed) == (Verdict.PASSED, 1.0, "é\n")
    expected_remarks = {
        Remark("warning", "invalid value encountered in log"),
        Remark("printed", "3"),
        Remark("changed", "x"),
    }
    assert set(passed.remarks) == expected_remarks


def test_a_sandbox_failure_is_pending(course_folder: Path) -> None:
    """If the sandbox fails, no points are lost or earned: they are pending."""
    grading = graded(course_folder, Faulty(), program(RIGHT))
    assert [check.verdict for check in checks(grading)] == [Verdict.GRADER_ERROR, Verdict.GRADER_ERROR]
    assert (grading.score, grading.pending, grading.has_grader_error) == (0.0, 3.0, True)


def limited(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """Return the small course with text in its files replaced: file, old, new."""
    for file, old, new in edits:
        path = folder / "reference" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
    return folder


def test_limits_of_course_exercise_question_and_check(course_folder: Path, sandbox: Sandbox) -> None:
    """A limit may be set for course, exercise, question and check; the innermost one applies."""
    toml = "\n[limits]\ncpu = 3\nwall = 31\nmemory = 300_000_000\nprinted = 10\n"
    folder = limited(
        course_folder,
        (
            "course.toml",
            '["doubling"]\n',
            f'["doubling"]\n{toml}\n[exercise.doubling.limits]\nwall = 32\noutput = 9_000\n',
        ),
        (
            "doubling/checks.py",
            "reference=solution.twice)",
            'reference=solution.twice, limits={"memory": 400_000_000})',
        ),
        ("doubling/checks.py", "points=2, hidden=True)", 'points=2, hidden=True, limits={"cpu": 4, "printed": 20})'),
    )
    recorder = Recorder(sandbox)
    printing = "def twice(x):\n    print('x' * 30)\n    return 2 * x"
    visible, hidden = checks(graded(folder, recorder, program(printing)))
    job = recorder.jobs[0]
    of_exercise = Limits(cpu=3, wall=32, memory=300_000_000, output=9_000, printed=10, sleep=32)
    of_question = replace(of_exercise, memory=400_000_000)
    assert job.cell_limits == of_exercise
    assert [request.limits for request in job.requests] == [of_question, replace(of_question, cpu=4, printed=20)]
    assert (len(visible.printed), len(hidden.printed)) == (10, 20)
    assert Remark("printed", "31") in visible.remarks


def test_the_budget_follows_the_limits(course_folder: Path, sandbox: Sandbox) -> None:
    """A course that allows its cells more time also allows the whole submission more."""
    recorder = Recorder(sandbox)
    graded(course_folder, recorder, program(RIGHT))
    graded(
        limited(course_folder, ("course.toml", "]\n", "]\n[limits]\ncpu = 60\nwall = 100\n")), recorder, program(RIGHT)
    )
    first, second = recorder.jobs
    assert (first.total_cpu, first.total_wall, first.total_sleep) == (20.0, 60.0, 3.0)
    assert (second.total_cpu, second.total_wall, second.total_sleep) == (600.0, 600.0, 200.0)


@pytest.mark.parametrize(
    ("limit", "body", "verdict", "sentence"),
    [
        ('"cpu": 0.3', "while True: pass", Verdict.TIME_LIMIT, "the limit of 0.3 s of processor time was exceeded."),
        (
            '"wall": 0.3',
            "import time; time.sleep(999)",
            Verdict.TIME_LIMIT,
            "the limit of 0.3 s of elapsed time was exceeded.",
        ),
        (
            '"sleep": 0.3',
            "import time; time.sleep(999)",
            Verdict.TIME_LIMIT,
            "the limit of 0.3 s of sleeping or waiting was exceeded.",
        ),
        ('"memory": 2**27', "return bytearray(2**30)", Verdict.MEMORY_LIMIT, "the limit of 128 MB of memory"),
        (
            '"output": 2**10',
            "return [0.5] * 2000",
            Verdict.OUTPUT_LIMIT,
            "Stopped after 16 kB of returned data; the limit is 1 kB.",
        ),
    ],
)
def test_every_limit_has_its_verdict(
    course_folder: Path, sandbox: Sandbox, limit: str, body: str, verdict: Verdict, sentence: str
) -> None:
    """Code that exceeds a limit gets that limit's verdict and a sentence that names it."""
    change = ("doubling/checks.py", "@twice.check(points=1)", f"@twice.check(points=1, limits={{{limit}}})")
    grading = graded(limited(course_folder, change), sandbox, program(f"def twice(x):\n    {body}"))
    visible = checks(grading)[0]
    assert visible.verdict is verdict
    assert isinstance(visible.reason, LimitHit)
    used = USED.get(visible.reason.name)
    assert sentence in check_sentence(replace(visible, reason=replace(visible.reason, used=used)))


USED = {"output": 2**14}
"""The use that a test states for a limit; other values differ from run to run."""


def test_reference_data_are_computed_once(course_folder: Path, sandbox: Sandbox) -> None:
    """A judge computes inputs and expected tensors once; every submission gets the same ones."""
    course = load_course(course_folder)
    recorder = Recorder(sandbox)
    judge = Judge(course, recorder, b"secret")
    for _ in range(2):
        judge.judge(course.exercises[0], program(RIGHT))
    first, second = recorder.jobs
    assert first.requests is second.requests


def test_inputs_depend_on_the_secret(course_folder: Path, sandbox: Sandbox) -> None:
    """Another secret gives other inputs and another fingerprint."""
    course = load_course(course_folder)
    recorder = Recorder(sandbox)
    seeds = {Judge(course, recorder, secret).judge(course.exercises[0], program(RIGHT)).seed for secret in (b"a", b"b")}
    first, second = (repr(job.requests[0].actions[0]) for job in recorder.jobs)
    assert (len(seeds), first == second) == (2, False)
