"""The rerun of checks whose functions call a wrong one, with these calls answered: its job and its results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.judging.arrange_answers import arrange_answer, find_order
from grader.core.judging.explain_answers import explain_answers, group_by_output
from grader.core.judging.failed_calls import require_return
from grader.core.judging.grade_question import Answers, judge_check
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.recorded_calls import RecordedCalls
from grader.core.judging.reference_data import Case
from grader.core.judging.rerun_job import build_rerun_job
from grader.core.questions.checks import Check
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import Explanation
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer, Job, JobResult, KnownCall, Request, Status

Key = tuple[str, str]
"""A check, by its question and name."""


@dataclass(frozen=True)
class CallingCheck:
    """A check of a function, with the recorded calls of each case."""

    question: Question
    check: Check
    cases: tuple[Case, ...]
    recorded: tuple[RecordedCalls, ...]

    @property
    def key(self) -> Key:
        """The check's question and name."""
        return self.question.id, self.check.name

    @property
    def function(self) -> str:
        """The name of the function or method that it calls."""
        return self.question.callable_of(self.check)

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


class BetweenRerun:
    """The rerun of one submission: its job, and the changes that its answers make to the results.

    `functions` has all checks of each function of which some run again.
    """

    def __init__(
        self,
        checks: Sequence[CallingCheck],
        requests: tuple[Request, ...],
        functions: Mapping[str, Sequence[CallingCheck]],
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
        """Return the results, with those of the checks of which a call was answered."""
        answered = {
            one.key: answer
            for one, answer in zip(self._checks, answers, strict=True)
            if answer.ended is Status.DONE and answer.answered_calls
        }
        changed = list(results)
        for checks in self._functions.values():
            if any(one.key in answered for one in checks):
                place = next(i for i, result in enumerate(changed) if result.id == checks[0].question.id)
                changed[place] = self._judge_function(checks, answered, changed[place], origins)
        return tuple(changed)

    def _judge_function(
        self, checks: Sequence[CallingCheck], answered: Answers, first: QuestionResult, origins: NameOrigins
    ) -> QuestionResult:
        """Return a question's result with the checks of one function judged by the answers with answered calls."""
        question, cases = checks[0].question, {one.check.name: one.cases for one in checks}
        given = {one.check.name: answered.get(one.key, self._answers[one.key]) for one in checks}
        order = find_order(question, [one.check for one in checks], cases, given)
        second = {}
        for one in checks:
            name = one.check.name
            given[name] = arrange_answer(one.check, one.cases, given[name], order).answer
            if one.key in answered:
                second[name] = judge_check(question, one.check, origins, one.cases, given[name])
        failed = [one.check for one in checks if one.check.name in second and _is_wrong(second[one.check.name])]
        explanations = _explain(question, failed, checks, given)
        results = [
            _choose(check, second[check.name], given[check.name], explanations.get(check.name, ()))
            if check.name in second
            else check
            for check in first.checks
        ]
        raised = {**self._answers, **{one.key: answered.get(one.key, Answer()) for one in checks}}
        return require_return(question, replace(first, checks=tuple(results)), raised, origins)


def _explain(
    question: Question, failed: Sequence[Check], checks: Sequence[CallingCheck], answers: Mapping[str, Answer]
) -> dict[str, tuple[Explanation, ...]]:
    """Return the explanations of the checks that fail with calls answered, too."""
    cases = {one.check.name: one.cases for one in checks}
    found: dict[str, tuple[Explanation, ...]] = {}
    for group in group_by_output(question, failed):
        found |= explain_answers(question, group, {check.name for check in group}, cases, answers)
    return found


def _is_wrong(result: CheckResult) -> bool:
    return result.verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)


def _choose(
    first: CheckResult, second: CheckResult, answer: Answer, explanations: tuple[Explanation, ...]
) -> CheckResult:
    """Return the result of a check that passes now, or else the first one, with what explains it now.

    A check that was judged with outputs of its own function set right keeps what was said then.
    """
    if second.verdict is Verdict.PASSED:
        return replace(second, remarks=(), printed=first.printed, carried=answer.answered_calls)
    if first.verdict is Verdict.PASSED or first.carried or not _is_wrong(second):
        return first
    return replace(first, carried=answer.answered_calls, explanations=explanations)
