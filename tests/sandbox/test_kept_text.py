"""The judge's side of the budget of text, against messages that ignore it."""

from dataclasses import replace

from grader.core.wire.job import ActionResult, Answer, CellRun, ExceptionInfo, NameOrigin, Status
from grader.core.wire.text_budget import MAX_SAID_BYTES, measure_text
from grader.sandbox.kept_text import KeptText

LONG = "\1" * 4000
RAISED = ExceptionInfo(LONG, LONG, LONG, 3, LONG, LONG, origin=NameOrigin(LONG, LONG))


def _measure(run: CellRun) -> int:
    raised = run.raised
    assert raised
    texts = (raised.type, raised.message, raised.cell, raised.text, raised.function, run.printed, *run.remarks)
    return sum(map(measure_text, texts))


def test_many_cells_have_one_budget() -> None:
    """The text of 10,000 cells is what the budgets allow, and 40 characters of each exception's type and cell."""
    kept = KeptText(1000)
    runs = [kept.trim_cell(CellRun("cell", raised=RAISED, printed=LONG, remarks=(LONG,) * 20)) for _ in range(10_000)]
    assert sum(map(_measure, runs)) <= 1000 + MAX_SAID_BYTES + 10_000 * 3 * 40 * 6
    assert all(run.raised and run.raised.line == 3 for run in runs)
    assert runs[-1].remarks == ()
    assert runs[-1].printed == ""


def test_ordinary_results_stay_the_same_objects() -> None:
    """Results within the budget are not copied, so that those of a class stay shared."""
    kept = KeptText(1000)
    raised = ExceptionInfo("ValueError", "no", "cell 1", 1, "f()", "f")
    run = CellRun("cell 1", raised=raised, printed="text", printed_bytes=4, remarks=("one",))
    answer = Answer(results=(ActionResult(raised=raised),), printed="p", warnings=("w",), is_shared=True)
    assert kept.trim_cell(run) is run
    assert kept.trim_answer(answer) is answer


def test_a_trimmed_answer_is_nobody_elses() -> None:
    """Verdict and line stay; what no longer fits goes, and the copy is not shared."""
    kept = KeptText(10)
    answer = Answer(results=(ActionResult(raised=RAISED),), printed="x" * 50, warnings=(LONG,) * 5, is_shared=True)
    answers = [kept.trim_answer(answer) for _ in range(20)]
    last = answers[-1]
    assert (last.ended, last.printed, last.warnings, last.is_shared) == (Status.DONE, "", (), False)
    assert answers[0].printed == "x" * 10
    assert answer == replace(answer)
