"""Right values in another form are told from wrong ones, and nothing is said of answers without a calculation.

Covers `core/report/form_text.py`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.judging.evidence import Evidence, collect_evidence
from grader.core.judging.reference_data import Case
from grader.core.judging.returned_forms import find_forms
from grader.core.questions.checks import RETURN_VALUE, Check, Output
from grader.core.report.form_text import describe_returned_form
from grader.core.results.reason import ReturnedForm
from grader.core.wire.job import ActionResult, Answer

X = (np.array([[0.25, -1.5, 3.125]]), np.array([[0.75, 2.5, -0.375], [1.25, 4.5, 0.5]]))


def evidence(
    expected: Callable[[Any], Any],
    answer: Callable[[Any], Any],
    output: Output = RETURN_VALUE,
    inputs: tuple[Any, ...] = X,
    **more: Any,
) -> list[Evidence]:
    """Return the evidence of one check for each input."""
    found = []
    for number, x in enumerate(inputs):
        check = Check(str(number), "", 1.0, lambda rng: 0, output=output)
        given = Answer(results=(ActionResult(answer(x), **more),), printed=f"for {number}:\n{expected(x)}\n")
        found.append(collect_evidence(check, (Case((x,), expected(x), {}),), given))
    return found


def find(*args: Any, **more: Any) -> ReturnedForm | None:
    """Return the form that explains all checks; None if there is none."""
    found = find_forms(evidence(*args, **more), (), ("x",))
    assert len(found) in (0, 2)
    return next(iter(found.values()), None)


def rows(x: Any) -> Any:
    """Return the sum of each row, plus a number that makes it hard to guess."""
    return np.sum(x, axis=1) + 0.1875


def total(x: Any) -> Any:
    """Return one number."""
    return float(np.sum(x * x)) + 0.0625


GRAD = Output(path=("W1",), label="grad['W1']")
SECOND = Output(path=(1,), label="y")
FORMS = [
    (rows, lambda x: (rows(x),), RETURN_VALUE, ReturnedForm("single_item", "tuple")),
    (rows, lambda x: (rows(x), {"x": x}), RETURN_VALUE, ReturnedForm("item", "1")),
    (rows, lambda x: (x, 2 * x, rows(x)), RETURN_VALUE, ReturnedForm("item", "3")),
    (rows, lambda x: (rows(x), x), SECOND, ReturnedForm("place", "1")),
    (rows, lambda x: {"u": rows(x), "y": rows(x)}, SECOND, ReturnedForm("in_dict", "`y`")),
    (rows, lambda x: {"w1": rows(x), "b1": x}, GRAD, ReturnedForm("key", "`w1`")),
    (rows, lambda x: ({"W1": rows(x)}, 1), GRAD, ReturnedForm("item", "1")),
    (rows, lambda x: (x, rows(x)), GRAD, ReturnedForm("unnamed", "2")),
    (
        lambda x: {"W": rows(x), "b": 3 * rows(x)},
        lambda x: {"w": rows(x), "B": 3 * rows(x)},
        RETURN_VALUE,
        ReturnedForm("keys", "`w`, `B`"),
    ),
    (rows, lambda x: str(rows(x).tolist()), RETURN_VALUE, ReturnedForm("text")),
    (rows, lambda x: None, RETURN_VALUE, ReturnedForm("printed")),
    (total, lambda x: np.array([total(x)]), RETURN_VALUE, ReturnedForm("boxed", "(1,)")),
    (rows, lambda x: rows(x)[None, :, None], RETURN_VALUE, ReturnedForm("extra_axis", "(1, 1, 1)")),
    (lambda x: rows(x)[:, None], rows, RETURN_VALUE, ReturnedForm("missing_axis", "(1,)")),
]


@pytest.mark.parametrize(("expected", "answer", "output", "form"), FORMS)
def test_forms(expected: Any, answer: Any, output: Output, form: ReturnedForm) -> None:
    """Each form is found by its right values, and has a sentence."""
    assert find(expected, answer, output) == form
    assert describe_returned_form(form) is not None


def test_an_argument_that_was_to_be_changed() -> None:
    """The right value that is returned instead of changed in place is found, and the other way round."""
    place = Output("argument", 0)
    assert find(rows, rows, place, arguments=(X[0],)) == ReturnedForm("returned")
    changed = evidence(rows, lambda x: None, changed_arguments=(0,))
    silent = [Evidence(one.cases, one.actual, one.tolerance, one.check, results=one.results) for one in changed]
    assert set(find_forms(silent, (), ("x",)).values()) == {ReturnedForm("changed_argument", "`x`")}
    assert set(find_forms(silent, ()).values()) == {ReturnedForm("changed_argument", "1")}


def test_a_shape_is_that_of_its_check() -> None:
    """Each check's form names the shape that was returned there."""
    found = find_forms(evidence(rows, lambda x: rows(x)[None]), ())
    assert [form.detail for form in found.values()] == ["(1, 1)", "(1, 2)"]


WRONG = [
    (rows, lambda x: (rows(x) + 1e-3, x)),
    (rows, lambda x: (rows(x) + 1e-3,)),
    (rows, lambda x: rows(x)[::-1]),
    (rows, lambda x: rows(x)[None] + 1),
    (total, lambda x: np.array([1.0])),
    (rows, lambda x: "no numbers"),
    (lambda x: np.zeros(len(x)), lambda x: np.zeros((1, len(x)))),
    (lambda x: np.ones(len(x)), lambda x: (np.ones(len(x)), x)),
    (rows, lambda x: [[[]]]),
    (rows, lambda x: {3: x, None: rows(x)}),
]


@pytest.mark.parametrize(("expected", "answer"), WRONG)
def test_wrong_values_have_no_form(expected: Any, answer: Any) -> None:
    """Wrong values, and values that anybody might return, are not right in another form."""
    assert find(expected, answer) is None


def test_confirming_checks_silence() -> None:
    """A form that no failed confirming check has is not claimed; one is enough, and so are passed ones."""
    shown = evidence(rows, lambda x: (rows(x),))
    other, right = evidence(rows, lambda x: (x, x)), evidence(rows, rows)
    assert find_forms(shown, other) == {}
    assert len(find_forms(shown, [*other, *shown])) == 2
    assert len(find_forms(shown, right)) == 2


def test_another_kind_of_another_version_has_no_sentence() -> None:
    """A stored kind that this version doesn't know is left out."""
    assert describe_returned_form(ReturnedForm("unknown", "1")) is None


NUMBERS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just(X[0]))


@given(st.recursive(NUMBERS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)))
def test_any_value_is_looked_at_safely(value: Any) -> None:
    """Whatever is returned, nothing raises, and nothing is claimed of it, but that its right numbers were printed."""
    assert find(rows, lambda x: value) in (None, ReturnedForm("printed"))
    assert find(rows, lambda x: (value, value)) is None


def test_the_place_of_another_right_part() -> None:
    """A value isn't told to be in a place where another part of the result is right."""
    answers = evidence(rows, lambda x: (rows(x), x), SECOND)
    assert find_forms(answers, (), ("x",), {0}) == {}
    assert find_forms(evidence(rows, lambda x: {"u": rows(x)}, SECOND), (), ("x",), {"u"}) == {}
