"""The judge of a course's verification: a submission runs once, and is judged as it is and cast to other dtypes."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import numpy as np

from grader.core.identity_cache import IdentityCache
from grader.core.judging.cast_values import cast_answer
from grader.core.judging.reference_data import ReferenceData, compute_reference_data
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import Grading
from grader.core.wire.job import Answer, Job, JobResult, Request
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.grading.job_executor import JobExecutor
from grader.grading.judge import Judge

_MAX_SHARED_ANSWERS: Final = 4096


class SandboxJudge:
    """Grades submissions of one course with one secret; keeps each exercise's reference data.

    Without `carry_forward`, checks that fail behind an earlier error are not run again; full marks don't depend on it.
    """

    def __init__(self, course: Course, runner: JobExecutor, secret: bytes, *, carry_forward: bool = True) -> None:
        self._course = course
        self._carries_forward = carry_forward
        self._runner = _RecordedResults(runner)
        self._secret = secret
        self._reference_data: dict[str, ReferenceData] = {}
        self._judges: dict[tuple[object, ...], Judge] = {}
        self._graded: tuple[Exercise, dict[tuple[tuple[Cell, ...], bool], Grading]] | None = None

    def judge(self, exercise: Exercise, program: ParsedSubmission, dtype: str = "") -> Grading:
        """Grade a submission. With a `dtype`, all floats that its functions give are converted to it.

        Converted results are judged as they are, without another run in which earlier errors are set right. An exercise
        may come with some of its questions or known mistakes only: these are judged, against the data of all. Gradings
        of unconverted results are kept as long as the exercise stays the same.
        """
        if dtype:
            return self._get_judge(exercise, dtype).judge(exercise, program)
        if self._graded is None or self._graded[0] is not exercise:
            self._graded = exercise, {}
        gradings, key = self._graded[1], (program.cells, program.statement_by_statement)
        if key not in gradings:
            gradings[key] = self._get_judge(exercise, dtype).judge(exercise, program)
        return gradings[key]

    def _get_judge(self, exercise: Exercise, dtype: str) -> Judge:
        questions = ((question.id, *(mistake.name for mistake in question.mistakes)) for question in exercise.questions)
        key = exercise.name, *questions, dtype
        if key not in self._judges:
            self._judges[key] = self._make_judge(exercise, dtype)
        return self._judges[key]

    def _make_judge(self, exercise: Exercise, dtype: str) -> Judge:
        data = self.get_reference_data(exercise)
        asked = {question.id for question in exercise.questions}
        checks = [key for key in data.cases if key[0] in asked]
        runner = _CastResults(self._runner, dtype, checks) if dtype else self._runner
        known = {exercise.name: data}
        return Judge(
            self._course,
            runner,
            self._secret,
            reference_data=known,
            carry_forward=self._carries_forward and not dtype,
            budget=None,
        )

    def get_reference_data(self, exercise: Exercise) -> ReferenceData:
        """Return the data that an exercise's submissions are judged against. Raises CourseError."""
        if exercise.name not in self._reference_data:
            self._reference_data[exercise.name] = compute_reference_data(exercise, self._secret)
        return self._reference_data[exercise.name]


class _RecordedResults:
    """Runs jobs, and keeps the results of one exercise's first runs by their cells."""

    def __init__(self, runner: JobExecutor) -> None:
        self._runner = runner
        self._requests: tuple[Request, ...] = ()
        self._results: dict[tuple[Cell, ...], JobResult] = {}

    def run(self, job: Job) -> JobResult:
        """Return the job's result."""
        if job.is_rerun:  # the rerun of failed checks depends on the results so far
            return self._runner.run(job)
        if job.requests is not self._requests:
            self._requests = job.requests
            self._results.clear()
        if job.cells not in self._results:
            self._results[job.cells] = self._runner.run(job)
        return self._results[job.cells]


class _CastResults:
    """Runs jobs, and converts the floats in the results of these checks, by question and name."""

    def __init__(self, runner: JobExecutor, dtype: str, checks: Collection[tuple[str, str]]) -> None:
        self._runner = runner
        self._dtype = np.dtype(dtype)
        self._checks = frozenset(checks)
        self._shared: IdentityCache[Answer] = IdentityCache(_MAX_SHARED_ANSWERS)

    def run(self, job: Job) -> JobResult:
        """Return the job's result with converted floats."""
        result = self._runner.run(job)
        answers = (
            self._cast(answer) if (request.question, request.check) in self._checks else answer
            for request, answer in zip(job.requests, result.answers, strict=True)
        )
        return replace(result, answers=tuple(answers))

    def _cast(self, answer: Answer) -> Answer:
        if not answer.is_shared:
            return cast_answer(answer, self._dtype)
        return self._shared.get_or_compute(lambda: cast_answer(answer, self._dtype), answer)
