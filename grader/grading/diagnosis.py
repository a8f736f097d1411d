"""Diagnosis of wrong answers that nothing explains yet: where a calculation first goes wrong, and which edits mend it.

It runs after judging and never changes a verdict or points. Student code runs in two jobs of its own: one lists the
edits, traces the variables and tries edits, one confirms what was found, with other inputs and with hidden checks. A
function is looked at only if it fails a visible check that has no certain explanation. What is found follows from
visible checks; hidden ones only confirm or silence it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from grader.core.compare.tensors import Remark
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
from grader.core.judging.repair.budget import GRADE_BUDGET, RepairBudget
from grader.core.judging.repair.choose_functions import list_diagnosed_functions
from grader.core.judging.repair.claim import Confirmation, build_repair, list_mended
from grader.core.judging.repair.diagnosed_function import DiagnosedFunction, Diagnosis
from grader.core.judging.repair.listing import Listing
from grader.core.judging.repair.search import RepairSearch
from grader.core.judging.repair.subject import JudgedCases, Quality, build_trial, join_calls, judge_trial
from grader.core.judging.unearned_points import UnearnedPoints
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import Departure, Explanation, KnownMistake
from grader.core.results.verdict import Verdict
from grader.core.wire.edits.edit import Edit
from grader.core.wire.job import Answer, Job, JobResult
from grader.core.wire.submission import Cell
from grader.grading.following_jobs import Conversation, FollowingJobs
from grader.grading.job_executor import JobExecutor

CONFIRMATION_SECRET: Final = b"confirmation"
"""Secret of the further inputs with which a repair is confirmed. They are shown to nobody."""

Results = tuple[QuestionResult, ...]
Announce = Callable[[Sequence[str]], None]
"""Is called with the names of the functions that are about to be diagnosed."""


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
        self.budget = budget
        self._traces: dict[tuple[str, str], Sequence[Trace]] = {}
        self._further: Mapping[tuple[str, str], tuple[Case, ...]] | None = None

    def diagnose(
        self,
        results: Results,
        answers: Answers,
        runner: JobExecutor,
        first_job: Job,
        outcome: JobResult,
        announce: Announce | None = None,
    ) -> Results:
        """Return the results with departures and repairs added to what they explain."""
        functions = list_diagnosed_functions(self._exercise, self._judged_by, results, answers)
        if not functions:
            return results
        if announce is not None:
            announce(tuple(dict.fromkeys(one.name for one in functions)))
        jobs = FollowingJobs(runner, first_job, outcome)
        search = _Search(self, functions, jobs.cells)
        jobs.run(search.converse())
        added = search.list_stopped(jobs)
        mended = self._confirm(search.diagnoses, search.searches, jobs)
        if not jobs.was_stopped:
            for diagnosis, trials, one in zip(search.diagnoses, search.searches, mended, strict=True):
                added |= {} if trials.was_stopped else _list_found(diagnosis, one)
        return tuple(_add_all(result, added) for result in results)

    def read_tracings(self, function: DiagnosedFunction, answers: Sequence[Answer], listing: Listing) -> Diagnosis:
        """Return what the variables of a function tell."""
        weak = self._unearned_points.find_weak_checks(function.question)
        return function.read_tracings(answers, listing, weak, self._get_traces)

    def _confirm(
        self, diagnoses: Sequence[Diagnosis], searches: Sequence[RepairSearch], jobs: "FollowingJobs"
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
class _Search:
    """The functions of one submission, on which edits are tried side by side."""

    diagnoser: Diagnoser
    functions: Sequence[DiagnosedFunction]
    cells: tuple[Cell, ...]
    diagnoses: list[Diagnosis] = field(default_factory=list)
    searches: list[RepairSearch] = field(default_factory=list)

    def converse(self) -> Conversation:
        """Ask for edits and variables, then for trials, until all searches are over."""
        answers = yield [function.build_listing() for function in self.functions]
        listed = [
            (function, listing)
            for function, two in zip(self.functions, answers, strict=True)
            if (listing := function.read_listing(two, self.cells)) and self.diagnoser.budget.fit(listing.work).trials
        ]
        if not listed:
            return
        answers = yield [function.build_tracings() for function, _ in listed]
        self.diagnoses = [
            self.diagnoser.read_tracings(function, traced, listing)
            for (function, listing), traced in zip(listed, answers, strict=True)
        ]
        self.searches = [RepairSearch(one.subject, self.diagnoser.budget) for one in self.diagnoses]
        while any(batches := [search.next_requests() for search in self.searches]):
            for search, told in zip(self.searches, (yield batches), strict=True):
                if told:
                    search.receive(told)

    def list_stopped(self, jobs: FollowingJobs) -> dict[tuple[str, str], "_Found"]:
        """Return the remark on each unexplained check of functions whose search was stopped by a clock or a crash.

        Nothing else is said of them, because with another machine the search might have found more.
        """
        stopped = [
            one.function for one, trials in zip(self.diagnoses, self.searches, strict=True) if trials.was_stopped
        ]
        return {
            (function.question.id, one.check.name): _Found(remarks=(Remark("search_stopped", ""),))
            for function in (self.functions if jobs.was_stopped else stopped)
            for one in function.visible
            if one.check.name in function.unexplained
        }


@dataclass(frozen=True)
class _Found:
    """Explanations that were found for one check."""

    explanations: tuple[Explanation, ...] = ()
    remarks: tuple[Remark, ...] = ()


def _list_found(diagnosis: Diagnosis, mended: _Mended) -> dict[tuple[str, str], _Found]:
    """Return what is found of a function's checks."""
    function = diagnosis.function
    found = {}
    for name in function.unexplained:
        repair = build_repair(diagnosis.subject, mended.edits) if name in mended.names else None
        lines = [edit.place.line for edit in repair.edits] if repair else []
        departure = diagnosis.departures.get(name)
        is_told = departure is not None and is_reason(departure, lines, is_known=name in diagnosis.known)
        explanations = (departure if is_told else None, repair)
        found[function.question.id, name] = _Found(tuple(one for one in explanations if one is not None))
    return found


def _add_all(result: QuestionResult, added: Mapping[tuple[str, str], _Found]) -> QuestionResult:
    """Return the result with what was found, without departures of outputs that visible known mistakes explain."""
    known = {
        check.output
        for check in result.checks
        if not check.hidden and any(isinstance(one, KnownMistake) for one in check.explanations)
    }
    checks = []
    for check in result.checks:
        found = added.get((result.id, check.name), _Found())
        kept = tuple(one for one in found.explanations if not (isinstance(one, Departure) and one.variable in known))
        checks.append(_add(check, replace(found, explanations=kept)))
    return replace(result, checks=tuple(checks))


def _add(check: CheckResult, found: _Found) -> CheckResult:
    """Return the result with what was found; without a departure if it is still wrong with earlier outputs set right.

    The variables were recorded without these outputs set right, so that one may depart for their sake alone. Other
    values are no reason for an exception, either.
    """
    raised = check.verdict is Verdict.RUNTIME_ERROR
    told = tuple(
        one
        for one in found.explanations
        if not (isinstance(one, Departure) and (check.carried or (raised and one.kind == "values")))
    )
    if not told and not found.remarks:
        return check
    return replace(check, explanations=(*check.explanations, *told), remarks=(*check.remarks, *found.remarks))
