"""A check that a trivial answer passes counts only together with one that none passes."""

from dataclasses import replace
from pathlib import PurePath
from typing import Any

import numpy as np
import pytest

from grader.core.judging.reference_data import compute_reference_data
from grader.core.judging.unearned_points import UnearnedPoints
from grader.core.questions.checks import Check, Output
from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.code import KIND as CODE
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict

PASSED, WRONG, FAULT = Verdict.PASSED, Verdict.WRONG_ANSWER, Verdict.GRADER_ERROR
ARGUMENT = Output("argument", 0)


def doubled(x: Any) -> Any:
    """Double the input, as the reference."""
    return 2 * x


def never_negative(value: Any, x: Any) -> str | None:
    """Judge a property that zeros have."""
    return "It is negative." if np.min(value) < 0 else None


def draw(rng: np.random.Generator) -> Any:
    """Return three numbers above 1."""
    return rng.uniform(1, 2, size=3)


STRONG = Check("strong", "It is doubled.", 1.0, draw)
WEAK = Check("weak", "It is never negative.", 0.5, draw, holds=never_negative)
KEPT = Check("kept", "x is left as it was.", 0.5, draw, output=ARGUMENT)


def withheld(*checks: tuple[Check, Verdict]) -> dict[str, float]:
    """Return the points of each check of a question after its checks got these verdicts."""
    question = Question("asked", CODE, "Asked", tuple(check for check, _ in checks), (), "asked", doubled)
    exercise = Exercise("e", "E", (question,), PurePath("e"))
    points = UnearnedPoints(exercise, compute_reference_data(exercise, b"secret"))
    results = (CheckResult(c.name, v, c.points if v is PASSED else 0.0, c.points, False) for c, v in checks)
    found = points.withhold(question, QuestionResult("asked", "code", tuple(results)))
    assert [check.verdict for check in found.checks] == [verdict for _, verdict in checks]
    return {check.name: check.points for check in found.checks}


@pytest.mark.parametrize("weak", [WEAK, KEPT])
def test_a_weak_check_needs_a_strong_one(weak: Check) -> None:
    """A property that zeros have, and an argument that is unchanged, count only beside a right result."""
    assert withheld((STRONG, PASSED), (weak, PASSED), (replace(STRONG, name="other"), WRONG))[weak.name] == 0.5
    assert withheld((STRONG, WRONG), (weak, PASSED))[weak.name] == 0.0


def test_a_check_of_the_same_output_comes_first() -> None:
    """Where the output has a strong check, one of another output is not enough."""
    other = replace(STRONG, name="other", output=Output("returned", None, (0,)))
    assert withheld((STRONG, WRONG), (WEAK, PASSED), (other, PASSED))["weak"] == 0.0
    assert withheld((other, PASSED), (WEAK, PASSED), (KEPT, WRONG))["weak"] == 0.5


def test_a_question_without_a_strong_check() -> None:
    """Where the question has none, weak checks count by themselves."""
    assert withheld((WEAK, PASSED), (KEPT, WRONG)) == {"weak": 0.5, "kept": 0.0}


def test_a_fault_of_the_grader_costs_nothing() -> None:
    """A strong check that the grader couldn't judge supports weak ones; a check without points supports none."""
    assert withheld((STRONG, FAULT), (WEAK, PASSED))["weak"] == 0.5
    assert withheld((replace(STRONG, points=0.0, name="free"), PASSED), (STRONG, WRONG), (WEAK, PASSED))["weak"] == 0.0


@pytest.mark.parametrize(
    ("check", "weak"),
    [
        (STRONG, False),
        (WEAK, True),
        (KEPT, True),
        (replace(STRONG, inputs=lambda rng: np.zeros(3)), True),
        (replace(STRONG, holds=lambda value, x: None if np.allclose(value, 2 * x) else "No."), False),
        (replace(STRONG, holds=lambda value, x: str(1 / 0)), False),
        (replace(STRONG, holds=lambda value, x: None if np.isnan(value).all() else "No."), False),
    ],
)
def test_the_weak_checks(check: Check, weak: bool) -> None:
    """A check is weak if some trivial answer passes it; NaN reaches no property of a finite reference."""
    question = Question("asked", CODE, "Asked", (check, replace(STRONG, name="beside")), (), "asked", doubled)
    exercise = Exercise("e", "E", (question,), PurePath("e"))
    found = UnearnedPoints(exercise, compute_reference_data(exercise, b"secret")).find_weak_checks(question)
    assert found == ({check.name} if weak else set())


def test_the_score_of_a_trivial_answer() -> None:
    """A trivial answer earns what its checks give without others; its name tells it apart."""

    def scores(*checks: Check) -> dict[str, float]:
        question = Question("asked", CODE, "Asked", checks, (), "asked", doubled)
        exercise = Exercise("e", "E", (question,), PurePath("e"))
        points = UnearnedPoints(exercise, compute_reference_data(exercise, b"secret"))
        tried = points.list_trivial_answers(question)
        return {one.name: points.judge_trivial_answer(question, one).score for one in tried}

    assert set(scores(STRONG, WEAK, KEPT).values()) == {0.0}
    alone = scores(WEAK)
    assert alone["zeros"] == alone["input x"] == 0.5
    assert alone["None"] == alone["NaN"] == 0.0
