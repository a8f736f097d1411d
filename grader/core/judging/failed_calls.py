"""A function that raised an exception has not returned: at least its last output is lost.

What the function had computed until then is judged, so that a line that raises costs its own output only. Where all
outputs are right nevertheless, the line that raises is the one that returns them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.core.judging.explain_answers import group_by_output
from grader.core.judging.grade_question import Answers
from grader.core.judging.missing_names import build_no_value_result
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.rerun_steps import has_raised
from grader.core.questions.checks import Check
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer


def require_return(
    question: Question, result: QuestionResult, answers: Answers, origins: NameOrigins
) -> QuestionResult:
    """Return the result in which the checks of a function's last output fail if only the return itself raised."""
    results = {check.name: check for check in result.checks}
    checks = [c for c in question.checks if isinstance(c, Check) and c.name in results]
    for function in dict.fromkeys(map(question.function_of, checks)):
        own = [check for check in checks if question.function_of(check) == function]
        if all(results[check.name].verdict is Verdict.PASSED for check in own):
            given = {check.name: answers[question.id, check.name] for check in own}
            for check in _list_unreturned(question, own, given):
                results[check.name] = _fail(question, results[check.name], given[check.name], function, origins)
    return replace(result, checks=tuple(results.values()))


def _list_unreturned(question: Question, own: Sequence[Check], given: Mapping[str, Answer]) -> list[Check]:
    """Return the checks of the last output that was to be returned in calls that raised."""
    raised = [check for check in own if has_raised(given[check.name])]
    returned = [check for check in raised if check.output.source == "returned"]
    groups = group_by_output(question, returned or raised)
    return groups[-1] if groups else []


def _fail(question: Question, passed: CheckResult, answer: Answer, function: str, origins: NameOrigins) -> CheckResult:
    error = next(result.raised for result in answer.results if result.raised)
    without_points = replace(passed, points=0.0, remarks=(), carried=())
    return build_no_value_result(without_points, error, (question.id, function), origins)
