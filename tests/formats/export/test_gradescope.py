"""Gradescope's `render_results_json.json`."""

import json
from collections.abc import Callable

from grader.core.report.report import CheckReport, QuestionReport, Report
from grader.core.results.mark import Mark
from grader.core.results.verdict import Verdict
from grader.formats.export.gradescope import render_results_json

Golden = Callable[[str, bytes], None]


def check(
    name: str, verdict: Verdict, points: float, most: float, *, hidden: bool = False, message: str = ""
) -> CheckReport:
    """One check of a report."""
    return CheckReport(name, f"It does {name}.", verdict, points, most, hidden, message, None, None)


def report(error: str | None = None) -> Report:
    """A code question with a hidden check, a text that waits, and one that a person marked."""
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


def test_results_are_as_reviewed(golden: Golden) -> None:
    """Score, seconds, a test for every check, one for a mark; all text is shown as text."""
    golden("results.json", render_results_json(report()))


def test_hidden_checks_keep_their_visibility() -> None:
    """After publishing, or never; nothing else of the file changes."""
    shown, never = (json.loads(render_results_json(report(), hidden)) for hidden in ("after_published", "hidden"))
    assert [test["visibility"] for test in shown["tests"]] == ["visible", "after_published", "visible", "visible"]
    assert [test["visibility"] for test in never["tests"]] == ["visible", "hidden", "visible", "visible"]
    for test in shown["tests"] + never["tests"]:
        del test["visibility"]
    assert shown == never


def test_what_waits_has_neither_passed_nor_failed() -> None:
    """A fault of ours has no status, which Gradescope lets be left out."""
    *_, last = json.loads(render_results_json(report()))["tests"]
    assert "status" not in last


def test_an_unreadable_file_says_why() -> None:
    """The sentence stands above the tests."""
    assert (
        json.loads(render_results_json(report("no notebook")))["output"] == "This file could not be read: no notebook"
    )
