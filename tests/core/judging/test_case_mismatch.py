"""A property is judged only for values of the right form, and finite ones unless the reference's aren't."""

from typing import Any

import numpy as np
import pytest

from grader.core.compare.mismatch import KeysMismatch, PropertyMismatch, ShapeMismatch, TypeMismatch, ValuesMismatch
from grader.core.judging.case_mismatch import find_case_mismatch, find_nonfinite
from grader.core.judging.reference_data import CallFailure, Case
from grader.core.questions.checks import Check, Output
from grader.core.wire.values import Value

ONES = np.ones(3)


def check(**fields: Any) -> Check:
    """Return a check with these fields."""
    return Check("one", "…", 1.0, lambda rng: ONES, **fields)


def test_a_comparison() -> None:
    """Without a property, the value is compared with the reference's, as precisely as the inputs are."""
    assert find_case_mismatch(check(), Case((ONES,), ONES, {}), ONES, ONES).mismatch is None
    assert isinstance(find_case_mismatch(check(), Case((ONES,), ONES, {}), 2 * ONES, None).mismatch, ValuesMismatch)
    near = ONES + 5e-5
    assert find_case_mismatch(check(), Case((ONES.astype(np.float32),), ONES, {}), near, near).mismatch is None
    assert find_case_mismatch(check(), Case((ONES,), ONES, {}), near, near).mismatch


def test_a_missing_output() -> None:
    """Without an output, the missing key or the type of the returned value is the mismatch."""
    case = Case((ONES,), ONES, {})
    item = check(output=Output("returned", None, ("W",), "grad['W']"))
    assert find_case_mismatch(item, case, CallFailure(), {}).mismatch == KeysMismatch(missing=("grad['W']",))
    assert find_case_mismatch(check(), case, CallFailure(), 1.0).mismatch == TypeMismatch("", "float")


def test_a_forgotten_return() -> None:
    """Where a part of the result is missing because the function returns None, the sentence asks for the `return`.

    A changed argument is judged by itself, whatever is returned.
    """
    case = Case((ONES,), ONES, {})
    for path in ((0,), ("W",)):
        part = check(output=Output("returned", None, path, "W"))
        mismatch = find_case_mismatch(part, case, CallFailure(), None).mismatch
        assert isinstance(mismatch, PropertyMismatch)
        assert str(mismatch.text) == "The function returns None: is a `return` missing?"
    changed = check(output=Output("argument", 0, ("W",), "grad['W']"))
    assert find_case_mismatch(changed, case, CallFailure(), None).mismatch == KeysMismatch(missing=("grad['W']",))


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("form", [lambda x: x, lambda x: [x, {"a": ONES}], lambda x: (1.0, float(x[1]))])
def test_nonfinite_values_reach_no_property(number: float, form: Any) -> None:
    """NaN and infinities, at any depth, are the mismatch themselves; the property isn't asked."""
    wrong = np.array([1.0, number, 2.0])
    asked: list[Value] = []
    judged = check(holds=lambda value, x: asked.append(value))
    mismatch = find_case_mismatch(judged, Case((ONES,), form(ONES), {}), form(wrong), None).mismatch
    assert isinstance(mismatch, PropertyMismatch)
    assert str(mismatch.text) == f"The result contains {number}, but all of its numbers must be finite."
    assert asked == []
    assert find_case_mismatch(judged, Case((ONES,), form(wrong), {}), form(wrong), None).mismatch is None
    assert len(asked) == 1


def test_a_property() -> None:
    """A value of the right form is judged by the property, as a copy; an exception in it is a mismatch."""
    case = Case((ONES,), ONES, {})

    def clear(value: Any, x: Any) -> None:
        value[:] = 0

    mine = np.full(3, 2.0)
    assert find_case_mismatch(check(holds=clear), case, mine, None).mismatch is None
    assert mine.tolist() == [2.0] * 3
    assert find_case_mismatch(check(holds=lambda v, x: "No."), case, mine, None).mismatch == PropertyMismatch("No.")
    assert "ZeroDivisionError" in str(find_case_mismatch(check(holds=lambda v, x: 1 / 0), case, mine, None).mismatch)
    assert isinstance(find_case_mismatch(check(holds=clear), case, np.ones(2), None).mismatch, ShapeMismatch)


@pytest.mark.parametrize("value", [None, "nan", 1, True, [1, "inf"], {"a": np.arange(3)}, np.zeros(0), object])
def test_finite_values(value: Value) -> None:
    """Values without NaN and infinities have none, whatever their type."""
    assert find_nonfinite(value) == ""
