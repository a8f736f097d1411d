"""Checks that fail for the same reason are one group, and a page tells each explanation of a question once."""

from grader.core.report.check_report import CheckReport
from grader.core.report.explanation_text import ExplanationReport
from grader.core.results.verdict import Verdict
from grader.feedback.check_groups import group_checks

AXIS = ExplanationReport("repair", "Line 3: look at the axis of this call.", "cell 1", 3, at_line="Look at the axis.")
SIGN = ExplanationReport("repair", "Line 4: look at the sign.", "cell 1", 4, at_line="Look at the sign.")


def _fail(message: str, *explanations: ExplanationReport, hint: str | None = None) -> CheckReport:
    name, wrong = f"check {message}", Verdict.WRONG_ANSWER
    return CheckReport(name, name, wrong, 0.0, 1.0, False, message, None, hint, explanations=explanations)


def test_an_explanation_is_told_once() -> None:
    """A group whose explanations all stand above refers to them; one with a new one tells all of its own."""
    checks = [_fail("a", AXIS), _fail("b", AXIS), _fail("c", AXIS, SIGN), _fail("d", SIGN), _fail("e")]
    groups = group_checks(checks, "q2")
    assert [group.explanations for group in groups] == [(AXIS,), (), (AXIS, SIGN), (), ()]
    assert [group.explained_above for group in groups] == ["", "q2-check1", "", "q2-check3", ""]
    assert [group.anchor for group in groups] == [f"q2-check{number}" for number in range(1, 6)]


def test_a_hint_needs_no_reference() -> None:
    """A group with a hint of its own doesn't say that it is explained above."""
    first, second = group_checks([_fail("a", AXIS), _fail("b", AXIS, hint="Sum along each row.")], "q1")
    assert (first.explanations, second.explanations, second.explained_above) == ((AXIS,), (), "")


def test_checks_with_other_mistakes_are_no_group() -> None:
    """Checks with the same hint are one group only if the same known mistakes explain them."""
    one, other = ExplanationReport("mistake", "Divide by N."), ExplanationReport("mistake", "Sum along axis 0.")
    checks = [_fail(name, *said, hint=one.text) for name, said in (("a", [one]), ("b", [one, other]), ("c", [one]))]
    groups = group_checks(checks, "q1")
    assert [(group.check.name, len(group.similar)) for group in groups] == [("check a", 1), ("check b", 0)]
    assert [group.explanations for group in groups] == [(), (other,)]


def test_the_line_of_an_explanation_is_kept() -> None:
    """A hidden check says the same without a line; the group has the explanation with its line."""
    bare = ExplanationReport("repair", AXIS.text)
    for said in ((AXIS, bare), (bare, AXIS)):
        (group,) = group_checks([_fail("same", one) for one in said], "q1")
        assert group.explanations == (AXIS,)
