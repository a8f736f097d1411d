"""Names of a student's code that a check may tell: those that visible checks are about, so that no hidden input shows.

Code can do one thing or another by the inputs that it gets: what is missing in a hidden check, or what was corrected
for one, could be chosen by them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import MissingName

UNNAMED: Final = ("",)
"""Stands for corrections that are made for a check and not named."""


def find_visibly_wrong(exercise: Exercise, results: Iterable[QuestionResult]) -> frozenset[str]:
    """Return the labels of outputs, and the names of functions, that failed visible checks."""
    found: set[str] = set()
    for result in results:
        question = exercise.question(result.id)
        checks = {check.name: check for check in question.checks} if question else {}
        for failed in result.checks:
            if not failed.hidden and failed.verdict is not Verdict.PASSED:
                check = checks.get(failed.name)
                found.add(failed.output)
                if question is not None and isinstance(check, Check):
                    found.add(question.function_of(check))
    return frozenset(found)


def limit_names(results: Sequence[CheckResult], visibly_wrong: Collection[str]) -> list[CheckResult]:
    """Return a question's results with the names that students may read.

    A failed visible check tells what was corrected if that failed visible checks as well; a passed one tells all to
    which it owes its points. A hidden check tells what the visible ones of the same output tell: no output is named as
    corrected for itself, or for an earlier one.
    """
    limited = [one if one.hidden else _limit_visible(one, visibly_wrong) for one in results]
    visible = [one for one in limited if not one.hidden]
    return [_limit_hidden(one, visible) if one.hidden else one for one in limited]


def _limit_hidden(result: CheckResult, visible: Sequence[CheckResult]) -> CheckResult:
    if result.carried:
        same = (one for one in visible if one.output == result.output)
        named = tuple(dict.fromkeys(name for one in same for name in one.carried))
        result = replace(result, carried=named or UNNAMED)
    if visible and isinstance(result.reason, MissingName) and result.reason not in [one.reason for one in visible]:
        result = replace(result, reason=None)
    return result


def _limit_visible(result: CheckResult, visibly_wrong: Collection[str]) -> CheckResult:
    if result.verdict is Verdict.PASSED:
        return result
    return replace(result, carried=tuple(name for name in result.carried if name in visibly_wrong))
