"""Judges tasks, with a course, a judge and a warm sandbox of its own: the part of a worker that does the work."""

from collections.abc import Mapping
from typing import Final, Self

from grader.core.errors import CourseError, UnreadableSubmission
from grader.core.judging.reference_data import ReferenceData
from grader.core.judging.repair.budget import CHECK_BUDGET, GRADE_BUDGET
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.core.wire.job import Job, JobResult
from grader.core.wire.submission import ParsedSubmission
from grader.course.loader import load_course
from grader.formats.read_submission import parse_submission
from grader.grading.diagnosis import Announce
from grader.grading.judge import Judge
from grader.grading.step_deadline import StepDeadline
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

PREPARATION_TIMEOUT_S: Final = 300.0
"""Seconds of the first task of an exercise, which also computes what is expected of its submissions."""
SANDBOX_MARGIN_S: Final = 240.0
"""Seconds in addition to a job's own limit: a sandbox that doesn't start ends within its own time limits."""


class Worker:
    """Judges tasks one by one in this process; loads the course unless it is given.

    Each step of a task has a time limit, which `deadline` makes known; another process enforces it.
    """

    def __init__(
        self,
        setup: GradingConfig,
        course: Course | None = None,
        reference_data: Mapping[str, ReferenceData] | None = None,
        deadline: StepDeadline | None = None,
    ) -> None:
        self.course = course or load_course(setup.course)
        if self.course.version != setup.version:
            raise CourseError(f"{setup.course} was changed while it was in use: run the command again")
        self._setup = setup
        self._sandbox = Sandbox(setup.level, setup.min_level, self.course.packages)
        self._deadline = deadline or StepDeadline()
        self._prepared: set[str] = set()
        runner = _TimedRunner(self._sandbox, self._deadline, setup.judging_timeout)
        self._judge = Judge(
            self.course,
            runner,
            setup.secret,
            visible_only=setup.visible_only,
            reference_data=reference_data,
            budget=CHECK_BUDGET if setup.visible_only else GRADE_BUDGET,
        )

    def __enter__(self) -> Self:
        self._sandbox.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    @property
    def level(self) -> Level:
        """The sandbox's level."""
        return self._sandbox.level

    def grade_task(self, task: GradingTask) -> TaskResult:
        """Judge one task. Raises CourseError if the course's own code fails."""
        known = task.exercise in self._prepared
        self._deadline.begin_step(self._setup.judging_timeout if known else PREPARATION_TIMEOUT_S)
        try:
            result = self._grade(task)
        finally:
            self._deadline.end_step()
        self._prepared.add(task.exercise)
        return result

    def _grade(self, task: GradingTask) -> TaskResult:
        try:
            program = parse_submission(task.file_name, task.data)
        except UnreadableSubmission as error:
            return TaskResult(task.id, str(error))
        return TaskResult(task.id, self.judge(task.exercise, program))

    def judge(self, exercise: str, program: ParsedSubmission, announce: Announce | None = None) -> Grading:
        """Judge one program. Raises CourseError if the course's own code fails."""
        return self._judge.judge(self.course.exercise(exercise), program, announce)


class _TimedRunner:
    """Runs jobs in the sandbox, and sets the time limit of each step: of the job, and of the judging after it."""

    def __init__(self, sandbox: Sandbox, deadline: StepDeadline, judging_timeout: float) -> None:
        self._sandbox, self._deadline, self._judging_timeout = sandbox, deadline, judging_timeout

    def run(self, job: Job) -> JobResult:
        """Run a job."""
        self._deadline.begin_step(job.total_wall + SANDBOX_MARGIN_S, usually=job.total_wall)
        try:
            return self._sandbox.run(job)
        finally:
            self._deadline.begin_step(self._judging_timeout)
