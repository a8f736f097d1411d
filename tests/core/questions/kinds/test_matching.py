"""Matchings: accepted forms, scores, and messages about answers that can't be read."""

from typing import Any

import pytest
from hypothesis import given

from grader.core.questions.kinds.matching import MatchingForm, MatchingRule
from grader.core.results.rule_result import RuleResult
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Opaque
from tests.core.questions.kinds.strategies import VALUES

MATCH = MatchingRule(
    MatchingForm(
        ("use",),
        {"sigmoid": "the sigmoid", "relu": "relu"},
        {"hidden": "hidden layers", "output": "output layers", "never": "nowhere"},
    ),
    {"sigmoid": frozenset({"hidden", "output"}), "relu": frozenset({"hidden"})},
)


def form(rule: MatchingRule, value: Any) -> RuleResult:
    """Return the result of the check of form."""
    return rule.form((ActionResult(value),))


def share(rule: MatchingRule, value: Any) -> float:
    """Return the share of the points that the answer earns."""
    return rule((ActionResult(value),)).share


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
    """Each item has equal weight and is scored like a choice: a wrong option costs as much as a missing one."""
    assert share(MATCH, value) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"sigmoid": ["hidden"]}, "`use` has no entry for `relu`."),
        ({"sigmoid": [], "relu": "hidden"}, "`use` has no entry for `sigmoid`."),
        ({"sigmoid": "hidden", "relu": "hidden", "tanh": "x"}, "`use` names `tanh`, which is unknown."),
        ({"sigmoid": "front", "relu": "hidden"}, "`use['sigmoid']` names `front`, which is unknown."),
        ({"sigmoid": 1.5, "relu": "hidden"}, "`use['sigmoid']` should be a set of names, but is float."),
        ({1: "hidden", None: "x"}, "`use` names `1`, `None`"),
        ("hidden", "`use` should be a dict (item: options), but is str."),
        (Opaque("dict"), "but is dict"),
    ],
)
def test_unreadable_matching(value: Any, said: str) -> None:
    """Missing and unknown items, and unknown options, are reported by name."""
    judged = form(MATCH, value)
    assert said in str(judged.wrong)
    assert not judged.passed


@pytest.mark.parametrize("value", [None, {}])
def test_empty_matching(value: Any) -> None:
    """An empty answer is not attempted."""
    assert not form(MATCH, value).attempted
    assert not MATCH((ActionResult(value),)).attempted


@given(VALUES)
def test_any_value_is_judged(value: Any) -> None:
    """Any value gets results of form and score, with a share from 0 to 1 and one line of bounded length."""
    for judged in (form(MATCH, value), MATCH((ActionResult(value),))):
        assert 0 <= judged.share <= 1
        assert len(str(judged.wrong)) < 2_000
