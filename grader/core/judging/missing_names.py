"""Results of checks without a value: a name is missing, or its cell or request was stopped."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from grader.core.judging.name_origins import NameOrigins
from grader.core.results.grading import CheckResult
from grader.core.results.reason import ProcessDeath, Skipped
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Answer, CellRun, ExceptionInfo, MissingName, Status

_VERDICTS: Final[Mapping[Status, Verdict]] = {
    Status.TIME_LIMIT: Verdict.TIME_LIMIT,
    Status.MEMORY_LIMIT: Verdict.MEMORY_LIMIT,
    Status.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Status.DIED: Verdict.RUNTIME_ERROR,
    Status.FAULT: Verdict.GRADER_ERROR,
}
_DIED_TEXT: Final = "it ended by itself"


def build_stopped_result(result: CheckResult, run: Answer | CellRun) -> CheckResult:
    """Return the result of a check whose request or cell was stopped."""
    stopped_by = ProcessDeath(_DIED_TEXT) if run.ended is Status.DIED else run.limit
    skipped = isinstance(run, Answer) and run.skipped
    return replace(result, verdict=_VERDICTS[run.ended], reason=Skipped(stopped_by) if skipped else stopped_by)


def build_no_value_result(
    result: CheckResult, error: ExceptionInfo | MissingName, names: tuple[str, str], origins: NameOrigins
) -> CheckResult:
    """Return the result of a check without a value, because its code raised or a name is missing.

    `names` are the question's and that of the function or variable.
    """
    if isinstance(error, ExceptionInfo):
        verdict = Verdict.NOT_ATTEMPTED if error.blank else Verdict.RUNTIME_ERROR
        return replace(result, verdict=verdict, reason=origins.explain_exception(error))
    question, name = names
    if error.origin is not None:
        replaced = replace(error, origin=origins.locate_assignment(error.origin, name))
        verdict = Verdict.RUNTIME_ERROR if origins.was_function(name) else Verdict.NOT_ATTEMPTED
        return replace(result, verdict=verdict, reason=replaced)
    cell = origins.find_cause(name, question)
    if cell is None:
        found = replace(error, origin=None if error.blank else origins.find_text_cell(name, question))
        return replace(result, verdict=Verdict.NOT_ATTEMPTED, reason=found)
    if cell.raised:
        return replace(result, verdict=Verdict.RUNTIME_ERROR, reason=origins.explain_exception(cell.raised))
    return build_stopped_result(result, cell)
