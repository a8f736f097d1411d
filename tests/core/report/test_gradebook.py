"""Scores as they are exported.

Covers `core/results/mark.py`.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from grader.core.report.check_report import CheckReport
from grader.core.report.gradebook import Column, Gradebook, GradebookStudent, build_comment
from grader.core.report.report import QuestionReport, Report
from grader.core.results.mark import Mark
from grader.core.results.policy import Attempt, Policy, ScoreSheet, score_attempts
from grader.core.results.verdict import Verdict

DUE = datetime(2031, 5, 20, 21, 59, tzinfo=UTC)
LATE = Policy(DUE, late_penalty=0.25)


def sheet_of(points: float, pending: float = 0.0, policy: Policy = LATE) -> ScoreSheet:
    """Return the sheet of one attempt, an hour late."""
    return score_attempts(policy, [Attempt(1, DUE + timedelta(hours=1), points, 4.0, pending)])


def test_a_score_is_the_one_under_the_rules() -> None:
    """Three of four points, one day late at a quarter per day, give 2.25."""
    book = Gradebook(
        "c", "v", (Column("e", "E", 4.0, LATE),), (GradebookStudent("ada"),), {("ada", "e"): sheet_of(3.0)}
    )
    assert book.scores("ada") == [2.25]
    assert book.scores("bob") == [None]
    assert book.find_withheld_scores() == []


def test_pending_scores_are_withheld_unless_wanted() -> None:
    """A score with pending points is None and listed; with pending ones, it consists of the points so far."""
    book = Gradebook("c", "v", (Column("e", "E", 4.0),), (GradebookStudent("ada"),), {("ada", "e"): sheet_of(2.0, 1.0)})
    assert (book.score("ada", "e"), book.find_withheld_scores()) == (None, [("ada", "e")])
    with_pending = replace(book, with_pending=True)
    assert (with_pending.score("ada", "e"), with_pending.find_withheld_scores()) == (1.5, [])


def test_no_counted_attempt_gives_no_score() -> None:
    """If only attempts beyond the allowed ones are graded, there is no score, not even 0."""
    sheet = score_attempts(Policy(attempts=1), [Attempt(2, DUE, 3.0, 4.0)])
    assert Gradebook("c", "v", (), (), {("ada", "e"): sheet}).score("ada", "e") is None


def test_a_comment_has_calculation_and_advice() -> None:
    """A comment has the calculation, each question's points, each hint or sentence once, and the marker's comment."""
    wrong = CheckReport(
        "a", "Rows sum to 1.", Verdict.WRONG_ANSWER, 0.0, 1.0, False, "differs at x", "m", "Use axis=1."
    )
    also = replace(wrong, name="b", hint=None, mistake=None)
    questions = (
        QuestionReport("q", "code", "Softmax", 0.0, 2.0, 0.0, (wrong, replace(wrong, name="c"), also), code="secret"),
        QuestionReport("t", "text", "Why?", 2.0, 2.0, 0.0, (), mark=Mark("t", 2.0, 2.0, "Well said", ("names it",))),
        QuestionReport("w", "text", "What?", 0.0, 1.0, 1.0, ()),
    )
    report = Report("ada", "e", "E", 1, 2.0, 4.0, 1.0, "s", "v", "full", 1.0, questions)
    assert list(build_comment(report, sheet_of(2.0, 1.0))) == [
        "Points: 1.5 of 4, from attempt 1: 2 points, 1 day late, of which 75 % are kept",
        "Softmax: 0 of 2. Use axis=1. Rows sum to 1.",
        "Why?: 2 of 2. names it Well said",
        "What?: 0 of 1. Not graded yet.",
    ]


def test_an_unreadable_file_has_its_reason() -> None:
    """The comment contains nothing but the reason."""
    report = Report("ada", "e", "E", 1, 0.0, 4.0, 0.0, "", "", "", 0.0, (), error="no notebook")
    lines = list(build_comment(report, score_attempts(Policy(), [Attempt(1, DUE, 0.0, 4.0)])))
    assert lines == ["Points: 0 of 4", "This file could not be read: no notebook"]
