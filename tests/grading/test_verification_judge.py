"""The judge of verification runs a submission once, and judges its results in every dtype."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.core.results.verdict import Verdict
from grader.core.wire.job import Job, JobResult
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import load_course
from grader.course.templates import make_solved_submission
from grader.grading.verification_judge import SandboxJudge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox


class CountingRunner:
    """Counts the jobs that a sandbox runs."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.jobs = 0

    def run(self, job: Job) -> JobResult:
        """Run a job and count it."""
        self.jobs += 1
        return self._sandbox.run(job)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return the strongest sandbox of this machine."""
    with Sandbox(min_level=Level.SECCOMP) as running:
        yield running


def test_one_run_for_all_dtypes(course_folder: Path, sandbox: Sandbox) -> None:
    """The same submission runs once; its results in float32 pass with a remark, those in float16 don't."""
    course = load_course(course_folder)
    runner = CountingRunner(sandbox)
    judge = SandboxJudge(course, runner, b"secret")
    (exercise,) = course.exercises
    solved = make_solved_submission(exercise)
    assert judge.judge(exercise, solved).score == 3
    (single,) = judge.judge(exercise, solved, "float32").questions
    assert single.score == 3
    assert {remark.kind for check in single.checks for remark in check.remarks} == {"low_precision"}
    (half,) = judge.judge(exercise, solved, "float16").questions
    assert {check.verdict for check in half.checks} == {Verdict.WRONG_ANSWER}
    assert runner.jobs == 1
    other = ParsedSubmission((Cell("def twice(x):\n    return x + 2\n"),), exercise.name)
    assert judge.judge(exercise, other).score == 0
    assert judge.judge(exercise, solved).score == 3
    assert runner.jobs == 2
