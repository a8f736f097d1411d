"""Results of checks that could not be asked: what was looked for isn't there, or its cell or request was stopped."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from grader.core.results.grading import CheckResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer, CellRun, Ended, Job, Missing, Raised

_VERDICTS: Final[Mapping[Ended, Verdict]] = {
    Ended.TIME_LIMIT: Verdict.TIME_LIMIT,
    Ended.MEMORY_LIMIT: Verdict.MEMORY_LIMIT,
    Ended.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Ended.DIED: Verdict.RUNTIME_ERROR,
    Ended.FAULT: Verdict.GRADER_ERROR,
}
_SYNTAX: Final = ("SyntaxError", "IndentationError", "TabError")
_UNDEFINED: Final = re.compile(r"name '(\w+)' is not defined")
_DIED: Final = "it ended by itself"
_HEAD: Final = 500  # characters of a line in which an assignment's names are looked for
_FAR: Final = 10  # names that are followed from one cell to the one that should have made them


class Absences:
    """Why a function or variable isn't there: the cell that should have made it raised or was stopped."""

    def __init__(self, job: Job, runs: tuple[CellRun, ...]) -> None:
        self._cells = tuple(zip(job.cells, runs, strict=True))
        self._one_by_one = job.one_by_one

    def cause(self, name: str) -> CellRun | None:
        """The last cell that defines or assigns the name, if it failed otherwise than by an empty blank.

        A cell that lacked another name, which an empty blank was to give, failed by that blank too.
        """
        return self._cause(name, _FAR)

    def _cause(self, name: str, far: int) -> CellRun | None:
        for cell, run in reversed(self._cells):
            if not _makes(cell.source, name):
                continue
            if run.ended is not Ended.DONE:
                return run
            raised = run.raised
            if raised is None or raised.blank or (self._one_by_one and raised.type not in _SYNTAX):
                return None
            return None if self._lacks_a_blank(raised, name, far) else run
        return None

    def _lacks_a_blank(self, raised: Raised, name: str, far: int) -> bool:
        lacked = _UNDEFINED.match(raised.message) if raised.type == "NameError" else None
        if not lacked or lacked[1] == name or not far:
            return False
        return self._was_blank(lacked[1]) and self._cause(lacked[1], far - 1) is None

    def _was_blank(self, name: str) -> bool:
        return any(run.raised is not None and name in cell.source for cell, run in self._cells)


def _makes(source: str, name: str) -> bool:
    """A cell's text has the head of a function of that name, or the name before the first `=` of a line."""
    if name not in source:
        return False
    if f"def {name}(" in source:
        return True
    heads = (line.partition("=")[0][:_HEAD] for line in source.splitlines() if "=" in line)
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(word.search(head) for head in heads)


def stopped(result: CheckResult, run: Answer | CellRun) -> CheckResult:
    """The result of a check whose request, or whose cell, was stopped."""
    signal = _DIED if run.ended is Ended.DIED else None
    return replace(result, verdict=_VERDICTS[run.ended], limit=run.limit, signal=signal)


def not_returned(result: CheckResult, raised: Raised | Missing, name: str, absences: Absences) -> CheckResult:
    """The result of a check that got no value: it raised, or `name` isn't there."""
    if isinstance(raised, Raised):
        verdict = Verdict.NOT_ATTEMPTED if raised.blank else Verdict.RUNTIME_ERROR
        return replace(result, verdict=verdict, raised=raised)
    cell = absences.cause(name)
    if cell is None:
        return replace(result, verdict=Verdict.NOT_ATTEMPTED, missing=raised)
    if cell.raised:
        return replace(result, verdict=Verdict.RUNTIME_ERROR, raised=cell.raised)
    return stopped(result, cell)
