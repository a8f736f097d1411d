"""Errors carried between functions: checks of a function that calls a wrong one run again with these calls answered.

An error in one function costs its points once, and so does a function that was not attempted. The table of right
results is recorded from the reference; it stays with the grader, which answers one call at a time (`known_calls` of
`Call`). A function's calls are not answered during a check if one of their results could be handed in: as the answer to
this check, or to one that the same process is asked afterwards. Nothing runs again for a function that was not
attempted itself, that is the template's and only lacks others, or in a submission in which nothing was attempted.
Values from these runs are never shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from grader.core.compare.tensors import compare
from grader.core.judging.answer_overlap import could_answer
from grader.core.judging.between_rerun import BetweenRerun, CallingCheck, Key
from grader.core.judging.grade_question import Answers
from grader.core.judging.recorded_calls import RecordedCalls, References, find_named_functions, record_calls
from grader.core.judging.recorded_methods import find_named_methods
from grader.core.judging.reference_data import Case, ReferenceData
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Call, ExceptionInfo, KnownCall, Request

_FAILURES = (
    Verdict.WRONG_ANSWER,
    Verdict.RUNTIME_ERROR,
    Verdict.TIME_LIMIT,
    Verdict.MEMORY_LIMIT,
    Verdict.OUTPUT_LIMIT,
)


class CarryBetween:
    """Plan reruns for one exercise; a function's calls are recorded when a submission first fails in it."""

    def __init__(self, exercise: Exercise, judged_by: ReferenceData) -> None:
        self._requests = {(request.question, request.check): request for request in judged_by.requests}
        self._judged_by = judged_by
        self._given = exercise.given_functions
        self._checks: dict[Key, tuple[Question, Check]] = {
            (question.id, check.name): (question, check)
            for question in exercise.questions
            for check in question.checks
            if isinstance(check, Check) and (question.id, check.name) in judged_by.cases
        }
        self._references: References = {
            question.callable_of(check): reference
            for question, check in reversed(self._checks.values())
            if (reference := question.reference_of(check)) is not None
        }
        self._calling_checks: dict[Key, CallingCheck] = {}
        self._named: dict[str, frozenset[str]] = {}
        self._overlaps: dict[tuple[Key, str, Key], bool] = {}

    def find_called_functions(self, function: str) -> frozenset[str]:
        """Return the other functions that the reference of a function calls on the inputs of its checks."""
        if not self._may_call(function):
            return frozenset()
        found = (self._get_calling_check(key) for key, (q, c) in self._checks.items() if q.callable_of(c) == function)
        return frozenset[str]().union(*(one.called for one in found))

    def plan_rerun(self, results: Iterable[QuestionResult], answers: Answers) -> "BetweenRerun | None":
        """Return the rerun after these results; None if nothing has to run again."""
        wrong = self.find_wrong_functions(results)
        failed = [key for key, result in self._select(results).items() if self._is_failed_attempt(key, result)]
        answered = {key: self.list_answerable(key, wrong) for key in failed if wrong}
        checks = [self._get_calling_check(key) for key in failed if answered.get(key)]
        checks = self._order(checks)
        for limit in (1, len(checks)):  # a check that no function can be answered for is no danger to others
            for i, one in enumerate(checks):
                later = checks[i : i + limit]
                answered[one.key] = {f for f in answered[one.key] if not any(self._overlap(one, f, o) for o in later)}
            checks = [one for one in checks if answered[one.key]]
        if not checks:
            return None
        requests = tuple(self._make_request(one, answered[one.key]) for one in checks)
        return BetweenRerun(checks, requests, self._group_by_function(checks), answers)

    def find_wrong_functions(self, results: Iterable[QuestionResult]) -> "WrongFunctions":
        """Return the functions that are wrong, and those that were not attempted; none if nothing was attempted."""
        found = self._select(results)
        missing = {self._function_of(key) for key, result in found.items() if result.verdict is Verdict.NOT_ATTEMPTED}
        failed = {self._function_of(key) for key, result in found.items() if self._is_failed_attempt(key, result)}
        all_results = (check.verdict for question in results for check in question.checks)
        if all(verdict is Verdict.NOT_ATTEMPTED for verdict in all_results):
            return WrongFunctions(frozenset(), frozenset())
        return WrongFunctions(frozenset(failed | missing), frozenset(missing))

    def list_answerable(self, key: Key, wrong: "WrongFunctions") -> set[str]:
        """Return the wrong functions of which calls are known in a check; none for code that is only the template's."""
        function = self._function_of(key)
        if not self._may_call(function) & wrong.functions:
            return set()
        one = self._get_calling_check(key)
        if function in self._given and one.called & wrong.missing:
            return set()
        return one.known_functions & wrong.functions - {function}

    def list_known_calls(self, key: Key, functions: Iterable[str]) -> list[tuple[KnownCall, ...]]:
        """Return the known calls of some functions in each case of a check."""
        one, names = self._get_calling_check(key), frozenset(functions)
        return [one.list_known(case, names) for case in range(len(one.cases))]

    def _select(self, results: Iterable[QuestionResult]) -> dict[Key, CheckResult]:
        """Return the results of the checks of functions, in the checks' order."""
        found = {(question.id, check.name): check for question in results for check in question.checks}
        return {key: found[key] for key in self._checks if key in found}

    def _may_call(self, function: str) -> frozenset[str]:
        """Return the other functions that the reference of a function names: more than it calls."""
        if function not in self._named:
            reference = self._references.get(function)
            if isinstance(reference, type):
                found = find_named_methods(function, reference, self._references)
            else:
                found = find_named_functions(reference, self._references) if reference else frozenset()
            self._named[function] = found
        return self._named[function]

    def _is_failed_attempt(self, key: Key, result: CheckResult) -> bool:
        """Tell whether a function failed, or came to nothing because of an empty blank in another one."""
        if result.verdict in _FAILURES:
            return True
        reason = result.reason
        if result.verdict is not Verdict.NOT_ATTEMPTED or not isinstance(reason, ExceptionInfo):
            return False
        return reason.blank and reason.function != self._function_of(key).rpartition(".")[2]

    def _function_of(self, key: Key) -> str:
        question, check = self._checks[key]
        return question.callable_of(check)

    def _get_calling_check(self, key: Key) -> CallingCheck:
        if key not in self._calling_checks:
            question, check = self._checks[key]
            cases = self._judged_by.cases[key]
            recorded = tuple(self._record(question, check, case) for case in cases)
            self._calling_checks[key] = CallingCheck(question, check, cases, recorded)
        return self._calling_checks[key]

    def _record(self, question: Question, check: Check, case: Case) -> RecordedCalls:
        """Record the reference's calls in one case; none are known if it doesn't give the same output again."""
        reference = question.reference_of(check)
        assert reference is not None
        recorded = record_calls(reference, self._references, case.args, check.output)
        if compare(case.expected, recorded.output).mismatch is None:
            return recorded
        return replace(recorded, known=())

    def _order(self, checks: Iterable[CallingCheck]) -> list[CallingCheck]:
        """Return checks in the order in which a child is asked."""
        return sorted(checks, key=lambda one: (one.check.hidden, self._find_stage(one)))

    def _find_stage(self, one: CallingCheck) -> int:
        """Return the number of functions that a function calls: more than any of these functions itself."""
        return len(self.find_called_functions(one.function))

    def _overlap(self, one: CallingCheck, function: str, other: CallingCheck) -> bool:
        """Tell whether a function's results during one check could be handed in for another check, or the same."""
        key = one.key, function, other.key
        if key not in self._overlaps:
            calls = [known for i in range(len(one.cases)) for known in one.list_known(i, {function})]
            self._overlaps[key] = any(
                could_answer(k.result, other.check, case, k.args) for k in calls for case in other.cases
            )
        return self._overlaps[key]

    def _make_request(self, one: CallingCheck, answered: Iterable[str]) -> Request:
        request = self._requests[one.key]
        calls = tuple(
            replace(action, known_calls=one.list_known(i, answered)) if isinstance(action, Call) else action
            for i, action in enumerate(request.actions)
        )
        return replace(request, actions=calls, stage=self._find_stage(one))

    def _group_by_function(self, checks: Iterable[CallingCheck]) -> dict[str, list[CallingCheck]]:
        """Return all checks of the functions of which some run again."""
        groups: dict[str, list[CallingCheck]] = {one.function: [] for one in checks}
        for key in self._checks:
            if (function := self._function_of(key)) in groups:
                groups[function].append(self._get_calling_check(key))
        return groups


@dataclass(frozen=True)
class WrongFunctions:
    """The functions that are wrong or were not attempted, and among them those that were not attempted."""

    functions: frozenset[str]
    missing: frozenset[str]
