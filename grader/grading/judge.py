"""One submission: run, compare, diagnose, grading."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from grader.core.judging.carry_forward import CarryForward, Rerun
from grader.core.judging.missing_names import MissingNames
from grader.core.judging.reference_data import ReferenceData, compute_reference_data, fingerprint_secret
from grader.core.judging.result_cache import QuestionResultCache
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import Grading, QuestionResult
from grader.core.wire.job import Job, JobResult
from grader.core.wire.submission import ParsedSubmission
from grader.version import __version__

TOTAL_LIMIT_FACTORS: Final = (10, 6)
"""A whole submission may use so many times what one cell or check may: processor time, time on the clock."""

QuestionResults = tuple[QuestionResult, ...]


class JobExecutor(Protocol):
    """What runs a job: the sandbox."""

    def run(self, job: Job) -> JobResult:
        """Runs a job; never raises for what the submission does."""


@dataclass(frozen=True)
class _ExerciseState:
    """What is the same for all submissions of an exercise, or comes again."""

    bank: ReferenceData
    repeats: QuestionResultCache
    carrying: CarryForward


class Judge:
    """Judges submissions of one course with one secret; keeps each exercise's bank, given or computed once."""

    def __init__(
        self,
        course: Course,
        runner: JobExecutor,
        secret: bytes,
        *,
        visible_only: bool = False,
        banks: Mapping[str, ReferenceData] | None = None,
    ) -> None:
        self._course = course
        self._runner = runner
        self._secret = secret
        self._visible_only = visible_only
        self._banks = dict(banks or {})
        self._prepared: dict[str, _ExerciseState] = {}

    def judge(self, exercise: Exercise, program: ParsedSubmission) -> Grading:
        """Runs a program's code cells and judges what they left behind. Raises CourseError for the course's own."""
        started = time.perf_counter()
        known = self._get_exercise_state(exercise)
        job = _build_job(exercise, program, known.bank)
        outcome = self._runner.run(job)
        answers = {(r.question, r.check): a for r, a in zip(job.requests, outcome.answers, strict=True)}
        absences = MissingNames(job, outcome.cells)
        judge_question = known.repeats.judge_question
        results = tuple(judge_question(q, known.bank, answers, absences, program) for q in exercise.questions)
        if again := known.carrying.plan_rerun(results, answers):
            results = self._rerun_carried_failures(again, results, job, outcome)
        return Grading(
            exercise=exercise.name,
            course_version=self._course.version,
            grader_version=__version__,
            seed=fingerprint_secret(self._secret),
            sandbox=outcome.level,
            questions=results,
            cells=outcome.cells,
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    def _rerun_carried_failures(
        self, again: Rerun, results: QuestionResults, job: Job, outcome: JobResult
    ) -> QuestionResults:
        """The results after what failed behind an earlier error was asked again, with that set right."""
        second = again.build_job(job, outcome)
        if second is None:
            return results
        came = self._runner.run(second)
        return again.apply_answers(results, came.answers, MissingNames(second, came.cells))

    def _get_exercise_state(self, exercise: Exercise) -> _ExerciseState:
        known = self._prepared.get(exercise.name)
        if known is None:
            given = self._banks.get(exercise.name)
            judged_by = given or compute_reference_data(exercise, self._secret, visible_only=self._visible_only)
            known = self._prepared[exercise.name] = _ExerciseState(
                judged_by, QuestionResultCache(), CarryForward(exercise, judged_by)
            )
        return known


def _build_job(exercise: Exercise, program: ParsedSubmission, judged_by: ReferenceData) -> Job:
    limits = (exercise.limits, *(request.limits for request in judged_by.requests))
    times_cpu, times_wall = TOTAL_LIMIT_FACTORS
    return Job(
        cells=tuple(cell for cell in program.cells if cell.kind == "code"),
        requests=judged_by.requests,
        modules=exercise.modules,
        statement_by_statement=program.statement_by_statement,
        cell_limits=exercise.limits,
        total_cpu=times_cpu * max(one.cpu for one in limits),
        total_wall=times_wall * max(one.wall for one in limits),
    )
