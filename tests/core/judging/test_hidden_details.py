"""Values of hidden checks are kept only for questions of which the author may ever show them."""

from dataclasses import replace

import pytest

from grader.core.compare.tensor_table import TensorTable
from grader.core.judging.hidden_details import drop_hidden_details
from grader.core.results.disclosure import DisclosureStep, FeedbackRules, HiddenDetail
from grader.core.results.grading import CheckDetails, CheckResult, QuestionResult
from grader.core.results.verdict import Verdict

SHOWN = CheckDetails((TensorTable("x", (), "float64", (("1",),)),))
VISIBLE = CheckResult("visible", Verdict.WRONG_ANSWER, 0.0, 1.0, hidden=False, details=SHOWN)
HIDDEN = replace(VISIBLE, name="hidden", hidden=True)
VALUES = FeedbackRules(steps=(DisclosureStep(after_attempts=3, hidden=HiddenDetail.VALUES),))


@pytest.mark.parametrize(
    ("rules", "is_kept"),
    [
        (FeedbackRules(), False),
        (FeedbackRules(steps=(DisclosureStep(after_attempts=3, hidden=HiddenDetail.EXPLANATIONS),)), False),
        (FeedbackRules(by_question={"other": VALUES}), False),
        (VALUES, True),
        (FeedbackRules(by_question={"softmax": VALUES}), True),
    ],
)
def test_details_are_kept_where_they_may_be_shown(rules: FeedbackRules, is_kept: bool) -> None:
    """Details of a hidden check are kept only with a step that shows values; those of visible checks always."""
    (result,) = drop_hidden_details([QuestionResult("softmax", "code", (VISIBLE, HIDDEN))], rules)
    visible, hidden = result.checks
    assert visible == VISIBLE
    assert hidden.details == (SHOWN if is_kept else None)
