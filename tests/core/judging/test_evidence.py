"""Evidence: outcomes agree by value, and failed calls by their type and operation."""

import numpy as np
import pytest

from grader.core.compare.tensors import Tolerance
from grader.core.judging.evidence import Evidence, Outcome, collect_evidence, is_same_output
from grader.core.judging.reference_data import CallFailure, Case
from grader.core.questions.checks import Check
from grader.core.results.reason import CodePlace
from grader.core.wire.job import ActionResult, Answer, ExceptionInfo

RAISED = ExceptionInfo("ValueError", "no", "cell 2", 3, operation="truth:if")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (CallFailure("ValueError", "truth:if"), CallFailure("ValueError", "truth:if"), True),
        (CallFailure("ValueError", "truth:if"), CallFailure("ValueError", "call:reshape"), False),
        (CallFailure("ValueError", "truth:if"), CallFailure("TypeError", "truth:if"), False),
        (CallFailure("ValueError"), CallFailure("ValueError"), False),
        (CallFailure("", "tuple: 2"), CallFailure("", "dict: 'W1'"), False),
        (CallFailure(), CallFailure(), False),
        (CallFailure(), None, False),
        (np.zeros(1), CallFailure("", "tuple: 2"), False),
        (np.zeros(1), [0.0], True),
        (np.zeros(1), np.ones(1), False),
    ],
)
def test_outcomes_agree(one: Outcome, other: Outcome, same: bool) -> None:
    """A failed call agrees only with one that is known to have failed in the same way."""
    assert is_same_output(one, other, Tolerance()) is same


def test_evidence_is_collected_from_an_answer() -> None:
    """The evidence has the values and failures in the order of the cases, and the first line that raised."""
    check = Check("a", "a", 1.0, lambda rng: 0, hidden=True)
    cases = tuple(Case((x,), np.array(x), {"m": np.array(x) if x < 2 else np.array(0.0)}) for x in (1.0, 2.0))
    answer = Answer(results=(ActionResult(np.array(1.0)), ActionResult(raised=RAISED)))
    found = collect_evidence(check, cases, answer)
    assert (found.name, found.is_hidden, found.raised_at) == ("a", True, CodePlace("cell 2", 3))
    assert found.actual == (np.array(1.0), CallFailure("ValueError", "truth:if"))
    assert not found.is_passed
    assert found.fails("m")
    assert not found.agrees("m")


def test_a_property_decides_what_is_right() -> None:
    """Where a check has a property, other values than the expected ones can be right."""
    check = Check("a", "a", 1.0, lambda rng: 0, holds=lambda value, x: None if value > 0 else "it is negative")
    cases = (Case((1.0,), np.array(1.0), {"negative": np.array(-1.0), "large": np.array(5.0)}),)
    found = Evidence(cases, (np.array(3.0),), Tolerance(), check)
    assert found.is_passed
    assert found.fails("negative")
    assert not found.fails("large")


def test_an_output_before_the_same_exception_contradicts_nothing() -> None:
    """If a call raised like that of the mistake, an output that it had computed until then is no contradiction."""
    raised = CallFailure("ValueError", "binary:Add")
    cases = (Case((1.0,), np.array(2.0), {"m": raised}),)
    for failure, contradicts in ((raised, False), (CallFailure("ValueError", "product"), True), (None, True)):
        found = Evidence(cases, (np.array(2.0),), Tolerance(), failures=(failure,))
        assert found.contradicts("m") is contradicts
    assert not Evidence(cases, (np.array(3.0),), Tolerance()).contradicts("m")


def test_zeros_are_not_the_small_numbers_of_a_mistake() -> None:
    """Where a mistake's numbers are within the tolerance of zero, zeros don't agree with it; its magnitude does."""
    small, wide = np.array([6.2e-8, -4.8e-8]), Tolerance(rtol=1e-5, atol=1e-5)
    cases = (Case((1.0,), np.array([6.2, -4.8]), {"m": small}),)
    for actual, agrees in ((np.zeros(2), False), (small * 1.1, True), (small / 1000, False)):
        assert Evidence(cases, (actual,), wide).agrees("m") is agrees
