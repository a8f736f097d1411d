"""Results of checks without a value: a name is missing, or its cell or request was stopped."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from grader.core.results.grading import CheckResult
from grader.core.results.reason import ProcessDeath, Skipped
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer, CellRun, ExceptionInfo, Job, MissingName, Status

_VERDICTS: Final[Mapping[Status, Verdict]] = {
    Status.TIME_LIMIT: Verdict.TIME_LIMIT,
    Status.MEMORY_LIMIT: Verdict.MEMORY_LIMIT,
    Status.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Status.DIED: Verdict.RUNTIME_ERROR,
    Status.FAULT: Verdict.GRADER_ERROR,
}
_SYNTAX_ERRORS: Final = ("SyntaxError", "IndentationError", "TabError")
_UNDEFINED: Final = re.compile(r"name '(\w+)' is not defined")
_DIED_TEXT: Final = "it ended by itself"
_MAX_HEAD_CHARS: Final = 500  # characters of a line in which an assignment's names are looked for
_MAX_NAMES_FOLLOWED: Final = 10  # names that are followed from one cell to the one that should have made them


class MissingNames:
    """Find the cause of a missing function or variable: the cell that defines it raised or was stopped."""

    def __init__(self, job: Job, runs: tuple[CellRun, ...]) -> None:
        self._cells = tuple(zip(job.cells, runs, strict=True))
        self._statement_by_statement = job.statement_by_statement

    def find_cause(self, name: str) -> CellRun | None:
        """Return the last cell that defines or assigns the name, if it failed for another reason than an empty blank.

        If the cell lacked another name because of an empty blank, the blank is its reason, too.
        """
        return self._find_cause(name, _MAX_NAMES_FOLLOWED)

    def _find_cause(self, name: str, far: int) -> CellRun | None:
        for cell, run in reversed(self._cells):
            if not _is_defined_in(cell.source, name):
                continue
            if run.ended is not Status.DONE:
                return run
            raised = run.raised
            if raised is None or raised.blank or (self._statement_by_statement and raised.type not in _SYNTAX_ERRORS):
                return None
            return None if self._is_caused_by_blank(raised, name, far) else run
        return None

    def _is_caused_by_blank(self, raised: ExceptionInfo, name: str, far: int) -> bool:
        lacked = _UNDEFINED.match(raised.message) if raised.type == "NameError" else None
        if not lacked or lacked[1] == name or not far:
            return False
        return self._is_in_failed_cell(lacked[1]) and self._find_cause(lacked[1], far - 1) is None

    def _is_in_failed_cell(self, name: str) -> bool:
        return any(run.raised is not None and name in cell.source for cell, run in self._cells)


def _is_defined_in(source: str, name: str) -> bool:
    """Tell whether a cell's text defines a function of that name, or has the name before the first `=` of a line."""
    if name not in source:
        return False
    if f"def {name}(" in source:
        return True
    heads = (line.partition("=")[0][:_MAX_HEAD_CHARS] for line in source.splitlines() if "=" in line)
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(word.search(head) for head in heads)


def build_stopped_result(result: CheckResult, run: Answer | CellRun) -> CheckResult:
    """Return the result of a check whose request or cell was stopped."""
    stopped_by = ProcessDeath(_DIED_TEXT) if run.ended is Status.DIED else run.limit
    skipped = isinstance(run, Answer) and run.skipped
    return replace(result, verdict=_VERDICTS[run.ended], reason=Skipped(stopped_by) if skipped else stopped_by)


def build_no_value_result(
    result: CheckResult, error: ExceptionInfo | MissingName, name: str, absences: MissingNames
) -> CheckResult:
    """Return the result of a check without a value, because its code raised or `name` is missing."""
    if isinstance(error, ExceptionInfo):
        verdict = Verdict.NOT_ATTEMPTED if error.blank else Verdict.RUNTIME_ERROR
        return replace(result, verdict=verdict, reason=error)
    cell = absences.find_cause(name)
    if cell is None:
        return replace(result, verdict=Verdict.NOT_ATTEMPTED, reason=error)
    if cell.raised:
        return replace(result, verdict=Verdict.RUNTIME_ERROR, reason=cell.raised)
    return build_stopped_result(result, cell)
