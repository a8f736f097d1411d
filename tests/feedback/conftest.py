"""Reports to render."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from grader.core.compare.curves import find_curves
from grader.core.compare.heatmap import build_heatmaps
from grader.core.compare.networks import make_complete_network, parse_drawing
from grader.core.compare.tensor_table import TensorTable, build_tensor_tables
from grader.core.report.check_report import CheckReport
from grader.core.report.explanation_text import ExplanationReport
from grader.core.report.mistake_offer import MendingEdit
from grader.core.report.report import QuestionReport, Report, build_error_report
from grader.core.results.grading import CheckDetails
from grader.core.results.verdict import Verdict
from grader.core.wire.submission import Cell

SOFTMAX = '''def softmax(x):
    """Turns scores into probabilities."""
    x = x - np.max(x, axis=-1, keepdims=True)
    e = np.exp(x)
    return e / np.sum(e)  # all of them
'''
CROSS_ENTROPY = "def cross_entropy_error(d, y):\n    n = len(y)\n    return -np.sum(np.log(y[np.arrange(n), d])) / n\n"
WHOLE_BATCH = "You divided by the sum over the whole batch. Sum along each row: `axis=-1, keepdims=True`."


CELLS = (
    Cell(
        "# Losses\n\nHalf of the square: $\\frac{1}{2}(y - d)^2$.\n\n| $d$ | target |\n|---|---|", "markdown", "cell 1"
    ),
    Cell("import numpy as np", "code", "cell 2"),
    Cell(SOFTMAX, "code", "cell 4", "softmax"),
    Cell("Now the *loss*: $$L = -\\sum_i d_i \\log y_i$$", "markdown", "cell 5"),
    Cell(CROSS_ENTROPY, "code", "cell 6"),
    Cell("Signs would cancel.", "markdown", "cell 8", "why_square"),
    Cell("x = 1\nplt.plot(x)", "code", "cell 9"),
)


def _check(name: str, says: str, verdict: Verdict, points: float, message: str = "", **more: object) -> CheckReport:
    check = CheckReport(name, says, verdict, points, 1.0, False, message, None, None)
    return replace(check, **more)  # type: ignore[arg-type]  # the fields of CheckReport


def _questions() -> tuple[QuestionReport, ...]:
    expected = TensorTable("softmax(x)", (2, 9), "float64", (("0.25", "0.75"), ("0.5", "0.5")))
    shown = CheckDetails(
        inputs=(TensorTable("x", (2, 9), "float64", (("-1.2", "3"), ("0", "0"))),),
        expected=(expected,),
        actual=(replace(expected, rows=(("0.125", "0.375"), ("0.5", "0.5")), marked=((0, 0), (0, 1))),),
    )
    passed, wrong, raised = Verdict.PASSED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR
    remark = "Argument x was changed in place, but the caller still needs it."
    error = "Line 3 of your code (`return ...`) raised AttributeError: module 'numpy' has no attribute 'arrange'"
    known = {"mistake": "whole_batch", "hint": WHOLE_BATCH}
    softmax = (
        _check("vector", "A vector sums to one.", passed, 1.0, remarks=(remark,), printed="x = [1 2]\n"),
        _check(
            "rows", "A batch is normalised row by row.", wrong, 0.0, "2 of 4 values differ.", details=shown, **known
        ),
        _check("random", "Batches of any size.", wrong, 0.0, "The result is wrong.", hidden=True, **known),
    )
    entropy = (
        _check("labels", "Targets that are labels `(N,)`.", raised, 0.0, error, line=3),
        _check("endless", "A large batch.", Verdict.TIME_LIMIT, 0.0, "Stopped after 2.1 s of processor time."),
    )
    blank = (_check("pairs", "Every task has its loss.", Verdict.NOT_ATTEMPTED, 0.0, "`task_table` is a blank."),)
    ours = (_check("why", "An answer in two lines.", Verdict.GRADER_ERROR, 0.0, "The grader itself failed here."),)
    half = (_check("half", "The factor 1/2 is there.", passed, 1.0),)
    return (
        QuestionReport("mean_squared_error", "code", "Mean squared error", 1.0, 1.0, 0.0, half),
        QuestionReport("softmax", "code", "Softmax", 1.0, 3.0, 0.0, softmax, SOFTMAX, "cell 4"),
        QuestionReport("cross_entropy_error", "code", "Cross-entropy", 0.0, 2.0, 0.0, entropy, CROSS_ENTROPY, "cell 6"),
        QuestionReport("task_table", "matching", "Which loss for which task?", 0.0, 1.0, 0.0, blank),
        QuestionReport("why_square", "text", "Why square?", 0.0, 1.0, 1.0, ours, "Signs would cancel.", "cell 8"),
    )


def _long() -> QuestionReport:
    """Return a question with many checks: some pass silently, most fail for the same reason."""
    passed = [
        _check(f"p{i}", f"Rows of length {i} sum to $1$.", Verdict.PASSED, 0.25, max_points=0.25) for i in range(6)
    ]
    known = {"mistake": "whole_batch", "hint": WHOLE_BATCH, "max_points": 0.5}
    failed = [
        _check(f"f{i}", f"A batch of {i} rows.", Verdict.WRONG_ANSWER, 0.0, "It is wrong.", hidden=i > 4, **known)
        for i in range(3, 8)
    ]
    expected, actual = np.linspace(0.0, 1.0, 300).reshape(30, 10), np.linspace(0.0, 1.0, 300).reshape(30, 10)
    actual[7, 3:] = np.nan
    actual[11] = 0.5
    drawn = CheckDetails(
        expected=build_tensor_tables(expected, "h"),
        actual=build_tensor_tables(actual, "h", expected),
        heats=build_heatmaps(expected, actual, "h"),
    )
    failed.append(_check("large", "Thirty rows.", Verdict.WRONG_ANSWER, 0.0, "Row 7 and row 11 differ.", details=drawn))
    return QuestionReport(
        "softmax", "code", "Softmax: $e^{u_i}$ over their sum", 1.5, 4.0, 0.0, (*passed, *failed), SOFTMAX, "cell 4"
    )


ANIMALS = {"inputs": ["weight"], "hidden": [2], "outputs": {"cat": 0.25, "dog": 0.75}, "winner": "dog"}


def _answers() -> tuple[QuestionReport, ...]:
    """Return questions of other kinds: read, drawn, plotted, pending, and right by another convention."""
    passed, wrong = Verdict.PASSED, Verdict.WRONG_ANSWER
    form = _check("form", "`chosen` names options.", passed, 0.0, max_points=0.0, details=CheckDetails(given="W, u"))
    half = _check("right", "All that is right is named.", wrong, 0.5, "`chosen` is partly right.", hidden=True)
    networks = CheckDetails(expected_drawing=make_complete_network(2, 3, 1), drawing=parse_drawing(ANIMALS))
    lines = CheckDetails(curves=find_curves({"good": [4.0, 1.0, 0.5], "large": [4.0, 1e6, float("nan")]}))
    drawn = _check("form", "`net` can be drawn.", passed, 0.0, max_points=0.0, details=networks)
    plotted = _check("form", "`runs` can be plotted.", passed, 0.0, max_points=0.0, details=lines)
    kind = {"mistake": "undivided", "hint": "Right, but not divided by N.", "convention": True}
    other = _check("slope", "The slope.", wrong, 0.0, "It is 2 times too large.", **kind)
    prose = _check("content", "It says so.", passed, 0.0, "A person reads and marks this.", pending=1.0)
    return (
        QuestionReport("chosen", "choice", "Chosen", 0.5, 1.0, 0.0, (form, half), 'chosen = {"W", "u"}', "cell 2"),
        QuestionReport("net", "drawing", "A network", 0.0, 0.0, 0.0, (drawn,)),
        QuestionReport("runs", "experiment", "Runs", 0.0, 1.0, 0.0, (plotted, other)),
        QuestionReport("why", "text", "Why", 0.0, 1.0, 1.0, (prose,), "Because 重み.", "cell 5"),
    )


MENDED = MendingEdit(
    *("softmax", "axis", "np.sum(e)", "np.sum(e, axis=-1, keepdims=True)"),
    '@softmax.mistake\ndef axis_np_sum_e(u):\n    """TODO: the hint that students read."""\n'
    "    raise NotImplementedError\n",
)


def _explained() -> tuple[QuestionReport, ...]:
    """Return questions with several explanations each: at lines of their own cell, of another cell, and without any."""
    wrong, blank = Verdict.WRONG_ANSWER, Verdict.NOT_ATTEMPTED
    differ = "2 of 4 values differ."
    axis = "Line 5 of cell 4: write `np.sum(e, axis=-1, keepdims=True)` in place of `np.sum(e)`."
    departs = "`e` has other values than expected after line 4 of cell 4."
    at_lines = (
        ExplanationReport("departure", departs, "cell 4", 4, at_line=departs.replace("line 4 of cell 4", "this line")),
        ExplanationReport("repair", axis, "cell 4", 5, at_line=axis.replace("Line 5 of cell 4: w", "W")),
        ExplanationReport("mistake", WHOLE_BATCH),
        ExplanationReport("relation", "The whole batch sums to one, but each row should."),
    )
    elsewhere = (
        ExplanationReport(
            "repair", "Line 1 of cell 9: look at this number.", "cell 9", 1, at_line="Look at this number."
        ),
    )
    softmax = (
        _check("rows", "A batch is normalised row by row.", wrong, 0.0, differ, explanations=at_lines),
        _check("tall", "A tall batch.", wrong, 0.0, differ, explanations=at_lines[:1]),
        _check("random", "Batches of any size.", wrong, 0.0, "The result is not what was expected.", hidden=True),
    )
    entropy = (
        _check("one_hot", "Targets that are one-hot.", Verdict.PASSED, 1.0),
        _check("labels", "Targets that are labels `(N,)`.", wrong, 0.0, differ, explanations=elsewhere),
    )
    empty = (_check("pairs", "Every task has its loss.", blank, 0.0, "`task_table` is a blank."),)
    opened = "The result has shape (2,); expected shape (2, 1)."
    seen = (
        _check(
            "kept", "It keeps the axis.", wrong, 0.0, "It is wrong.", hidden=True, opened_message=opened, is_opened=True
        ),
    )
    return (
        QuestionReport("task_table", "matching", "Which loss for which task?", 0.0, 1.0, 0.0, empty),
        QuestionReport("mean", "code", "Mean of rows", 0.0, 1.0, 0.0, seen),
        QuestionReport("softmax", "code", "Softmax", 0.0, 3.0, 0.0, softmax, SOFTMAX, "cell 4"),
        QuestionReport("cross_entropy_error", "code", "Cross-entropy", 1.0, 2.0, 0.0, entropy, CROSS_ENTROPY, "cell 6"),
    )


@pytest.fixture(scope="session")
def reports() -> Mapping[str, Report]:
    """Return reports in every state that a page can have, by a short name."""
    questions = _questions()
    partly = Report(
        *("ada", "losses", "Losses", 2, 2.0, 8.0, 1.0, "b71e09", "3f9c2ab1", "full", 11.2),
        questions=questions,
        cell_remarks=(("cell 9", "Line 2 of your code raised NameError: name 'plt' is not defined"),),
        cells=CELLS,
    )
    script = tuple(replace(q, code=SOFTMAX + "\n\n" + CROSS_ENTROPY, code_label="ben.py") for q in questions[1:3])
    right = replace(questions[1], score=3.0, checks=tuple(replace(questions[0].checks[0], name=n) for n in "abc"))
    return {
        "partly": partly,
        "script": replace(
            partly, student="ben", edits=(MENDED,), questions=script, score=1.0, max_score=5.0, pending=0.0, cells=()
        ),
        "long": replace(partly, student="fay", questions=(_long(),), score=1.5, max_score=4.0, pending=0.0, cells=()),
        "right": replace(partly, student="cleo", questions=(right,), score=3.0, max_score=3.0, pending=0.0),
        "answers": replace(
            partly, student="eve", exercise="overview", questions=_answers(), cell_remarks=(), score=0.5, max_score=3.0
        ),
        "explained": replace(
            partly, student="gil", edits=(MENDED,), questions=_explained(), score=1.0, max_score=7.0, pending=0.0
        ),
        "unreadable": build_error_report(
            "dan", "losses", "losses.ipynb is not a notebook: it begins with `<html>`.", 8.0
        ),
        "nobody": replace(partly, student=None, questions=(), cell_remarks=(), score=0.0, pending=0.0),
    }
