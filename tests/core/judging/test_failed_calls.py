"""A function that raises instead of returning loses its last returned output, even if all values were right."""

from typing import Any

import pytest

from grader.core.judging.failed_calls import require_return
from grader.core.judging.name_origins import NameOrigins
from grader.core.questions.checks import Check, Output
from grader.core.questions.kinds.code import KIND as CODE
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import ActionResult, Answer, ExceptionInfo, Job

PASSED, WRONG, RAISED = Verdict.PASSED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR
LOCAL, FIRST, LAST = Output("local", "delta"), Output("returned", path=("b",)), Output("returned", path=("W",))


def draw(rng: Any) -> Any:
    """Return an input."""
    return rng.normal(size=2)


def judged(*verdicts: Verdict, raised: bool = True) -> list[tuple[str, float]]:
    """Return the verdict and points of a local variable and two returned parts after the rule is applied."""
    outputs = (LOCAL, FIRST, LAST)
    checks = tuple(Check(str(n), "It is right.", 1.0, draw, output=output) for n, output in enumerate(outputs))
    question = Question("asked", CODE, "Asked", checks, (), "asked", draw)
    results = tuple(
        CheckResult(check.name, verdict, float(verdict is PASSED), 1.0, False)
        for check, verdict in zip(checks, verdicts, strict=True)
    )
    error = ExceptionInfo("TypeError", "bad operand type for unary -: 'dict'")
    answer = Answer(results=(ActionResult(raised=error if raised else None),))
    answers = {("asked", check.name): answer for check in checks}
    found = require_return(question, QuestionResult("asked", "code", results), answers, NameOrigins(Job((), ()), ()))
    return [(str(check.verdict), check.points) for check in found.checks]


def test_a_failing_return_costs_the_last_output() -> None:
    """With all values right, an exception costs the last returned output: `return -grad` is not fully right."""
    assert judged(PASSED, PASSED, PASSED) == [("passed", 1.0), ("passed", 1.0), ("runtime_error", 0.0)]


@pytest.mark.parametrize("verdicts", [(WRONG, PASSED, PASSED), (PASSED, RAISED, PASSED), (PASSED, PASSED, RAISED)])
def test_an_exception_costs_its_part_once(verdicts: tuple[Verdict, ...]) -> None:
    """Where a part is lost already, nothing else is lost."""
    assert [verdict for verdict, _ in judged(*verdicts)] == [str(verdict) for verdict in verdicts]


def test_a_function_that_returns_loses_nothing() -> None:
    """Without an exception all points stay."""
    assert judged(PASSED, PASSED, PASSED, raised=False) == [("passed", 1.0)] * 3
