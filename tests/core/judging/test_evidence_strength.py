"""The strength of evidence counts the digits of numbers, and patterns; what anybody might return counts nothing."""

import numpy as np
import pytest

from grader.core.compare.tensors import Tolerance
from grader.core.judging.evidence import Evidence, Outcome
from grader.core.judging.evidence_strength import is_specific_failure, measure_strength
from grader.core.judging.reference_data import CallFailure, Case
from grader.core.questions.checks import Check, Output
from grader.core.wire.job import ActionResult

ARGUMENT = np.array([0.25, -1.75])


def strength(*actual: Outcome) -> float:
    """Return the strength of the evidence in which a student gave these values."""
    cases = tuple(Case((ARGUMENT,), 0.0, {}) for _ in actual)
    return measure_strength([Evidence(cases, actual, Tolerance())])


NOTHING = {
    "None": (None,),
    "text": ("0.731",),
    "zeros": (np.zeros(5), np.zeros((2, 3))),
    "ones and zeros apart": (np.ones(3), np.zeros(3)),
    "one number everywhere": (np.full(3, 0.731), 0.731, 0.7310000001),
    "numbers that are almost zero": (np.array([1e-200, 2e-100, 0]),),
    "NaN": (np.full(4, np.nan),),
    "an argument": (ARGUMENT.copy(),),
    "an exception that was written": (CallFailure("NotImplementedError", "raise"),),
    "an unknown exception": (CallFailure("ValueError"),),
    "another form": (CallFailure("", "tuple: 2"), CallFailure("", "NoneType")),
    "nothing": (),
}


@pytest.mark.parametrize("actual", NOTHING.values(), ids=NOTHING.keys())
def test_what_anybody_might_return_says_nothing(actual: tuple[Outcome, ...]) -> None:
    """Constants of few digits, arguments, and failures without an operation have no strength."""
    assert strength(*actual) == 0


def test_numbers_count_once_and_by_their_digits() -> None:
    """A number of many digits says more than an integer, a large integer more than a small one; none counts twice."""
    assert strength(0.731) > strength(731) > strength(7) > strength(1)
    assert strength(0.731, 0.269, 0.731) == strength(0.731, 0.269)
    assert strength(np.array([0.731, 0.269])) == 2 * strength(0.731)
    assert strength([(0.731, "a"), {"b": 0.269}]) == 2 * strength(0.731)


def test_a_pattern_counts_by_its_length() -> None:
    """Each number of a pattern of zeros and ones is one bit."""
    assert strength(np.array([0, 1, 1, 0, 1])) == 5
    assert strength(np.array([0, 1, 1, 0, 1]), np.array([True, False, True])) == 8


def test_an_argument_counts_if_it_was_to_be_returned() -> None:
    """An argument unchanged counts if asked for; one that was to be changed in place, only if it was used."""
    cases, actual = (Case((ARGUMENT,), 0.0, {}),), (ARGUMENT.copy(),)
    place = Check("a", "", 1.0, lambda rng: 0, output=Output("argument", 0))
    assert measure_strength([Evidence(cases, actual, Tolerance())], with_arguments=True) > 0
    assert measure_strength([Evidence(cases, actual, Tolerance(), place)], with_arguments=True) == 0
    used = Evidence(cases, actual, Tolerance(), place, results=(ActionResult(uses_arguments=True),))
    assert measure_strength([used], with_arguments=True) > 0
    assert measure_strength([used]) == 0


def test_a_part_of_an_argument_unchanged_says_nothing() -> None:
    """An array in a dict that was passed counts as little as a whole argument."""
    cases = (Case(({"W": ARGUMENT},), 0.0, {}),)
    for actual in (ARGUMENT.copy(), {"W": ARGUMENT.copy()}):
        assert measure_strength([Evidence(cases, (actual,), Tolerance())]) == 0


def test_an_operation_counts() -> None:
    """An exception has a strength by its operation, equal ones once; a dict without a key has it by its keys."""
    raised = CallFailure("ValueError", "product")
    assert strength(raised) == strength(raised, raised) > 0
    assert strength(CallFailure("", "dict: 'b'")) > 0
    assert is_specific_failure(CallFailure("ValueError", "truth:if"))
    assert not is_specific_failure(raised)
    assert not is_specific_failure(None)
