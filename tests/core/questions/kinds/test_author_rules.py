"""An author's function judges a student's values; its results are converted, and no value breaks it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.questions.kinds.author_rules import apply_rule, to_rule_result
from grader.core.wire.values import Opaque


@pytest.mark.parametrize(
    ("said", "share", "wrong"),
    [
        (None, 1.0, ""),
        ("Too small.", 0.0, "Too small."),
        (0.25, 0.25, ""),
        (np.float64(0.5), 0.5, ""),
        (True, 1.0, ""),
        (7, 1.0, ""),
        (-1, 0.0, ""),
        (float("nan"), 0.0, ""),
        ((0.5, "Half of it."), 0.5, "Half of it."),
        ((1, None), 1.0, ""),
    ],
)
def test_valid_results(said: Any, share: float, wrong: str) -> None:
    """A function may return nothing, a sentence, a share, or both; shares are limited to 0 to 1."""
    judged = to_rule_result(said)
    assert (judged.share, str(judged.wrong)) == (share, wrong)
    assert judged.passed == (share == 1 and not wrong)


@pytest.mark.parametrize("said", [[], {}, b"x", (1, 2, 3), object()])
def test_invalid_results(said: Any) -> None:
    """Any other result means that the answer could not be judged, and is not an exception."""
    assert "could not be checked" in str(apply_rule(lambda value: said, [1], ["W"]).wrong)


def test_values_are_passed_in_order() -> None:
    """The function gets the values in order."""
    assert str(apply_rule(lambda a, b: f"{a} {b}", [1, 2], ["a", "b"]).wrong) == "1 2"


def test_a_strange_value() -> None:
    """An exception on a strange value is reported with the variable's name; numpy's warnings are ignored."""
    judged = apply_rule(lambda W: W.shape, ["text"], ["W"])
    assert str(judged.wrong) == "`W` could not be checked (AttributeError). Does it have the requested form?"
    assert str(apply_rule(lambda W, u: 1 / 0, [1, 2], ["W", "W"]).wrong).startswith("`W` could not")
    assert apply_rule(lambda x: float(np.log(x)) > 0, [np.zeros(())], ["x"]).share == 0


def test_values_that_could_not_leave_the_sandbox() -> None:
    """The message names an object's type, or says that a container is too large; the function isn't called."""

    def fails(value: object) -> None:
        raise AssertionError

    assert str(apply_rule(fails, [Opaque("function")], ["W"]).wrong).startswith(
        "`W` is of type `function`, which can't be checked"
    )
    assert (
        str(apply_rule(fails, [Opaque("dict")], ["W"]).wrong) == "`W` is too large or too deeply nested to be checked."
    )


@given(st.recursive(st.none() | st.floats() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=4)))
def test_any_value_is_judged(value: Any) -> None:
    """Any value gives a result with a share from 0 to 1."""
    assert 0 <= apply_rule(lambda x: x[0] / x[1], [value], ["x"]).share <= 1
