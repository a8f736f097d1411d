"""Which questions are to be looked at first."""

import pytest

from grader.core.report.report import CheckReport, QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import ClassSummary
from grader.core.stats.class_summary import summarize_class
from grader.core.stats.item_warnings import ItemWarning, find_question_warnings

PASSED, WRONG, BLANK = Verdict.PASSED, Verdict.WRONG_ANSWER, Verdict.NOT_ATTEMPTED


def question(name: str, *verdicts: Verdict) -> QuestionReport:
    """A question of checks that are worth a point each."""
    checks = tuple(
        CheckReport(f"c{i}", "", v, float(v is PASSED), 1.0, False, "", None, None) for i, v in enumerate(verdicts)
    )
    return QuestionReport(name, "code", name, sum(c.points for c in checks), len(checks), 0.0, checks)


def of_class(*students: tuple[QuestionReport, ...]) -> ClassSummary:
    """A class in which each did these questions."""
    return summarize_class(
        Report(f"s{i:02}", "e", "E", 1, sum(q.score for q in qs), 9.0, 0.0, "", "", "", 0.0, qs)
        for i, qs in enumerate(students)
    )


def doubts(report: ClassSummary) -> list[tuple[ItemWarning, str, list[str]]]:
    """What is doubted: of which question, about which checks."""
    return [
        (c.warning, c.question.id, [check.name for check in c.checks]) for c in find_question_warnings(report.exercises)
    ]


def test_a_check_that_nobody_passes_comes_first() -> None:
    """What nobody passes, though five tried, may itself be wrong: it stands before what almost nobody passes."""
    rare = [(question("a", PASSED if i == 0 else WRONG), question("b", PASSED, WRONG)) for i in range(12)]
    assert doubts(of_class(*rare)) == [(ItemWarning.NOBODY, "b", ["c1"]), (ItemWarning.RARELY, "a", ["c0"])]


@pytest.mark.parametrize("tried", [4, 5])
def test_a_few_who_tried_prove_nothing(tried: int) -> None:
    """Four failures are chance, five are named; blanks are no tries."""
    students = [(question("a", WRONG if i < tried else BLANK),) for i in range(6)]
    assert [d for d, _, _ in doubts(of_class(*students))] == ([ItemWarning.NOBODY] if tried == 5 else [])


def test_a_question_that_the_better_ones_fail() -> None:
    """A question whose points fall as the others rise is named."""
    students = [
        (question("odd", PASSED if i < 6 else WRONG), question("b", *[PASSED] * i, *[WRONG] * (12 - i)))
        for i in range(12)
    ]
    assert (ItemWarning.INVERTED, "odd", []) in doubts(of_class(*students))


def test_a_question_that_most_skip() -> None:
    """More than half without a try is named; half is not."""
    students = [
        (question("a", BLANK if i < 7 else PASSED), question("b", BLANK if i < 6 else PASSED)) for i in range(12)
    ]
    assert doubts(of_class(*students)) == [(ItemWarning.SKIPPED, "a", [])]


def test_a_class_that_does_well_raises_no_doubt() -> None:
    """Where all pass, nothing is doubted; an empty class neither."""
    assert doubts(of_class(*[(question("a", PASSED),)] * 20)) == []
    assert doubts(summarize_class([])) == []
