"""Errors carried between functions: checks of a function that calls a wrong one run again with these calls answered.

An error in one function costs its points once. The table of right results is recorded from the reference; it stays
with the grader, which answers one call at a time (`known_calls` of `Call`). A function's calls are not answered during
a check if one of their results could be handed in: as the answer to this check, or to one that the same process is
asked afterwards. Functions that were not attempted are not answered. Values from these runs are never shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.compare.tensors import compare
from grader.core.judging.answer_overlap import could_answer
from grader.core.judging.arrange_answers import arrange_answer, find_order
from grader.core.judging.failed_calls import require_return
from grader.core.judging.grade_question import Answers, judge_check
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.recorded_calls import RecordedCalls, References, find_named_functions, record_calls
from grader.core.judging.reference_data import Case, ReferenceData
from grader.core.judging.rerun_job import build_rerun_job
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer, Call, Job, JobResult, KnownCall, Request, Status

Key = tuple[str, str]
"""A check, by its question and name."""

_RERUN_VERDICTS = (
    Verdict.WRONG_ANSWER,
    Verdict.RUNTIME_ERROR,
    Verdict.TIME_LIMIT,
    Verdict.MEMORY_LIMIT,
    Verdict.OUTPUT_LIMIT,
)


@dataclass(frozen=True)
class _CallingCheck:
    """A check of a function, with the recorded calls of each case."""

    question: Question
    check: Check
    cases: tuple[Case, ...]
    recorded: tuple[RecordedCalls, ...]

    @property
    def key(self) -> Key:
        return self.question.id, self.check.name

    @property
    def function(self) -> str:
        return self.question.function_of(self.check)

    @property
    def called(self) -> frozenset[str]:
        """The functions that the reference calls, also through others."""
        return frozenset[str]().union(*(one.functions for one in self.recorded))

    @property
    def known_functions(self) -> set[str]:
        """The functions of which the calls are known, in every case that has any."""
        return {known.function for one in self.recorded for known in one.known}

    def list_known(self, case: int, functions: Iterable[str]) -> tuple[KnownCall, ...]:
        """Return the known calls of some functions in one case."""
        return tuple(known for known in self.recorded[case].known if known.function in functions)


class CarryBetween:
    """Plan reruns for one exercise; a function's calls are recorded when a submission first fails in it."""

    def __init__(self, exercise: Exercise, judged_by: ReferenceData) -> None:
        self._requests = {(request.question, request.check): request for request in judged_by.requests}
        self._judged_by = judged_by
        self._checks: dict[Key, tuple[Question, Check]] = {
            (question.id, check.name): (question, check)
            for question in exercise.questions
            for check in question.checks
            if isinstance(check, Check) and (question.id, check.name) in judged_by.cases
        }
        self._references: References = {
            question.function_of(check): reference
            for question, check in reversed(self._checks.values())
            if (reference := question.reference_of(check)) is not None
        }
        self._calling_checks: dict[Key, _CallingCheck] = {}
        self._named: dict[str, frozenset[str]] = {}
        self._overlaps: dict[tuple[Key, str, Key], bool] = {}

    def find_called_functions(self, function: str) -> frozenset[str]:
        """Return the other functions that the reference of a function calls on the inputs of its checks."""
        if not self._may_call(function):
            return frozenset()
        found = (self._get_calling_check(key) for key, (q, c) in self._checks.items() if q.function_of(c) == function)
        return frozenset[str]().union(*(one.called for one in found))

    def plan_rerun(self, results: Iterable[QuestionResult], answers: Answers) -> "BetweenRerun | None":
        """Return the rerun after these results; None if nothing has to run again."""
        verdicts = {(question.id, check.name): check.verdict for question in results for check in question.checks}
        failed = [key for key in self._checks if verdicts.get(key) in _RERUN_VERDICTS]
        wrong = {self._function_of(key) for key in failed}
        checks = [self._get_calling_check(key) for key in failed if self._may_call(self._function_of(key)) & wrong]
        answered = {one.key: one.known_functions & wrong - {one.function} for one in checks}
        checks = self._order(one for one in checks if answered[one.key])
        for limit in (1, len(checks)):  # a check that no function can be answered for is no danger to others
            for i, one in enumerate(checks):
                later = checks[i : i + limit]
                answered[one.key] = {f for f in answered[one.key] if not any(self._overlap(one, f, o) for o in later)}
            checks = [one for one in checks if answered[one.key]]
        if not checks:
            return None
        requests = tuple(self._make_request(one, answered[one.key]) for one in checks)
        return BetweenRerun(checks, requests, self._group_by_function(checks), answers)

    def _may_call(self, function: str) -> frozenset[str]:
        """Return the other functions that the reference of a function names: more than it calls."""
        if function not in self._named:
            reference = self._references.get(function)
            self._named[function] = find_named_functions(reference, self._references) if reference else frozenset()
        return self._named[function]

    def _function_of(self, key: Key) -> str:
        question, check = self._checks[key]
        return question.function_of(check)

    def _get_calling_check(self, key: Key) -> _CallingCheck:
        if key not in self._calling_checks:
            question, check = self._checks[key]
            cases = self._judged_by.cases[key]
            recorded = tuple(self._record(question, check, case) for case in cases)
            self._calling_checks[key] = _CallingCheck(question, check, cases, recorded)
        return self._calling_checks[key]

    def _record(self, question: Question, check: Check, case: Case) -> RecordedCalls:
        """Record the reference's calls in one case; none are known if it doesn't give the same output again."""
        reference = question.reference_of(check)
        assert reference is not None
        recorded = record_calls(reference, self._references, case.args, check.output)
        if compare(case.expected, recorded.output).mismatch is None:
            return recorded
        return replace(recorded, known=())

    def _order(self, checks: Iterable[_CallingCheck]) -> list[_CallingCheck]:
        """Return checks in the order in which a child is asked."""
        return sorted(checks, key=lambda one: (one.check.hidden, self._find_stage(one)))

    def _find_stage(self, one: _CallingCheck) -> int:
        """Return the number of functions that a function calls: more than any of these functions itself."""
        return len(self.find_called_functions(one.function))

    def _overlap(self, one: _CallingCheck, function: str, other: _CallingCheck) -> bool:
        """Tell whether a function's results during one check could be handed in for another check, or the same."""
        key = one.key, function, other.key
        if key not in self._overlaps:
            calls = [known for i in range(len(one.cases)) for known in one.list_known(i, {function})]
            self._overlaps[key] = any(could_answer(k.result, other.check, case) for k in calls for case in other.cases)
        return self._overlaps[key]

    def _make_request(self, one: _CallingCheck, answered: Iterable[str]) -> Request:
        request = self._requests[one.key]
        calls = tuple(
            replace(action, known_calls=one.list_known(i, answered)) if isinstance(action, Call) else action
            for i, action in enumerate(request.actions)
        )
        return replace(request, actions=calls, stage=self._find_stage(one))

    def _group_by_function(self, checks: Iterable[_CallingCheck]) -> dict[str, list[_CallingCheck]]:
        """Return all checks of the functions of which some run again."""
        groups: dict[str, list[_CallingCheck]] = {one.function: [] for one in checks}
        for key in self._checks:
            if (function := self._function_of(key)) in groups:
                groups[function].append(self._get_calling_check(key))
        return groups


class BetweenRerun:
    """The rerun of one submission: its job, and the changes that its answers make to the results."""

    def __init__(
        self,
        checks: Sequence[_CallingCheck],
        requests: tuple[Request, ...],
        functions: Mapping[str, Sequence[_CallingCheck]],
        answers: Answers,
    ) -> None:
        self._checks = checks
        self._requests = requests
        self._functions = functions
        self._answers = answers

    def build_job(self, first_job: Job, outcome: JobResult) -> Job | None:
        """Return the job, limited to the rest of the submission's time; None if no time is left."""
        return build_rerun_job(first_job, outcome, self._requests)

    def apply_answers(
        self, results: Iterable[QuestionResult], answers: Iterable[Answer], origins: NameOrigins
    ) -> tuple[QuestionResult, ...]:
        """Return the results, with those of the checks that pass with calls answered."""
        second = {one.key: answer for one, answer in zip(self._checks, answers, strict=True)}
        passed: dict[Key, CheckResult] = {}
        for checks in self._functions.values():
            given = {one.check.name: second.get(one.key, self._answers[one.key]) for one in checks}
            cases = {one.check.name: one.cases for one in checks}
            order = find_order(checks[0].question, [one.check for one in checks], cases, given)
            for one in checks:
                answer = second.get(one.key)
                if answer is None or answer.ended is not Status.DONE or not answer.answered_calls:
                    continue
                arranged = arrange_answer(one.check, one.cases, answer, order).answer
                result = judge_check(one.question, one.check, origins, one.cases, arranged)
                if result.verdict is Verdict.PASSED:
                    passed[one.key] = replace(result, remarks=(), carried=answer.answered_calls)
        return tuple(self._merge(question, passed, second, origins) for question in results)

    def _merge(
        self, result: QuestionResult, passed: Mapping[Key, CheckResult], second: Answers, origins: NameOrigins
    ) -> QuestionResult:
        """Return a question's result with the passed checks, unless its function raises where it should return."""
        changed = [one for checks in self._functions.values() for one in checks if one.question.id == result.id]
        if not any(one.key in passed for one in changed):
            return result
        answers = {**self._answers, **{one.key: second.get(one.key, Answer()) for one in changed}}
        checks = tuple(_choose(check, passed.get((result.id, check.name))) for check in result.checks)
        return require_return(changed[0].question, replace(result, checks=checks), answers, origins)


def _choose(first: CheckResult, passed: CheckResult | None) -> CheckResult:
    """Return the passed result with what the code printed when nothing was answered, or else the first result."""
    return first if passed is None else replace(passed, printed=first.printed)
