"""A check names what visible checks are about; what only hidden inputs bring about stays unnamed."""

from dataclasses import replace

from grader.core.report.closed_checks import UNNAMED, limit_names
from grader.core.results.grading import CheckResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import MissingName

WRONG = CheckResult("shown", Verdict.WRONG_ANSWER, 0.0, 1.0, hidden=False, output="y", carried=("u", "softmax"))
PASSED = CheckResult("passed", Verdict.PASSED, 1.0, 1.0, hidden=False, output="y", carried=("relu",))
HIDDEN = CheckResult("hidden", Verdict.WRONG_ANSWER, 0.0, 1.0, hidden=True, output="y", carried=("affine",))


def test_names_of_what_was_corrected() -> None:
    """A failed visible check names what failed visibly; a passed one all; a hidden one what these two name."""
    wrong, passed, hidden = limit_names([WRONG, PASSED, HIDDEN], {"softmax"})
    assert (wrong.carried, passed.carried, hidden.carried) == (("softmax",), ("relu",), ("softmax", "relu"))
    assert limit_names([HIDDEN], {"affine"})[0].carried == UNNAMED


def test_no_output_is_named_as_corrected_for_another_one() -> None:
    """A hidden check names nothing that only visible checks of another output were corrected by, such as itself."""
    later = replace(PASSED, output="loss", carried=("u", "y"))
    hidden = limit_names([replace(WRONG, carried=("u",)), later, HIDDEN], {"u", "y"})[2]
    assert hidden.carried == ("u",)
    assert limit_names([later, HIDDEN], {"u", "y"})[1].carried == UNNAMED


def test_what_is_missing() -> None:
    """What a hidden check lacks is named if a visible one lacks the same, or if there is no visible one."""
    missing = MissingName("y", unfilled="None")
    visible = CheckResult("shown", Verdict.NOT_ATTEMPTED, 0.0, 1.0, hidden=False, reason=missing)
    hidden = CheckResult("hidden", Verdict.NOT_ATTEMPTED, 0.0, 1.0, hidden=True, reason=missing)
    assert limit_names([visible, hidden], ())[1].reason == missing
    assert limit_names([hidden], ())[0].reason == missing
    assert limit_names([PASSED, hidden], ())[1].reason is None
