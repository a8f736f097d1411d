"""Curves from an experiment are found in each variable and plotted."""

from typing import Any

from hypothesis import given

from grader.core.questions.kinds.experiment import CurvesForm
from grader.core.results.rule_result import RuleResult
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Opaque
from tests.core.questions.kinds.strategies import VALUES


def judge(*values: Any) -> RuleResult:
    """Return the result of values in the variables `one`, `two`."""
    return CurvesForm(("one", "two")[: len(values)])(tuple(map(ActionResult, values)))


def test_plots() -> None:
    """A variable without a curve is reported."""
    judged = judge([1, 2], {"a": [3, 4]})
    assert judged.details
    assert [curve.label for curve in judged.details.curves] == ["one", "two a"]
    assert str(judge([1, 2], 3).wrong).startswith("`two` contains no curve.")
    assert str(judge(Opaque("set")).wrong).startswith("`one` is too large")


@given(VALUES)
def test_any_value_is_judged(value: Any) -> None:
    """Any value gives a result with a share from 0 to 1."""
    assert 0 <= judge(value).share <= 1
