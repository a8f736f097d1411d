"""Known mistakes are recognised by their tensors, and only by all of them."""

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
    """What the mistakes give where x is right; `silent` is right on negative numbers."""
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
    """What a check of these cases showed."""
    return Evidence(tuple(Case((x,), np.array(x), mistakes(x)) for x in xs), actual, tolerance)


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_is_recognised(name: str) -> None:
    """Whoever gives what a mistake gives on every case made it, exceptions and missing outputs included."""
    xs = (1.5, -2.0, 3.0)
    shown = evidence(xs, tuple(mistakes(x)[name] for x in xs))
    assert find_known_mistake([shown], NAMES) == name


def test_every_check_of_an_output_counts() -> None:
    """A mistake that explains one check and not another is not named."""
    first, second = evidence((1.5,), (np.array(-1.5),)), evidence((2.0,), (np.array(4.0),))
    assert find_known_mistake([first], NAMES) == "negated"
    assert find_known_mistake([first, second], NAMES) is None
    assert find_known_mistake(iter([first, first]), iter(NAMES)) == "negated"


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=4))
def test_whoever_is_right_made_no_mistake(xs: list[float]) -> None:
    """An answer that is right on every case is no mistake, even where a mistake gives the same."""
    right = tuple(np.array(-x) for x in xs)
    assert find_known_mistake([evidence(tuple(-x for x in xs), right)], NAMES) is None


def test_exceptions_agree_by_type() -> None:
    """Another exception, or none, is not the mistake that raises one."""
    assert find_known_mistake([evidence((1.0,), (CallFailure("ValueError"),))], NAMES) == "crashing"
    assert find_known_mistake([evidence((1.0,), (CallFailure("TypeError"),))], NAMES) is None
    assert find_known_mistake([evidence((1.0,), (None,))], NAMES) is None


def test_the_first_mistake_is_named() -> None:
    """Where two mistakes explain the same the order of the course decides; without evidence there is none."""
    zero = evidence((0.5, 1.0), (np.array(-0.5), np.array(-1.0)))
    assert find_known_mistake([zero], ("doubled", "negated")) == "negated"
    assert find_known_mistake([], NAMES) is None
    assert find_known_mistake([zero], ()) is None


def test_the_tolerance_is_the_checks() -> None:
    """What is near enough to the mistake for this check is the mistake."""
    assert find_known_mistake([evidence((1.0,), (np.array(-1.01),), Tolerance(0.1))], NAMES) == "negated"
    assert find_known_mistake([evidence((1.0,), (np.array(-1.01),))], NAMES) is None


def test_a_failure_is_no_value() -> None:
    """A call that failed agrees with one that failed in the same way only."""
    assert is_same_output(CallFailure("ValueError"), CallFailure("ValueError"), Tolerance())
    assert not is_same_output(CallFailure("ValueError"), CallFailure(), Tolerance())
    assert not is_same_output(CallFailure(), None, Tolerance())
    assert not is_same_output(np.zeros(1), CallFailure(), Tolerance())
    assert is_same_output(np.zeros(1), [0.0], Tolerance())
