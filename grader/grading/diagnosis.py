"""Diagnosis of wrong answers that nothing explains yet: where a calculation first goes wrong, and which edits mend it.

It runs after judging and never changes a verdict or points. Student code runs in jobs of its own: one lists the edits
and traces the variables, some try edits, one confirms what was found, with other inputs and with hidden checks. A
function is looked at only if it fails a visible check that has no certain explanation. What is found follows from
visible checks; hidden ones only confirm or silence it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from grader.core.errors import CourseError
from grader.core.judging.departures import is_reason
from grader.core.judging.grade_question import Answers
from grader.core.judging.reference_data import (
    Case,
    ReferenceData,
    Trace,
    build_request,
    compute_reference_data,
)
from grader.core.judging.reference_traces import trace_reference
from grader.core.judging.repair.claim import Confirmation, build_repair, list_mended
from grader.core.judging.repair.diagnosed_function import DiagnosedFunction, Diagnosis, list_diagnosed_functions
from grader.core.judging.repair.search import GRADE_BUDGET, RepairBudget, RepairSearch
from grader.core.judging.repair.subject import JudgedCases, Quality, build_trial, join_calls, judge_trial
from grader.core.judging.unearned_points import UnearnedPoints
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import Departure, Explanation
from grader.core.wire.edits.edit import Edit
from grader.core.wire.job import Answer, Job, JobResult, Request, Status
from grader.grading.job_executor import JobExecutor

CONFIRMATION_SECRET: Final = b"confirmation"
"""Secret of the further inputs with which a repair is confirmed. They are shown to nobody."""
_MIN_SLEEP_S: Final = 0.5

Results = tuple[QuestionResult, ...]


class Diagnoser:
    """Diagnose wrong answers to one exercise; what all submissions share is computed when it is first needed."""

    def __init__(
        self,
        exercise: Exercise,
        judged_by: ReferenceData,
        unearned_points: UnearnedPoints,
        budget: RepairBudget = GRADE_BUDGET,
    ) -> None:
        self._exercise = exercise
        self._judged_by = judged_by
        self._unearned_points = unearned_points
        self._budget = budget
        self._traces: dict[tuple[str, str], Sequence[Trace]] = {}
        self._further: Mapping[tuple[str, str], tuple[Case, ...]] | None = None

    def diagnose(
        self, results: Results, answers: Answers, runner: JobExecutor, first_job: Job, outcome: JobResult
    ) -> Results:
        """Return the results with departures and repairs added to what they explain."""
        functions = list_diagnosed_functions(self._exercise, self._judged_by, results, answers)
        if not functions:
            return results
        jobs = _FollowingJobs(runner, first_job, outcome)
        diagnoses = self._begin(functions, jobs)
        searches = [RepairSearch(diagnosis.subject, self._budget) for diagnosis in diagnoses]
        _run_searches(searches, jobs)
        added: dict[tuple[str, str], tuple[Explanation, ...]] = {}
        for diagnosis, mended in zip(diagnoses, self._confirm(diagnoses, searches, jobs), strict=True):
            for name in diagnosis.function.unexplained:
                repair = build_repair(diagnosis.subject, mended.edits) if name in mended.names else None
                lines = [edit.place.line for edit in repair.edits] if repair else []
                departure = diagnosis.departures.get(name)
                found: tuple[Explanation, ...] = ()
                if departure is not None and is_reason(departure, lines, is_known=name in diagnosis.known):
                    found += (departure,)
                if repair is not None:
                    found += (repair,)
                if found:
                    added[diagnosis.function.question.id, name] = found
        return tuple(
            replace(
                result, checks=tuple(_add(check, added.get((result.id, check.name), ())) for check in result.checks)
            )
            for result in results
        )

    def _begin(self, functions: Sequence[DiagnosedFunction], jobs: "_FollowingJobs") -> list[Diagnosis]:
        """Run the job that lists edits and traces variables; return what it tells of each function."""
        batches = [function.build_requests() for function in functions]
        diagnoses = []
        for function, answers in zip(functions, jobs.run_batches(batches), strict=True):
            weak = self._unearned_points.find_weak_checks(function.question)
            found = function.read_answers(answers, jobs.cells, weak, self._get_traces)
            if found is not None:
                diagnoses.append(found)
        return diagnoses

    def _confirm(
        self, diagnoses: Sequence[Diagnosis], searches: Sequence[RepairSearch], jobs: "_FollowingJobs"
    ) -> list["_Mended"]:
        """Run the found edits in a process of their own; return the checks that they mend."""
        batches = []
        kinds: list[list[tuple[str, JudgedCases]]] = []
        for diagnosis, search in zip(diagnoses, searches, strict=True):
            parts: list[tuple[str, JudgedCases]] = []
            if search.edits:
                parts += [("visible", one) for one in diagnosis.function.visible]
                parts += [("further", one) for one in self._list_further(diagnosis.function)]
                parts += [("hidden", one) for one in diagnosis.function.hidden]
            kinds.append(parts)
            trials = enumerate(parts)
            batches.append(
                tuple(build_trial(search.subject, [one], join_calls([one]), search.edits, n) for n, (_, one) in trials)
            )
        mended = []
        for diagnosis, search, parts, answers in zip(
            diagnoses, searches, kinds, jobs.run_batches(batches), strict=True
        ):
            found: dict[str, dict[str, tuple[Quality, ...]]] = {"visible": {}, "further": {}, "hidden": {}}
            for (kind, one), answer in zip(parts, answers, strict=True):
                found[kind] |= judge_trial(search.subject, [one], answer)
            names: frozenset[str] = frozenset()
            if search.edits:
                confirmation = Confirmation(found["visible"], found["further"], found["hidden"])
                names = list_mended(search.subject, search.edits, confirmation, diagnosis.function.hidden_base)
            mended.append(_Mended(names, search.edits))
        return mended

    def _list_further(self, function: DiagnosedFunction) -> list[JudgedCases]:
        """Return the visible checks with other inputs, where there are any."""
        question = function.question
        further = self._get_further()
        found = []
        for one in function.visible:
            cases = further.get((question.id, one.check.name), ())
            if cases:
                request = build_request(question, one.check, cases, one.request.limits)
                found.append(JudgedCases(one.check, cases, request))
        return found

    def _get_further(self) -> Mapping[tuple[str, str], tuple[Case, ...]]:
        if self._further is None:
            self._further = self._judged_by.confirmation or self._compute_further()
        return self._further

    def _compute_further(self) -> Mapping[tuple[str, str], tuple[Case, ...]]:
        """Return cases of visible checks with other inputs; none without references, as in a release."""
        checks = ((q, c) for q in self._exercise.questions for c in q.checks if isinstance(c, Check) and not c.hidden)
        if any(question.reference_of(check) is None for question, check in checks):
            return {}
        try:
            return compute_reference_data(self._exercise, CONFIRMATION_SECRET, visible_only=True).cases
        except CourseError:  # an error that occurs with some inputs only
            return {}

    def _get_traces(self, question: Question, check: Check) -> Sequence[Trace]:
        key = question.id, check.name
        if key in self._judged_by.traces:
            return self._judged_by.traces[key]
        if key not in self._traces:
            reference = question.reference_of(check)
            self._traces[key] = [trace_reference(reference, case.args) for case in self._judged_by.cases[key]]
        return self._traces[key]


@dataclass(frozen=True)
class _Mended:
    """The names of the checks that edits mend."""

    names: frozenset[str]
    edits: tuple[Edit, ...]


@dataclass
class _FollowingJobs:
    """Runs further jobs of a submission, within the rest of its time. Cells that were stopped don't run again."""

    runner: JobExecutor
    first_job: Job
    outcome: JobResult
    _used_cpu: float = field(init=False)
    _slept: float = field(init=False)

    def __post_init__(self) -> None:
        self._used_cpu, self._slept = self.outcome.cpu, self.outcome.slept
        pairs = zip(self.first_job.cells, self.outcome.cells, strict=True)
        self.cells = tuple(cell if run.ended is Status.DONE else replace(cell, source="") for cell, run in pairs)

    def run_batches(self, batches: Sequence[tuple[Request, ...]]) -> list[tuple[Answer, ...]]:
        """Run all requests in one job; return the answers to each batch."""
        requests = tuple(request for batch in batches for request in batch)
        answers = iter(self._run(requests) if requests else ())
        return [tuple(next(answers) for _ in batch) for batch in batches]

    def _run(self, requests: tuple[Request, ...]) -> tuple[Answer, ...]:
        left = self.first_job.total_cpu - self._used_cpu
        if left <= 0:
            return (Answer(Status.TIME_LIMIT),) * len(requests)
        job = replace(
            self.first_job,
            cells=self.cells,
            requests=requests,
            total_cpu=left,
            total_sleep=max(self.first_job.total_sleep - self._slept, _MIN_SLEEP_S),
            is_repeated=True,
        )
        done = self.runner.run(job)
        self._used_cpu += done.cpu
        self._slept += done.slept
        return done.answers


def _run_searches(searches: Sequence[RepairSearch], jobs: _FollowingJobs) -> None:
    """Run the trials of all searches, those that are due together in one job."""
    while any(batches := [search.next_requests() for search in searches]):
        for search, answers in zip(searches, jobs.run_batches(batches), strict=True):
            if answers:
                search.receive(answers)


def _add(check: CheckResult, found: tuple[Explanation, ...]) -> CheckResult:
    """Return the result with what was found; without a departure if it is still wrong with earlier outputs set right.

    The variables were recorded without these outputs set right, so that one may depart for their sake alone.
    """
    told = tuple(one for one in found if not (isinstance(one, Departure) and check.carried))
    return replace(check, explanations=(*check.explanations, *told)) if told else check
