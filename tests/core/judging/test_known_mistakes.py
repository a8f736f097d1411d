"""Known mistakes are recognised only if all their tensors agree with the student's."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.tensors import Tolerance
from grader.core.judging.known_mistakes import Evidence, find_known_mistake, is_same_output
from grader.core.judging.reference_data import CallFailure, Case
from grader.core.wire.values import Value

Outcomes = Mapping[str, Value | CallFailure]
NAMES = ("negated", "doubled", "crashing", "silent")


def mistakes(x: float) -> Outcomes:
    """Return the mistakes' results for x; `silent` is right for negative numbers."""
    silent = np.array(x) if x < 0 else CallFailure()
    return {
        "negated": np.array(-x),
        "doubled": np.array(2 * x),
        "crashing": CallFailure("ValueError"),
        "silent": silent,
    }


def evidence(
    xs: tuple[float, ...], actual: tuple[Value | CallFailure, ...], tolerance: Tolerance = Tolerance()
) -> Evidence:
    """Return the evidence of a check with these cases."""
    return Evidence(tuple(Case((x,), np.array(x), mistakes(x)) for x in xs), actual, tolerance)


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_is_recognised(name: str) -> None:
    """An answer that equals a mistake's in every case, exceptions and missing outputs included, is recognised."""
    xs = (1.5, -2.0, 3.0)
    shown = evidence(xs, tuple(mistakes(x)[name] for x in xs))
    assert find_known_mistake([shown], NAMES) == name


def test_every_check_of_an_output_counts() -> None:
    """A mistake that explains one check of an output and not another is not recognised."""
    first, second = evidence((1.5,), (np.array(-1.5),)), evidence((2.0,), (np.array(4.0),))
    assert find_known_mistake([first], NAMES) == "negated"
    assert find_known_mistake([first, second], NAMES) is None
    assert find_known_mistake(iter([first, first]), iter(NAMES)) == "negated"


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=4))
def test_right_answers_are_not_mistakes(xs: list[float]) -> None:
    """An answer that is right in every case is not a mistake, even if a mistake gives the same."""
    right = tuple(np.array(-x) for x in xs)
    assert find_known_mistake([evidence(tuple(-x for x in xs), right)], NAMES) is None


def test_exceptions_agree_by_type() -> None:
    """Another exception, or none, doesn't agree with the mistake's exception."""
    assert find_known_mistake([evidence((1.0,), (CallFailure("ValueError"),))], NAMES) == "crashing"
    assert find_known_mistake([evidence((1.0,), (CallFailure("TypeError"),))], NAMES) is None
    assert find_known_mistake([evidence((1.0,), (None,))], NAMES) is None


def test_the_first_mistake_is_named() -> None:
    """If two mistakes explain the answer, the course's order decides; without evidence there is none."""
    zero = evidence((0.5, 1.0), (np.array(-0.5), np.array(-1.0)))
    assert find_known_mistake([zero], ("doubled", "negated")) == "negated"
    assert find_known_mistake([], NAMES) is None
    assert find_known_mistake([zero], ()) is None


def test_the_checks_tolerance_is_used() -> None:
    """An answer within the check's tolerance of a mistake is that mistake."""
    assert find_known_mistake([evidence((1.0,), (np.array(-1.01),), Tolerance(0.1))], NAMES) == "negated"
    assert find_known_mistake([evidence((1.0,), (np.array(-1.01),))], NAMES) is None


def test_a_failure_is_not_a_value() -> None:
    """A failed call agrees only with one that failed in the same way."""
    assert is_same_output(CallFailure("ValueError"), CallFailure("ValueError"), Tolerance())
    assert not is_same_output(CallFailure("ValueError"), CallFailure(), Tolerance())
    assert not is_same_output(CallFailure(), None, Tolerance())
    assert not is_same_output(np.zeros(1), CallFailure(), Tolerance())
    assert is_same_output(np.zeros(1), [0.0], Tolerance())
