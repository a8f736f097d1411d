"""Choose the functions to diagnose: those that fail a visible check which has no certain explanation."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from grader.core.compare.tensors import Tolerance, as_tensor, compare
from grader.core.judging.arrange_answers import find_order
from grader.core.judging.grade_question import Answers
from grader.core.judging.name_origins import get_lacked_name
from grader.core.judging.reference_data import CallFailure, Case, ReferenceData, select_output
from grader.core.judging.repair.diagnosed_function import DiagnosedFunction
from grader.core.judging.repair.subject import JudgedCases, is_passed
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import KnownMistake, ReturnedForm
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer, ExceptionInfo, Request, Status
from grader.core.wire.steps import Steps
from grader.core.wire.values import Code, Seed, Value

_DIAGNOSED: Final = (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)


def list_diagnosed_functions(
    exercise: Exercise, judged_by: ReferenceData, results: Iterable[QuestionResult], answers: Answers
) -> list[DiagnosedFunction]:
    """Return the functions to diagnose after these results; none for right answers.

    A function that calls another one that is asked for and missing is right so far: no edit of it is looked for.
    """
    found = []
    asked = {name for question in exercise.questions for name in question.functions}
    requests: dict[tuple[str, str], Request] = {}
    for result in results:
        unexplained = frozenset(check.name for check in result.checks if _is_unexplained(check))
        if not needs_diagnosis(result):
            continue
        question = exercise.question(result.id)
        assert question is not None
        requests = requests or {(request.question, request.check): request for request in judged_by.requests}
        parts = [
            JudgedCases(check, judged_by.cases[question.id, check.name], requests[question.id, check.name])
            for check in question.checks
            if isinstance(check, Check) and (question.id, check.name) in judged_by.cases
        ]
        for name in dict.fromkeys(question.function_of(part.check) for part in parts):
            own = [part for part in parts if question.function_of(part.check) == name]
            function = _build(question, name, own, unexplained, answers)
            if function is not None and not any(get_lacked_name(error) in asked for error in function.errors):
                found.append(function)
    return found


def needs_diagnosis(result: QuestionResult) -> bool:
    """Tell whether a visible check fails and has no certain explanation."""
    return any(_is_unexplained(check) and not check.hidden for check in result.checks)


def _is_unexplained(check: CheckResult) -> bool:
    certain = any(isinstance(one, KnownMistake | ReturnedForm) for one in check.explanations)
    return check.verdict in _DIAGNOSED and not certain


def _build(
    question: Question, name: str, parts: Sequence[JudgedCases], unexplained: frozenset[str], answers: Answers
) -> DiagnosedFunction | None:
    """Return the function, unless nothing is to be explained, or it was stopped or has a blank."""
    given = {part.check.name: answers[question.id, part.check.name] for part in parts}
    visible = tuple(part for part in parts if not part.check.hidden)
    results = [result for part in visible for result in given[part.check.name].results]
    errors = tuple(result.raised for result in results if isinstance(result.raised, ExceptionInfo))
    if not any(part.check.name in unexplained for part in visible) or any(error.blank for error in errors):
        return None
    if any(given[part.check.name].ended is not Status.DONE for part in visible):
        return None
    cases = {part.check.name: part.cases for part in parts}
    order = find_order(question, [part.check for part in parts], cases, given)
    base = {part.check.name: part.judge(given[part.check.name], order) for part in parts}
    if all(is_passed(base[part.check.name]) for part in visible):
        return None
    hidden = tuple(part for part in parts if part.check.hidden)
    axes = sum({part.compare_axes(given[part.check.name]) for part in visible})
    is_plain = _is_trivial(visible, given)
    return DiagnosedFunction(question, name, visible, hidden, base, order, unexplained, errors, axes, is_plain)


def _is_trivial(visible: Sequence[JudgedCases], given: Mapping[str, Answer]) -> bool:
    """Tell whether all outputs are one constant, or the same argument as it was: nothing was calculated."""
    pairs = [
        (case, select_output(part.check.output, result))
        for part in visible
        for case, result in zip(part.cases, given[part.check.name].results, strict=True)
    ]
    numbers = [_find_constant(value) for _, value in pairs]
    if None not in numbers and len(set(numbers)) == 1:
        return True
    count = min((len(case.args) for case, _ in pairs), default=0)
    return any(all(_is_same(case, value, position) for case, value in pairs) for position in range(count))


def _find_constant(value: Value | CallFailure) -> float | str | None:
    """Return the only number of a value, or `none` where there is no value; None if it has several numbers."""
    if value is None:
        return "none"
    try:
        array = np.unique(as_tensor(value))
    except (ValueError, TypeError):
        return None
    return None if array.size != 1 or array.dtype.kind not in "biuf" else str(array[0])


def _is_same(case: Case, value: Value | CallFailure, position: int) -> bool:
    argument = case.args[position]
    if isinstance(value, CallFailure) or isinstance(argument, Code | Seed | Steps):
        return False
    return compare(argument, value, Tolerance()).mismatch is None
