"""Results are cached for shared answers, and only for these.

Covers `core/judging/grade_question.py`.
"""

from dataclasses import replace
from pathlib import PurePath

import numpy as np
import pytest

from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import ReferenceData, compute_reference_data
from grader.core.judging.result_cache import QuestionResultCache
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.code import KIND as CODE
from grader.core.questions.question import Question
from grader.core.results.verdict import Verdict
from grader.core.wire.job import ActionResult, Answer, CellRun, ExceptionInfo, Job, MissingName
from grader.core.wire.submission import Cell, ParsedSubmission


def doubled(x: float) -> float:
    """Double the input, as the reference."""
    return 2 * x


CHECKS = tuple(Check(name, "It doubles.", 1.0, lambda rng: 3.0) for name in ("one", "two"))
QUESTION = Question("double", CODE, "Double", CHECKS, function="double", reference=doubled)
PROGRAM = ParsedSubmission((Cell("", label="cell 1"),))
ORIGINS = NameOrigins(Job(PROGRAM.cells, ()), (CellRun("cell 1"),))


@pytest.fixture
def judged_by() -> ReferenceData:
    """Return the question's reference data."""
    return compute_reference_data(Exercise("e", "E", (QUESTION,), PurePath("e")), b"secret")


def answers(*given: Answer) -> dict[tuple[str, str], Answer]:
    """Return the answers to the two checks."""
    return {("double", check.name): answer for check, answer in zip(CHECKS, given, strict=True)}


RIGHT, WRONG = (Answer(results=(ActionResult(np.float64(value)),), is_shared=True) for value in (6.0, 7.0))


def test_the_same_answers_are_judged_once(judged_by: ReferenceData) -> None:
    """Repeated shared answers get the same result object; other answers get their own."""
    repeats = QuestionResultCache()

    def result(*given: Answer) -> object:
        return repeats.judge_question(QUESTION, judged_by, answers(*given), ORIGINS, PROGRAM)

    first = result(RIGHT, WRONG)
    assert result(RIGHT, WRONG) is first
    other = repeats.judge_question(QUESTION, judged_by, answers(WRONG, RIGHT), ORIGINS, PROGRAM)
    assert [check.verdict for check in other.checks] == [Verdict.WRONG_ANSWER, Verdict.PASSED]


ALONE = {
    "an answer that is nobody else's": replace(RIGHT, is_shared=False),
    "one that raised": replace(RIGHT, results=(ActionResult(raised=ExceptionInfo("ValueError", "no")),)),
    "one that isn't there": replace(RIGHT, results=(ActionResult(raised=MissingName("double")),)),
}


@pytest.mark.parametrize("alone", ALONE.values(), ids=ALONE.keys())
def test_results_that_depend_on_more_are_not_cached(judged_by: ReferenceData, alone: Answer) -> None:
    """A result that doesn't depend on shared answers alone is calculated again."""
    repeats = QuestionResultCache()
    first, second = (
        repeats.judge_question(QUESTION, judged_by, answers(RIGHT, alone), ORIGINS, PROGRAM) for _ in range(2)
    )
    assert first == second
    assert first is not second
