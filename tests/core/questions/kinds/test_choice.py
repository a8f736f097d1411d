"""Choices and matchings: what is read of an answer, what it is worth, and what is told of one that can't be read."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.questions.kinds.choice import (
    ChoiceRule,
    MatchingRule,
    OptionSelection,
    UnreadableAnswerError,
    parse_selection,
)
from grader.core.results.rule_result import RuleResult
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Opaque

OPTIONS = {"W": "the weights", "b": "the biases", "u": "total input", "3": "three"}
RIGHT = frozenset({"W", "b"})
SEVERAL = ChoiceRule("values", OPTIONS, RIGHT, several=True)
ONE = ChoiceRule("value", OPTIONS, frozenset({"W"}), several=False)
MATCH = MatchingRule(
    "use",
    {"sigmoid": "the sigmoid", "relu": "relu"},
    {"hidden": "hidden layers", "output": "output layers", "never": "nowhere"},
    {"sigmoid": frozenset({"hidden", "output"}), "relu": frozenset({"hidden"})},
)


def form(rule: ChoiceRule | MatchingRule, value: Any) -> RuleResult:
    """What the check of form says."""
    return rule.check_form((ActionResult(value),))


def share(rule: ChoiceRule | MatchingRule, value: Any) -> float:
    """What the answer is worth."""
    return rule.score((ActionResult(value),)).share


@pytest.mark.parametrize(
    "value",
    [
        *(["W", "b"], ("b", "W"), ["W", "W", "b"], "W, b", "W b", "W;b\n", " W,b ", ["the weights", "The  Biases"]),
        *(["w", "B"], {"first": "W", "second": "b"}, [np.str_("W"), "b"]),
    ],
)
def test_forms_of_one_answer(value: Any) -> None:
    """A list, tuple, text or a dict's values, keys or wordings, capitals aside: the same answer."""
    assert parse_selection(value, OPTIONS) == OptionSelection(("W", "b"), ())
    assert form(SEVERAL, value).passed
    assert share(SEVERAL, value) == 1


@pytest.mark.parametrize(("value", "keys"), [(3, ("3",)), ("total input", ("u",)), ([np.int64(3), "u"], ("u", "3"))])
def test_wordings_and_numbers(value: Any, keys: tuple[str, ...]) -> None:
    """A number stands for its digits, a wording of several words for its option."""
    assert parse_selection(value, OPTIONS) == OptionSelection(keys, ())


def test_capitals_tell_apart_where_options_do() -> None:
    """Where two options differ in capitals only, only their exact keys are taken."""
    options = {"w": "small", "W": "large"}
    assert parse_selection(["W"], options) == OptionSelection(("W",), ())
    assert parse_selection(["w", "W"], options) == OptionSelection(("w", "W"), ())


@given(st.sets(st.sampled_from(sorted(OPTIONS))))
def test_share_is_the_courses_formula(keys: set[str]) -> None:
    """`max(0, 1 - errors / right)`: a wrong one is an error like a missing one; counted here one by one."""
    errors = sum((key in keys) != (key in RIGHT) for key in OPTIONS)
    expected = max(0.0, 1 - errors / 2) if keys else 0.0
    assert share(SEVERAL, sorted(keys)) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (["W", "q"], "`values` names `q`, which is not known here. The options are `W`, `b`, `u`, `3`."),
        (["W", "q", "r"], "`values` names `q`, `r`, which are not known here."),
        (3.5, "`values` should be a set of names, but is float."),
        ([["W"]], "should be a set of names, but has list in it"),
        ([None], "but has nothing (None) in it"),
        (Opaque("function"), "but is function"),
        ("x" * 10_000, "is a text of 10000 characters"),
        (["W"] * 1000, "has 1000 items"),
        (np.ones(3), "but is ndarray"),
        ([float("nan")], "has float in it"),
        (True, "but is bool"),
    ],
)
def test_unreadable_choice(value: Any, said: str) -> None:
    """What isn't in the form asked for is told, and earns nothing for what it isn't."""
    judged = form(SEVERAL, value)
    assert said in str(judged.wrong)
    assert judged.attempted
    assert not judged.passed
    assert share(SEVERAL, value) <= 0.5


def test_an_unknown_name_is_an_error() -> None:
    """A name that is no option costs what a wrong option costs."""
    assert share(SEVERAL, ["W", "b", "q"]) == 0.5


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_empty_choice(value: Any) -> None:
    """An empty answer is none: not attempted, by both checks."""
    assert not form(SEVERAL, value).attempted
    assert not SEVERAL.score((ActionResult(value),)).attempted


def test_one_option() -> None:
    """Where one option is asked for, several are told and earn nothing."""
    assert share(ONE, "W") == share(ONE, ["W"]) == 1
    assert str(form(ONE, ["W", "b"]).wrong) == "`value` names 2 options; one is asked for."
    assert share(ONE, ["W", "b"]) == share(ONE, ["W", "q"]) == share(ONE, "b") == 0


def test_form_never_tells_what_is_right() -> None:
    """The check of form says the same of every readable answer, right or wrong, but for what was named."""
    answers = [list(keys) for n in (1, 2, 3) for keys in itertools.combinations(OPTIONS, n)]
    for keys in answers:
        judged = form(SEVERAL, keys)
        assert judged.passed
        assert judged.shown
        assert judged.shown.given == ", ".join(key for key in OPTIONS if key in keys)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"sigmoid": ["hidden", "output"], "relu": ["hidden"]}, 1.0),
        ({"sigmoid": ["output", "hidden"], "relu": "hidden"}, 1.0),
        ({"Sigmoid": "hidden layers, output", "relu": ("hidden",)}, 1.0),
        ({"sigmoid": {"a": "hidden", "b": "output"}, "relu": "hidden"}, 1.0),
        ({"sigmoid": "hidden", "relu": "hidden"}, 0.75),
        ({"sigmoid": ["hidden", "output", "never"], "relu": "hidden"}, 0.75),
        ({"sigmoid": ["hidden", "output"], "relu": ["hidden", "output"]}, 0.5),
        ({"sigmoid": ["hidden", "output"]}, 0.5),
        ({"relu": "output"}, 0.0),
        ({"other": "hidden"}, 0.0),
        ({"sigmoid": 3.5, "relu": "hidden"}, 0.5),
        (["hidden"], 0.0),
    ],
)
def test_matching_is_scored_item_by_item(value: Any, expected: float) -> None:
    """Each item is worth the same and scored as a choice: a wrong option costs as much as a missing one."""
    assert share(MATCH, value) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"sigmoid": ["hidden"]}, "`use` says nothing of `relu`."),
        ({"sigmoid": [], "relu": "hidden"}, "`use` says nothing of `sigmoid`."),
        ({"sigmoid": "hidden", "relu": "hidden", "tanh": "x"}, "`use` names `tanh`, which is not known here."),
        ({"sigmoid": "front", "relu": "hidden"}, "`use['sigmoid']` names `front`, which is not known here."),
        ({"sigmoid": 1.5, "relu": "hidden"}, "`use['sigmoid']` should be a set of names, but is float."),
        ({1: "hidden", None: "x"}, "`use` names `1`, `None`"),
        ("hidden", "`use` should be a dict (item: options), but is str."),
        (Opaque("dict"), "but is dict"),
    ],
)
def test_unreadable_matching(value: Any, said: str) -> None:
    """Items that are left out or unknown, and options that are none, are told by name."""
    judged = form(MATCH, value)
    assert said in str(judged.wrong)
    assert not judged.passed


@pytest.mark.parametrize("value", [None, {}])
def test_empty_matching(value: Any) -> None:
    """An empty answer is none."""
    assert not form(MATCH, value).attempted
    assert not MATCH.score((ActionResult(value),)).attempted


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["W", "hidden"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_any_value_is_judged(value: Any) -> None:
    """Whatever comes, both rules of both kinds answer, with a share from 0 to 1 and one line of bounded length."""
    for rule in (SEVERAL, ONE, MATCH):
        for judged in (form(rule, value), rule.score((ActionResult(value),))):
            assert 0 <= judged.share <= 1
            assert len(str(judged.wrong)) < 2_000


def test_unreadable_is_said_after_the_name() -> None:
    """The exception's text goes on where the variable's name ends."""
    with pytest.raises(UnreadableAnswerError, match=r"^should be a set of names"):
        parse_selection(1.5, OPTIONS)
