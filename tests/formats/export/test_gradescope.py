"""Tests of Gradescope's `render_results_json.json`."""

import json
from collections.abc import Callable

from grader.core.report.check_report import CheckReport
from grader.core.report.report import QuestionReport, Report
from grader.core.results.mark import Mark
from grader.core.results.verdict import Verdict
from grader.formats.export.gradescope import render_results_json

Golden = Callable[[str, bytes], None]


def check(
    name: str, verdict: Verdict, points: float, most: float, *, hidden: bool = False, message: str = ""
) -> CheckReport:
    """Return one check of a report."""
    return CheckReport(name, f"It does {name}.", verdict, points, most, hidden, message, None, None)


def report(error: str | None = None) -> Report:
    """Return a report with a code question with a hidden check, a text that waits, and a marked question."""
    softmax = QuestionReport(
        "softmax",
        "code",
        "Softmax",
        1.0,
        3.0,
        0.0,
        (
            check("rows", Verdict.PASSED, 1.0, 1.0),
            check("batches", Verdict.WRONG_ANSWER, 0.0, 2.0, hidden=True, message="The result differs."),
        ),
    )
    mark = Mark("why", 1.5, 2.0, "Almost <b>there</b>", ("names the square",))
    why = QuestionReport("why", "text", "Why?", 1.5, 2.0, 0.0, (check("text", Verdict.PASSED, 0, 2.0),), mark=mark)
    fault = QuestionReport("f", "code", "F", 0.0, 1.0, 1.0, (check("f", Verdict.GRADER_ERROR, 0.0, 1.0),))
    return Report(
        "ada", "losses", "Losses", 2, 2.5, 6.0, 1.0, "s", "v", "full", 1250.0, (softmax, why, fault), error=error
    )


def test_results_match_golden_file(golden: Golden) -> None:
    """The file has score, seconds, a test per check and one per mark; all text is shown as text."""
    golden("results.json", render_results_json(report()))


def test_hidden_checks_keep_their_visibility() -> None:
    """Hidden checks are shown after publishing, or never; nothing else in the file changes."""
    shown, never = (json.loads(render_results_json(report(), hidden)) for hidden in ("after_published", "hidden"))
    assert [test["visibility"] for test in shown["tests"]] == ["visible", "after_published", "visible", "visible"]
    assert [test["visibility"] for test in never["tests"]] == ["visible", "hidden", "visible", "visible"]
    for test in shown["tests"] + never["tests"]:
        del test["visibility"]
    assert shown == never


def test_pending_checks_have_no_status() -> None:
    """A check that waits, or a grader error, has no status; Gradescope allows that."""
    *_, last = json.loads(render_results_json(report()))["tests"]
    assert "status" not in last


def test_an_unreadable_file_says_why() -> None:
    """The reason stands above the tests."""
    assert (
        json.loads(render_results_json(report("no notebook")))["output"] == "This file could not be read: no notebook"
    )
