"""One submission as Gradescope's `render_results_json.json`.

Facts from Gradescope's description of autograders (gradescope-autograders.readthedocs.io, Specifications): `score` is
the total, else the sum of the tests' scores; a test has `name`, `score`, `max_score`, `status` (`passed`, `failed`),
`output` and `visibility`: `visible`, `after_due_date`, `after_published` (once the instructor publishes) or `hidden`
(never); while some test is hidden from a student, so is the total. The formats are set to `text`, because names and
outputs might otherwise be interpreted as Markdown or HTML.
"""

import json
from collections.abc import Iterator
from typing import Final

from grader.core.report.check_report import CheckReport
from grader.core.report.report import QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.core.text.messages import gettext
from grader.formats.export.export_format import ExportOption, OptionValues, ResultsFormat


def render_results_json(report: Report, hidden: str = "after_published") -> bytes:
    """Return the file of one submission, with its points before lateness: Gradescope applies its own late rules.

    Hidden checks get the visibility `hidden`; a report has no inputs or values of them, so the file has none either.
    """
    document = {
        "score": _round(report.score),
        "execution_time": round(report.elapsed_ms / 1000, 3),
        "output": "" if report.error is None else f"This file could not be read: {report.error}",
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [test for question in report.questions for test in _tests(question, hidden)],
    }
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8", "replace")


def _tests(question: QuestionReport, hidden: str) -> Iterator[dict[str, object]]:
    """Yield one test per check; for a question that a person marked, one test for that mark."""
    if question.mark is not None:
        output = "\n".join(text for text in (*question.mark.items, question.mark.comment) if text)
        right = question.score >= question.max_score
        yield _test(question.title, question.score, question.max_score, right, output, "visible")
        return
    for check in question.checks:
        name = f"{question.title}: {check.says}"
        right = check.verdict is Verdict.PASSED
        visibility = hidden if check.hidden else "visible"
        test = _test(name, check.points, check.max_points, right, _join_messages(check), visibility)
        if check.pending or check.verdict is Verdict.GRADER_ERROR:
            del test["status"]  # neither passed nor failed yet
        yield test


def _test(name: str, score: float, max_score: float, right: bool, output: str, visibility: str) -> dict[str, object]:
    return {
        "name": name,
        "score": _round(score),
        "max_score": _round(max_score),
        "status": "passed" if right else "failed",
        "output": output,
        "visibility": visibility,
    }


def _join_messages(check: CheckReport) -> str:
    explanations = (explanation.text for explanation in check.further_explanations)
    return "\n".join(text for text in (check.shown_message, check.hint, *explanations, *check.remarks) if text)


def _round(value: float) -> float:
    return round(value + 0.0, 6)


def _render(report: Report, values: OptionValues) -> bytes:
    return render_results_json(report, values.choice(_HIDDEN))


_HIDDEN: Final = ExportOption("hidden", "V", "visibility of hidden checks", choices=("after_published", "hidden"))
FORMAT: Final = ResultsFormat(
    "gradescope",
    gettext("a results.json per submission"),
    _render,
    "results.json",
    options=(_HIDDEN,),
    is_whole_class=False,
)
