"""Choices: accepted forms, scores, and messages about answers that can't be read."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.questions.kinds.choice import ChoiceForm, ChoiceRule
from grader.core.questions.kinds.options import OptionSelection, parse_selection
from grader.core.results.rule_result import RuleResult
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Opaque
from tests.core.questions.kinds.strategies import VALUES

OPTIONS = {"W": "the weights", "b": "the biases", "u": "total input", "3": "three"}
RIGHT = frozenset({"W", "b"})
SEVERAL = ChoiceRule(ChoiceForm(("values",), OPTIONS, several=True), RIGHT)
ONE = ChoiceRule(ChoiceForm(("value",), OPTIONS, several=False), frozenset({"W"}))


def form(rule: ChoiceRule, value: Any) -> RuleResult:
    """Return the result of the check of form."""
    return rule.form((ActionResult(value),))


def share(rule: ChoiceRule, value: Any) -> float:
    """Return the share of the points that the answer earns."""
    return rule((ActionResult(value),)).share


@pytest.mark.parametrize(
    "value",
    [
        *(["W", "b"], ("b", "W"), ["W", "W", "b"], "W, b", "W b", "W;b\n", " W,b ", ["the weights", "The  Biases"]),
        *(["w", "B"], {"first": "W", "second": "b"}, [np.str_("W"), "b"]),
    ],
)
def test_forms_of_one_answer(value: Any) -> None:
    """A list, tuple, text or a dict's values, by keys or wordings in any case, are the same answer."""
    assert parse_selection(value, OPTIONS) == OptionSelection(("W", "b"), ())
    assert form(SEVERAL, value).passed
    assert share(SEVERAL, value) == 1


@given(st.sets(st.sampled_from(sorted(OPTIONS))))
def test_share_follows_the_courses_formula(keys: set[str]) -> None:
    """The share is `max(0, 1 - errors / right)`, with wrong and missing options as errors, counted separately here."""
    errors = sum((key in keys) != (key in RIGHT) for key in OPTIONS)
    expected = max(0.0, 1 - errors / 2) if keys else 0.0
    assert share(SEVERAL, sorted(keys)) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (["W", "q"], "`values` names `q`, which is unknown. The options are `W`, `b`, `u`, `3`."),
        (["W", "q", "r"], "`values` names `q`, `r`, which are unknown."),
        (3.5, "`values` should be a set of names, but is float."),
        ([["W"]], "should be a set of names, but contains list"),
        ([None], "but contains None"),
        (Opaque("function"), "but is function"),
        ("x" * 10_000, "is a text of 10000 characters"),
        (["W"] * 1000, "has 1000 items"),
        (np.ones(3), "but is ndarray"),
        ([float("nan")], "contains float"),
        (True, "but is bool"),
    ],
)
def test_unreadable_choice(value: Any, said: str) -> None:
    """An answer in another form is reported and earns nothing."""
    judged = form(SEVERAL, value)
    assert said in str(judged.wrong)
    assert judged.attempted
    assert not judged.passed
    assert share(SEVERAL, value) <= 0.5


def test_an_unknown_option_is_an_error() -> None:
    """A name that isn't an option costs as much as a wrong option."""
    assert share(SEVERAL, ["W", "b", "q"]) == 0.5


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_empty_choice(value: Any) -> None:
    """Both checks of an empty answer are not attempted."""
    assert not form(SEVERAL, value).attempted
    assert not SEVERAL((ActionResult(value),)).attempted


def test_one_option() -> None:
    """If one option is asked for, several are reported and earn nothing."""
    assert share(ONE, "W") == share(ONE, ["W"]) == 1
    assert str(form(ONE, ["W", "b"]).wrong) == "`value` names 2 options; name only one."
    assert share(ONE, ["W", "b"]) == share(ONE, ["W", "q"]) == share(ONE, "b") == 0


def test_form_does_not_reveal_the_right_options() -> None:
    """For right and wrong readable answers, the check of form differs only in the names of the given options."""
    answers = [list(keys) for n in (1, 2, 3) for keys in itertools.combinations(OPTIONS, n)]
    for keys in answers:
        judged = form(SEVERAL, keys)
        assert judged.passed
        assert judged.details
        assert judged.details.given == ", ".join(key for key in OPTIONS if key in keys)


@given(VALUES)
def test_any_value_is_judged(value: Any) -> None:
    """Any value gets results of form and score, with a share from 0 to 1 and one line of bounded length."""
    for rule in (SEVERAL, ONE):
        for judged in (form(rule, value), rule((ActionResult(value),))):
            assert 0 <= judged.share <= 1
            assert len(str(judged.wrong)) < 2_000
