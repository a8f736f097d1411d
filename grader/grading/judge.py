"""One submission: run, compare, diagnose, grading."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from grader.core.judging.carry_forward import Again, Carrying
from grader.core.judging.missing_names import Absences
from grader.core.judging.reference_data import Bank, bank, fingerprint
from grader.core.judging.result_cache import Repeats
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import Grading, QuestionResult
from grader.core.wire.job import Job, Outcome
from grader.core.wire.submission import Program
from grader.version import __version__

BUDGET: Final = (10, 6)
"""A whole submission may use so many times what one cell or check may: processor time, time on the clock."""

Results = tuple[QuestionResult, ...]


class Runner(Protocol):
    """What runs a job: the sandbox."""

    def run(self, job: Job) -> Outcome:
        """Runs a job; never raises for what the submission does."""


@dataclass(frozen=True)
class _Prepared:
    """What is the same for all submissions of an exercise, or comes again."""

    bank: Bank
    repeats: Repeats
    carrying: Carrying


class Judge:
    """Judges submissions of one course with one secret; keeps each exercise's bank, given or computed once."""

    def __init__(
        self,
        course: Course,
        runner: Runner,
        secret: bytes,
        *,
        visible_only: bool = False,
        banks: Mapping[str, Bank] | None = None,
    ) -> None:
        self._course = course
        self._runner = runner
        self._secret = secret
        self._visible_only = visible_only
        self._banks = dict(banks or {})
        self._prepared: dict[str, _Prepared] = {}

    def judge(self, exercise: Exercise, program: Program) -> Grading:
        """Runs a program's code cells and judges what they left behind. Raises CourseError for the course's own."""
        started = time.perf_counter()
        known = self._known(exercise)
        job = _job(exercise, program, known.bank)
        outcome = self._runner.run(job)
        answers = {(r.question, r.check): a for r, a in zip(job.requests, outcome.answers, strict=True)}
        absences = Absences(job, outcome.cells)
        judge_question = known.repeats.judge_question
        results = tuple(judge_question(q, known.bank, answers, absences, program) for q in exercise.questions)
        if again := known.carrying.again(results, answers):
            results = self._on_their_own(again, results, job, outcome)
        return Grading(
            exercise=exercise.name,
            course_version=self._course.version,
            grader_version=__version__,
            seed=fingerprint(self._secret),
            sandbox=outcome.level,
            questions=results,
            cells=outcome.cells,
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    def _on_their_own(self, again: Again, results: Results, job: Job, outcome: Outcome) -> Results:
        """The results after what failed behind an earlier error was asked again, with that set right."""
        second = again.job(job, outcome)
        if second is None:
            return results
        came = self._runner.run(second)
        return again.judged(results, came.answers, Absences(second, came.cells))

    def _known(self, exercise: Exercise) -> _Prepared:
        known = self._prepared.get(exercise.name)
        if known is None:
            given = self._banks.get(exercise.name)
            judged_by = given or bank(exercise, self._secret, visible_only=self._visible_only)
            known = self._prepared[exercise.name] = _Prepared(judged_by, Repeats(), Carrying(exercise, judged_by))
        return known


def _job(exercise: Exercise, program: Program, judged_by: Bank) -> Job:
    limits = (exercise.limits, *(request.limits for request in judged_by.requests))
    times_cpu, times_wall = BUDGET
    return Job(
        cells=tuple(cell for cell in program.cells if cell.kind == "code"),
        requests=judged_by.requests,
        modules=exercise.modules,
        one_by_one=program.one_by_one,
        cell_limits=exercise.limits,
        total_cpu=times_cpu * max(one.cpu for one in limits),
        total_wall=times_wall * max(one.wall for one in limits),
    )
