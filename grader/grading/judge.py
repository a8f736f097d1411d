"""Judges one submission: runs it, compares its answers, explains mistakes, and returns the grading."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from grader.core.judging.between_rerun import BetweenRerun
from grader.core.judging.carry_between import CarryBetween
from grader.core.judging.carry_combined import CarryCombined, CombinedRerun
from grader.core.judging.carry_forward import CarryForward, Rerun
from grader.core.judging.failed_calls import require_return
from grader.core.judging.filling_places import add_filling_places
from grader.core.judging.hidden_details import drop_hidden_details
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import ReferenceData, compute_reference_data, fingerprint_secret
from grader.core.judging.repair.budget import GRADE_BUDGET, RepairBudget
from grader.core.judging.result_cache import QuestionResultCache
from grader.core.judging.unearned_points import UnearnedPoints
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import Grading, QuestionResult
from grader.core.wire.job import Job, JobResult
from grader.core.wire.submission import ParsedSubmission
from grader.grading.diagnosis import Announce, Diagnoser
from grader.grading.job_executor import JobExecutor
from grader.version import __version__

TOTAL_LIMIT_FACTORS: Final = (10, 6, 2)
"""Limits of a whole submission, as multiples of those of one cell or check: CPU time, wall time, sleep."""
TOTAL_PRINTED_FACTOR: Final = 10
MAX_TOTAL_PRINTED: Final = 400_000
"""Bytes of printed text of a whole submission that are kept at most, whatever the limit of one cell or check is."""
_MIN_RERUN_SLEEP_S: Final = 0.5

QuestionResults = tuple[QuestionResult, ...]


@dataclass(frozen=True)
class _ExerciseState:
    """The data that all submissions of an exercise share, and caches of repeated results."""

    reference_data: ReferenceData
    result_cache: QuestionResultCache
    carry_forward: CarryForward
    carry_between: CarryBetween
    carry_combined: CarryCombined
    unearned_points: UnearnedPoints
    diagnoser: Diagnoser


class Judge:
    """Judges submissions of one course with one secret; keeps each exercise's reference data, given or computed.

    Without `carry_forward`, checks that fail behind an error elsewhere are not run again. `budget` is that of the
    search for edits that mend an answer; without one, wrong answers are not diagnosed in further runs.
    """

    def __init__(
        self,
        course: Course,
        runner: JobExecutor,
        secret: bytes,
        *,
        visible_only: bool = False,
        reference_data: Mapping[str, ReferenceData] | None = None,
        carry_forward: bool = True,
        budget: RepairBudget | None = GRADE_BUDGET,
    ) -> None:
        self._course = course
        self._runner = runner
        self._secret = secret
        self._visible_only = visible_only
        self._carries_forward = carry_forward
        self._budget = budget
        self._reference_data = dict(reference_data or {})
        self._prepared: dict[str, _ExerciseState] = {}

    def judge(self, exercise: Exercise, program: ParsedSubmission, announce: Announce | None = None) -> Grading:
        """Run a program's code cells and judge the namespace that they leave.

        `announce` is called with the names of functions before these are diagnosed, which may take seconds. Raises
        CourseError for errors of the course's own code.
        """
        with exercise.enter_folder():
            return self._judge(exercise, program, announce)

    def _judge(self, exercise: Exercise, program: ParsedSubmission, announce: Announce | None) -> Grading:
        started = time.perf_counter()
        state = self._get_exercise_state(exercise)
        job = _build_job(exercise, program, state.reference_data)
        outcome = self._runner.run(job)
        answers = {(r.question, r.check): a for r, a in zip(job.requests, outcome.answers, strict=True)}
        texts = tuple(cell for cell in program.cells if cell.kind == "markdown")
        origins = NameOrigins(job, outcome.cells, texts)
        judge_question = state.result_cache.judge_question
        results = tuple(judge_question(q, state.reference_data, answers, origins, program) for q in exercise.questions)
        spent = outcome
        if self._carries_forward:
            results, spent = self._run_again(state.carry_forward.plan_rerun(results, answers), results, job, spent)
        results = tuple(
            require_return(question, result, answers, origins)
            for question, result in zip(exercise.questions, results, strict=True)
        )
        if self._carries_forward:
            first = results
            results, spent = self._run_again(state.carry_between.plan_rerun(results, answers), results, job, spent)
            for combined in state.carry_combined.plan_reruns(first, results, answers):
                results, spent = self._run_again(combined, results, job, spent)
        if self._budget is not None:
            results = state.diagnoser.diagnose(results, answers, self._runner, job, spent, announce)
        withhold = state.unearned_points.withhold
        results = tuple(
            add_filling_places(question, withhold(question, result), program)
            for question, result in zip(exercise.questions, results, strict=True)
        )
        return Grading(
            exercise=exercise.name,
            course_version=self._course.version,
            grader_version=__version__,
            seed=fingerprint_secret(self._secret),
            sandbox=outcome.level,
            questions=drop_hidden_details(results, exercise.feedback),
            cells=outcome.cells,
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    def _run_again(
        self, again: Rerun | BetweenRerun | CombinedRerun | None, results: QuestionResults, job: Job, spent: JobResult
    ) -> tuple[QuestionResults, JobResult]:
        """Return the results after checks that failed behind an error elsewhere ran again without that error.

        `spent` is the outcome of the first job with the time of all jobs so far; it is returned with this one's too.
        """
        second = again.build_job(job, spent) if again else None
        if again is None or second is None:
            return results, spent
        second = replace(second, total_sleep=max(job.total_sleep - spent.slept, _MIN_RERUN_SLEEP_S))
        outcome = self._runner.run(second)
        spent = replace(spent, cpu=spent.cpu + outcome.cpu, slept=spent.slept + outcome.slept)
        return again.apply_answers(results, outcome.answers, NameOrigins(second, outcome.cells)), spent

    def _get_exercise_state(self, exercise: Exercise) -> _ExerciseState:
        state = self._prepared.get(exercise.name)
        if state is None:
            reference_data = self._reference_data.get(exercise.name) or compute_reference_data(
                exercise, self._secret, visible_only=self._visible_only
            )
            unearned_points = UnearnedPoints(exercise, reference_data)
            forward, between = CarryForward(exercise, reference_data), CarryBetween(exercise, reference_data)
            state = self._prepared[exercise.name] = _ExerciseState(
                reference_data,
                QuestionResultCache(),
                forward,
                between,
                CarryCombined(exercise, forward, between),
                unearned_points,
                Diagnoser(exercise, reference_data, unearned_points, self._budget or GRADE_BUDGET),
            )
        return state


def _build_job(exercise: Exercise, program: ParsedSubmission, reference_data: ReferenceData) -> Job:
    limits = (exercise.limits, *(request.limits for request in reference_data.requests))
    times_cpu, times_wall, times_sleep = TOTAL_LIMIT_FACTORS
    return Job(
        cells=tuple(cell for cell in program.cells if cell.kind != "markdown"),
        requests=reference_data.requests,
        modules=exercise.modules,
        data_files=exercise.data_files,
        files_by_name=exercise.files_by_name,
        statement_by_statement=program.statement_by_statement,
        cell_limits=exercise.limits,
        total_cpu=times_cpu * max(limit.cpu for limit in limits),
        total_wall=times_wall * max(limit.wall for limit in limits),
        total_sleep=times_sleep * max(limit.sleep for limit in limits),
        total_printed=min(MAX_TOTAL_PRINTED, TOTAL_PRINTED_FACTOR * max(limit.printed for limit in limits)),
    )
