"""Inputs and values of hidden checks, kept only where the author may ever show them."""

from collections.abc import Iterable
from dataclasses import replace

from grader.core.results.disclosure import FeedbackRules
from grader.core.results.grading import QuestionResult


def drop_hidden_details(results: Iterable[QuestionResult], rules: FeedbackRules) -> tuple[QuestionResult, ...]:
    """Return the results without details of hidden checks, unless a question's rules have a step that shows them."""
    return tuple(one if rules.can_open_values(one.id) else _drop_of_question(one) for one in results)


def _drop_of_question(result: QuestionResult) -> QuestionResult:
    if not any(check.hidden and check.details for check in result.checks):
        return result
    kept = (replace(check, details=None) if check.hidden else check for check in result.checks)
    return replace(result, checks=tuple(kept))
