"""An author's function looks at a student's values: what it may say, and that nothing breaks it."""

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
def test_what_may_be_said(said: Any, share: float, wrong: str) -> None:
    """Nothing, a sentence, a share, or both; shares are kept from 0 to 1."""
    judged = to_rule_result(said)
    assert (judged.share, str(judged.wrong)) == (share, wrong)
    assert judged.passed == (share == 1 and not wrong)


@pytest.mark.parametrize("said", [[], {}, b"x", (1, 2, 3), object()])
def test_what_may_not_be_said(said: Any) -> None:
    """Anything else is an answer that could not be judged, never an exception."""
    assert "could not be judged" in str(apply_rule(lambda value: said, [1], ["W"]).wrong)


def test_values_are_handed_over() -> None:
    """The function gets the values in order."""
    assert str(apply_rule(lambda a, b: f"{a} {b}", [1, 2], ["a", "b"]).wrong) == "1 2"


def test_a_strange_value() -> None:
    """What raises on a strange value is told with the variable's name; warnings of numpy are nobody's."""
    judged = apply_rule(lambda W: W.shape, ["text"], ["W"])
    assert str(judged.wrong) == "`W` could not be judged (AttributeError): is it of the form asked for?"
    assert str(apply_rule(lambda W, u: 1 / 0, [1, 2], ["W", "W"]).wrong).startswith("`W` could not")
    assert apply_rule(lambda x: float(np.log(x)) > 0, [np.zeros(())], ["x"]).share == 0


def test_what_could_not_leave_the_sandbox() -> None:
    """An object is told by its type; a list or dict that is too large as such; the function isn't asked."""

    def fails(value: object) -> None:
        raise AssertionError

    assert str(apply_rule(fails, [Opaque("function")], ["W"]).wrong).startswith(
        "`W` is function, which can't be judged"
    )
    assert (
        str(apply_rule(fails, [Opaque("dict")], ["W"]).wrong)
        == "`W` is too large, or nested too deep, to be looked at."
    )


@given(st.recursive(st.none() | st.floats() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=4)))
def test_nothing_breaks_it(value: Any) -> None:
    """Whatever the value, there is a judgement with a share from 0 to 1."""
    assert 0 <= apply_rule(lambda x: x[0] / x[1], [value], ["x"]).share <= 1
