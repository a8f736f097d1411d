"""One submission: run, compare, diagnose, grading."""

import time
from collections.abc import Mapping
from typing import Final, Protocol

from grader import __version__
from grader.core.absences import Absences
from grader.core.bank import Bank, bank, fingerprint
from grader.core.carrying import Again, Carrying
from grader.core.exercise import Course, Exercise
from grader.core.grading import Grading, QuestionResult
from grader.core.job import Job, Outcome
from grader.core.judging import judge_question
from grader.core.program import Program

BUDGET: Final = (10, 6)
"""A whole submission may use so many times what one cell or check may: processor time, time on the clock."""

Results = tuple[QuestionResult, ...]


class Runner(Protocol):
    """What runs a job: the sandbox."""

    def run(self, job: Job) -> Outcome:
        """Runs a job; never raises for what the submission does."""


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
        self._banks: dict[str, Bank] = dict(banks or {})
        self._carried: dict[str, Carrying] = {}

    def judge(self, exercise: Exercise, program: Program) -> Grading:
        """Runs a program's code cells and judges what they left behind. Raises CourseError for the course's own."""
        started = time.perf_counter()
        judged_by = self._bank(exercise)
        job = _job(exercise, program, judged_by)
        outcome = self._runner.run(job)
        answers = {(r.question, r.check): a for r, a in zip(job.requests, outcome.answers, strict=True)}
        absences = Absences(job, outcome.cells)
        results = tuple(judge_question(q, judged_by, answers, absences, program) for q in exercise.questions)
        if again := self._carrying(exercise, judged_by).again(results, answers):
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

    def _carrying(self, exercise: Exercise, judged_by: Bank) -> Carrying:
        found = self._carried.get(exercise.name)
        if found is None:
            found = self._carried[exercise.name] = Carrying(exercise, judged_by)
        return found

    def _bank(self, exercise: Exercise) -> Bank:
        found = self._banks.get(exercise.name)
        if found is None:
            found = bank(exercise, self._secret, visible_only=self._visible_only)
            self._banks[exercise.name] = found
        return found


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
