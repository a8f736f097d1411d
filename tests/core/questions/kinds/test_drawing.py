"""Networks submitted as data are shown beside the expected one and judged by an author's function."""

from typing import Any

import pytest
from hypothesis import given

from grader.core.compare.networks import Drawing, make_complete_network
from grader.core.questions.kinds.drawing import DrawingForm, apply_drawing_rule
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Opaque
from tests.core.questions.kinds.strategies import VALUES

FORM = DrawingForm(("net",), make_complete_network(2, 3))


def test_a_drawing_is_shown() -> None:
    """The submitted network is shown beside the expected one; neither keeps its original value."""
    judged = FORM((ActionResult([2, 2]),))
    assert judged.passed
    assert judged.details
    assert judged.details.drawing == make_complete_network(2, 2)
    assert judged.details.drawing.given is None
    assert judged.details.expected_drawing == make_complete_network(2, 3)


@pytest.mark.parametrize("value", ["2, 3", Opaque("Network"), [0]])
def test_invalid_drawing(value: Any) -> None:
    """A value that isn't a network fails every check with the same message, and the expected network is shown alone."""
    judged = FORM((ActionResult(value),))
    assert str(judged.wrong).startswith("`net` ")
    assert judged.details
    assert judged.details.drawing is None
    assert str(apply_drawing_rule(lambda drawing: None, value, "net").wrong) == str(judged.wrong)


def test_a_drawing_is_judged() -> None:
    """The author's function gets the drawing."""

    def sizes(drawing: Drawing) -> str:
        return str(drawing.sizes)

    assert str(apply_drawing_rule(sizes, [4, 1], "net").wrong) == "(4, 1)"


@given(VALUES)
def test_any_value_is_judged(value: Any) -> None:
    """Any value gives a result with a share from 0 to 1."""
    assert 0 <= DrawingForm(("net",))((ActionResult(value),)).share <= 1
