"""Rows of gradings stay small, and what counts is kept, whatever the values were."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from grader.core.compare.tensors import Remark
from grader.core.report.sentences import cell_sentences, remark_sentence
from grader.core.results.grading import CheckDetails, CheckResult, Grading, QuestionResult
from grader.core.results.reason import KnownMistake
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun, ExceptionInfo, Status
from grader.store import Store
from grader.store.db.engine import Database
from grader.store.tables.grading_rows import dump_storable_json
from grader.store.tables.row_size import MAX_GRADING_BYTES, SHORTENED_NOTE, fit_cells

MEGABYTE = 1_000_000
HUGE = "\1" * 300_000


def _check(name: str, **fields: Any) -> CheckResult:
    return CheckResult(name, Verdict.WRONG_ANSWER, 0.5, 1.0, hidden=False, **fields)


def _grading(checks: list[CheckResult], cells: tuple[CellRun, ...] = ()) -> Grading:
    return Grading("losses", "1", "1", "seed", "full", (QuestionResult("mse", "code", tuple(checks)),), cells)


def _store(url: str, grading: Grading) -> tuple[Grading, int, int]:
    """Store a grading; return it as it is read, the size of its largest column, and of all its details."""
    with Store.open(url) as store:
        id = store.record("ada", "losses", b"x = 1", "a.py").id
        store.append(id, grading)
        (found,) = store.iterate_graded()
    database = Database(url)
    with database.read() as connection:
        details = [row[0] for row in connection.execute(text("SELECT detail FROM results"))]
        cells = connection.execute(text("SELECT cells FROM gradings")).scalar_one()
    database.close()
    assert isinstance(found.result, Grading)
    sizes = [len(one.encode()) for one in (cells, *details)]
    return found.result, max(sizes), sum(sizes[1:])


@pytest.mark.parametrize(
    "check",
    [
        _check("a", printed=HUGE),
        _check("a", remarks=tuple(Remark("warning", HUGE) for _ in range(50))),
        _check("a", reason=ExceptionInfo("E" * MEGABYTE, HUGE, "cell 1", 7, HUGE)),
        _check("a", details=CheckDetails(given=HUGE), explanations=(KnownMistake("squared"),)),
        _check("a", carried=(HUGE,) * 5, output=HUGE),
    ],
)
def test_a_huge_check_is_stored_short(sqlite_url: str, check: CheckResult) -> None:
    """Verdict, points and mistake are whole, the row is small, and a remark says that details were left out."""
    found, largest, _ = _store(sqlite_url, _grading([check]))
    (kept,) = found.questions[0].checks
    assert largest < MEGABYTE
    assert (kept.verdict, kept.points, kept.max_points, kept.mistake) == (
        check.verdict,
        check.points,
        check.max_points,
        check.mistake,
    )
    assert remark_sentence(kept.remarks[-1]) == (
        "Details of this check were left out: they were too large. The verdict and points are whole."
    )


def test_many_large_checks_are_stored_short(sqlite_url: str) -> None:
    """All checks of a grading have a limit together; the first ones are whole."""
    checks = [_check(f"c{n}", printed="x" * 100_000) for n in range(200)]
    found, _, total = _store(sqlite_url, _grading(checks))
    kept = found.questions[0].checks
    assert total <= MAX_GRADING_BYTES
    assert kept[0] == checks[0]
    assert (kept[-1].points, kept[-1].remarks[-1].kind) == (0.5, "shortened")
    assert found.score == pytest.approx(100.0)


def test_an_ordinary_grading_is_stored_whole(sqlite_url: str) -> None:
    """Nothing is left out of a grading with the text that a submission may add."""
    cells = tuple(CellRun(f"cell {n}", printed="x" * 20_000, printed_bytes=30_000) for n in range(10))
    grading = _grading([_check("a", printed="y" * 20_000)], cells)
    found, _, _ = _store(sqlite_url, grading)
    assert found == grading


@pytest.mark.parametrize("message", ["m" * 400, "\1" * 400])
def test_many_cells_that_raised_are_stored_short(database_url: str, message: str) -> None:
    """How each of 3,000 cells ended is kept; the first cell's remark says that texts were left out."""
    raised = ExceptionInfo("T" * 40, message, "cell 1", 1, message, "f")
    cells = tuple(
        CellRun(f"cell {n}", Status.DONE if n % 2 else Status.TIME_LIMIT, raised=raised, remarks=(message,))
        for n in range(3_000)
    )
    found, largest, _ = _store(database_url, _grading([_check("a")], cells))
    assert largest < MEGABYTE
    assert [cell.ended for cell in found.cells] == [cell.ended for cell in cells]
    assert cell_sentences(found.cells[0])[0] == SHORTENED_NOTE


def test_shorter_texts_are_tried_before_none() -> None:
    """As much of an exception as possible is kept: its type, line and the beginning of its message."""
    cells = [{"label": f"cell {n}", "raised": {"type": "ValueError", "message": "m" * 5000}} for n in range(1000)]
    kept = json.loads(fit_cells(cells, dump_storable_json))
    assert kept[-1]["raised"] == {"type": "ValueError", "message": "m" * 400 + "…"}
