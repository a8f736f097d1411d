"""The checks that run again with earlier outputs set right: those behind a wrong output, or behind an exception."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from grader.core.compare.tensors import compare
from grader.core.judging.grade_question import Answers
from grader.core.judging.reference_data import CallFailure, Case, ReferenceData, select_output
from grader.core.judging.reference_outline import ReferenceOutline, build_reference_outline
from grader.core.questions.checks import RETURN_VALUE, Check
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult
from grader.core.results.verdict import Verdict
from grader.core.wire.assignment_target import PathKey
from grader.core.wire.job import Answer, ExceptionInfo, MissingName, Status


@dataclass(frozen=True)
class JudgedFunction:
    """One function of a question, with its checks and their reference data."""

    question: Question
    name: str
    checks: tuple[Check, ...]
    outline: ReferenceOutline
    cases: Mapping[str, tuple[Case, ...]]

    def parts(self, check: Check) -> Mapping[PathKey, int]:
        """Return the targets of which the expected result of a check consists, if it is a whole one; none otherwise."""
        whole = self.cases[check.name][0].expected
        keys = set(whole) if isinstance(whole, dict) else set(range(len(whole))) if isinstance(whole, tuple) else set()
        return self.outline.parts if check.output == RETURN_VALUE and keys == self.outline.parts.keys() else {}

    def checks_of_target(self, number: int) -> list[Check]:
        """Return the checks of one target."""
        return [check for check in self.checks if self.outline.find_target(check.output) == number]


@dataclass(frozen=True)
class RerunStep:
    """One check to run again with all dependencies of a target set right; `key` is the part of a whole result."""

    function: JudgedFunction
    check: Check
    number: int
    key: PathKey | None = None

    @property
    def check_key(self) -> tuple[str, str]:
        """The check, by its question and name."""
        return self.function.question.id, self.check.name


def find_dependent_functions(question: Question, judged_by: ReferenceData) -> Iterator[JudgedFunction]:
    """Yield the functions of a question in which one output can be wrong because of another."""
    checks = [c for c in question.checks if isinstance(c, Check) and (question.id, c.name) in judged_by.cases]
    for name in dict.fromkeys(map(question.function_of, checks)):
        own = tuple(check for check in checks if question.function_of(check) == name)
        found = build_reference_outline(question.reference_of(own[0]), (check.output for check in own))
        if len(found.targets) > 1:
            yield JudgedFunction(
                question, name, own, found, {c.name: judged_by.cases[question.id, c.name] for c in own}
            )


def plan_steps(
    function: JudgedFunction, results: Mapping[tuple[str, str], CheckResult], answers: Answers
) -> Iterator[RerunStep]:
    """Yield the checks to run again for a function: those that failed behind a wrong target or an exception."""
    question, found = function.question, function.outline
    failed = [
        c for c in function.checks if _is_rerun_candidate(results[question.id, c.name], answers[question.id, c.name])
    ]
    wrong = [number for check in failed if (number := found.find_target(check.output)) is not None]
    if not wrong:
        return
    behind = {number for number, before in enumerate(found.before) if before.intersection(wrong)}
    for check in failed:
        number = found.find_target(check.output)
        answer = answers[question.id, check.name]
        again = set(range(len(found.targets))) if has_raised(answer) else behind
        if number is not None and number in again:
            yield RerunStep(function, check, number)
        elif number is None and _is_right_apart_from(again, function, check, answer):
            parts = function.parts(check).items()
            yield from (RerunStep(function, check, number, key) for key, number in parts if number in again)


def has_raised(answer: Answer) -> bool:
    return any(isinstance(result.raised, ExceptionInfo) for result in answer.results)


def _is_rerun_candidate(result: CheckResult, answer: Answer) -> bool:
    """Tell whether a check ended with a wrong answer, an exception or a blank, perhaps because of an earlier output."""
    reason = result.reason
    blank = (isinstance(reason, ExceptionInfo) and reason.blank) or (
        isinstance(reason, MissingName) and reason.unfilled == "None"
    )
    return answer.ended is Status.DONE and (
        result.verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)
        or (result.verdict is Verdict.NOT_ATTEMPTED and blank)
    )


def _is_right_apart_from(behind: Collection[int], function: JudgedFunction, check: Check, answer: Answer) -> bool:
    """Tell whether the parts of a whole result for which nothing is set right were right in the first run."""
    for key, number in function.parts(check).items():
        output = function.outline.output(number, key)
        for case, result in zip(function.cases[check.name], answer.results, strict=True):
            part = case.expected[key] if number in behind else select_output(output, result)
            if isinstance(part, CallFailure) or compare(case.expected[key], part, case.widen(check.tolerance)).mismatch:
                return False
    return True
