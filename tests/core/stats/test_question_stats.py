"""Questions and checks are counted over a class whose course changed in between."""

from dataclasses import replace

import pytest

from grader.core.report.check_report import CheckReport
from grader.core.report.report import QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.core.stats.question_stats import build_layout, compute_question_stats, pack_scores


def check(name: str, verdict: Verdict, pending: float = 0.0) -> CheckReport:
    """Return a check of one point."""
    return CheckReport(
        name, name, verdict, float(verdict is Verdict.PASSED), 1.0, False, "", None, None, pending=pending
    )


def asked(**questions: list[CheckReport]) -> Report:
    """Return a report of these questions."""
    made = tuple(
        QuestionReport(
            id, "code", id, sum(c.points for c in checks), len(checks), sum(c.pending for c in checks), tuple(checks)
        )
        for id, checks in questions.items()
    )
    return Report("s", "e", "E", 1, 0.0, 9.0, 0.0, "", "", "", 0.0, made)


def test_two_versions_of_an_exercise_are_combined_by_name() -> None:
    """A question or check that only one version has is counted among the submissions that have it."""
    passed, wrong = check("a", Verdict.PASSED), check("a", Verdict.WRONG_ANSWER)
    old, new = asked(x=[passed]), asked(x=[wrong, check("b", Verdict.PASSED)], y=[passed])
    figures = compute_question_stats([pack_scores(r, build_layout(r)) for r in (old, old, new)])
    assert [(q.id, q.submissions, dict(q.states)) for q in figures] == [
        ("x", 3, {"right": 2, "partly": 1}),
        ("y", 1, {"right": 1}),
    ]
    assert [(c.name, c.submissions, c.attempted) for c in figures[0].checks] == [("a", 3, 3), ("b", 1, 1)]
    assert figures[0].checks[0].item.difficulty == pytest.approx(2 / 3)


def test_pending_checks_have_no_points() -> None:
    """A check that is pending, or failed by the grader's fault, is left out of the mean; its verdict is counted."""
    waits, ours = check("a", Verdict.PASSED, pending=1.0), check("a", Verdict.GRADER_ERROR)
    (q,) = compute_question_stats([pack_scores(r, build_layout(r)) for r in (asked(x=[waits]), asked(x=[ours]))])
    assert q.checks[0].item.submission_count == 0
    assert q.checks[0].count(Verdict.GRADER_ERROR, Verdict.PASSED) == 2
    assert q.checks[0].attempted == 1


def test_layouts_are_shared() -> None:
    """Reports of one version have equal layouts, whatever their points, and one layout is kept for all."""
    one, other = asked(x=[check("a", Verdict.PASSED)]), asked(x=[check("a", Verdict.TIME_LIMIT)])
    assert build_layout(one) == build_layout(replace(other, student="t"))
    assert compute_question_stats([]) == ()
