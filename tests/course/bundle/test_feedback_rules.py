"""A release has the hints of `[feedback]`, and nothing about hidden checks."""

import json
from datetime import UTC, datetime

import pytest

from grader.core.results.disclosure import DisclosureStep, FeedbackRules, HiddenDetail, Hints
from grader.course.bundle.feedback_rules import dump_feedback_rules, load_feedback_rules

DATE = datetime(2031, 5, 20, 22, tzinfo=UTC)
RULES = FeedbackRules(
    Hints.PLACE,
    (
        DisclosureStep(DATE, hints=Hints.EDIT, hidden=HiddenDetail.VALUES),
        DisclosureStep(after_attempts=2, hidden=HiddenDetail.EXPLANATIONS),
        DisclosureStep(after_attempts=3, hints=Hints.KIND),
    ),
    {"softmax": FeedbackRules(Hints.NONE)},
)


def test_hints_are_kept() -> None:
    """Hints, their steps and those of questions come back; steps about hidden checks are left out."""
    steps = (DisclosureStep(DATE, hints=Hints.EDIT), DisclosureStep(after_attempts=3, hints=Hints.KIND))
    written = json.loads(json.dumps(dump_feedback_rules(RULES)))
    assert load_feedback_rules(written) == FeedbackRules(Hints.PLACE, steps, RULES.by_question)


@pytest.mark.parametrize(
    "node",
    [
        {},
        {"hints": "all", "steps": []},
        {"hints": "kind", "steps": [{}]},
        {"hints": "kind", "steps": [{"hints": "edit", "after": "2031-05-20T23:59:00"}]},
        {"hints": "kind", "steps": [{"hints": "edit", "after": "soon"}]},
        {"hints": 3, "steps": []},
    ],
)
def test_damaged_rules_are_an_error(node: object) -> None:
    """Data that no release has raise an error that a damaged release is reported by."""
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        load_feedback_rules(node)
