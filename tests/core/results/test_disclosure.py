"""What a reader is shown follows from the author's rules, the attempt and the moment, and from nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from grader.core.results.disclosure import (
    EVERYTHING,
    Disclosure,
    DisclosureStep,
    FeedbackRules,
    HiddenDetail,
    Hints,
    Instructor,
    Student,
    choose_disclosure,
)

DATE = datetime(2031, 5, 20, 22, tzinfo=UTC)
BY_ATTEMPT = DisclosureStep(after_attempts=3, hints=Hints.EDIT)
BY_DATE = DisclosureStep(after=DATE, hidden=HiddenDetail.VALUES)
BY_BOTH = DisclosureStep(DATE, 3, hidden=HiddenDetail.EXPLANATIONS)


@pytest.mark.parametrize(
    ("steps", "reader", "shown"),
    [
        ((), Student(), Disclosure(Hints.KIND, HiddenDetail.WORD)),
        ((BY_ATTEMPT,), Student(2), Disclosure()),
        ((BY_ATTEMPT,), Student(3), Disclosure(Hints.EDIT)),
        ((BY_ATTEMPT,), Student(None, DATE), Disclosure()),
        ((BY_DATE,), Student(9, DATE - timedelta(seconds=1)), Disclosure()),
        ((BY_DATE,), Student(1, DATE), Disclosure(hidden=HiddenDetail.VALUES)),
        ((BY_DATE,), Student(9), Disclosure()),
        ((BY_BOTH,), Student(3), Disclosure()),
        ((BY_BOTH,), Student(2, DATE), Disclosure()),
        ((BY_BOTH,), Student(3, DATE), Disclosure(hidden=HiddenDetail.EXPLANATIONS)),
        ((BY_DATE, BY_BOTH), Student(3, DATE), Disclosure(hidden=HiddenDetail.EXPLANATIONS)),
        ((BY_ATTEMPT, BY_DATE), Student(3, DATE), Disclosure(Hints.EDIT, HiddenDetail.VALUES)),
    ],
)
def test_steps_apply_when_they_are_reached(
    steps: tuple[DisclosureStep, ...], reader: Student, shown: Disclosure
) -> None:
    """A step by attempt or date applies from then on; what is not known is not reached; the last one wins."""
    assert choose_disclosure(FeedbackRules(steps=steps), "softmax", reader) == shown


def test_a_question_has_rules_of_its_own() -> None:
    """The rules of a question replace those of the exercise, for that question alone."""
    rules = FeedbackRules(Hints.EDIT, (BY_DATE,), {"softmax": FeedbackRules(Hints.NONE)})
    assert choose_disclosure(rules, "softmax", Student(1, DATE)) == Disclosure(Hints.NONE)
    assert choose_disclosure(rules, "other", Student(1, DATE)) == Disclosure(Hints.EDIT, HiddenDetail.VALUES)


def test_instructors_are_shown_everything() -> None:
    """No rule takes anything from an instructor."""
    assert choose_disclosure(FeedbackRules(Hints.NONE), "softmax", Instructor()) == EVERYTHING


@pytest.mark.parametrize(
    ("rules", "can"),
    [
        (FeedbackRules(), False),
        (FeedbackRules(steps=(BY_ATTEMPT, BY_BOTH)), False),
        (FeedbackRules(steps=(BY_DATE,)), True),
        (FeedbackRules(by_question={"softmax": FeedbackRules(steps=(BY_DATE,))}), True),
        (FeedbackRules(steps=(BY_DATE,), by_question={"softmax": FeedbackRules()}), False),
    ],
)
def test_whether_values_are_ever_shown(rules: FeedbackRules, can: bool) -> None:
    """Values of a question's hidden checks are needed only where a step of its rules may show them."""
    assert rules.can_open_values("softmax") is can
