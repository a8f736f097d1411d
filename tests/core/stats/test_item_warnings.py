"""Questions with unusual results get warnings, the most serious first."""

import pytest

from grader.core.report.check_report import CheckReport
from grader.core.report.report import QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import ClassSummary
from grader.core.stats.class_summary import summarize_class
from grader.core.stats.item_warnings import ItemWarning, find_question_warnings

PASSED, WRONG, BLANK = Verdict.PASSED, Verdict.WRONG_ANSWER, Verdict.NOT_ATTEMPTED


def question(name: str, *verdicts: Verdict) -> QuestionReport:
    """Return a question whose checks are worth one point each."""
    checks = tuple(
        CheckReport(f"c{i}", "", v, float(v is PASSED), 1.0, False, "", None, None) for i, v in enumerate(verdicts)
    )
    return QuestionReport(name, "code", name, sum(c.points for c in checks), len(checks), 0.0, checks)


def of_class(*students: tuple[QuestionReport, ...]) -> ClassSummary:
    """Return a class with one tuple of questions per student."""
    return summarize_class(
        Report(f"s{i:02}", "e", "E", 1, sum(q.score for q in qs), 9.0, 0.0, "", "", "", 0.0, qs)
        for i, qs in enumerate(students)
    )


def doubts(report: ClassSummary) -> list[tuple[ItemWarning, str, list[str]]]:
    """Return the warnings: the kind, the question and the checks concerned."""
    return [
        (c.warning, c.question.id, [check.name for check in c.checks]) for c in find_question_warnings(report.exercises)
    ]


def test_a_check_that_nobody_passes_comes_first() -> None:
    """A check that nobody passes after five attempts may be wrong; its warning comes before that for almost nobody."""
    rare = [(question("a", PASSED if i == 0 else WRONG), question("b", PASSED, WRONG)) for i in range(12)]
    assert doubts(of_class(*rare)) == [(ItemWarning.NOBODY, "b", ["c1"]), (ItemWarning.RARELY, "a", ["c0"])]


@pytest.mark.parametrize("tried", [4, 5])
def test_few_attempts_give_no_warning(tried: int) -> None:
    """Four failures give no warning, five do; blanks aren't attempts."""
    students = [(question("a", WRONG if i < tried else BLANK),) for i in range(6)]
    assert [d for d, _, _ in doubts(of_class(*students))] == ([ItemWarning.NOBODY] if tried == 5 else [])


def test_a_question_that_stronger_students_fail() -> None:
    """A question whose points fall as the other points rise gets a warning."""
    students = [
        (question("odd", PASSED if i < 6 else WRONG), question("b", *[PASSED] * i, *[WRONG] * (12 - i)))
        for i in range(12)
    ]
    assert (ItemWarning.INVERTED, "odd", []) in doubts(of_class(*students))


def test_a_question_that_most_skip() -> None:
    """A question that more than half didn't try gets a warning; at half it doesn't."""
    students = [
        (question("a", BLANK if i < 7 else PASSED), question("b", BLANK if i < 6 else PASSED)) for i in range(12)
    ]
    assert doubts(of_class(*students)) == [(ItemWarning.SKIPPED, "a", [])]


def test_a_class_that_does_well_gets_no_warning() -> None:
    """A class in which all pass gets no warning, and neither does an empty class."""
    assert doubts(of_class(*[(question("a", PASSED),)] * 20)) == []
    assert doubts(summarize_class([])) == []
