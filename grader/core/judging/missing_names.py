"""Results of checks without a value: a name is missing, or its cell or request was stopped."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import CallFailure
from grader.core.results.grading import CheckResult
from grader.core.results.reason import ProcessDeath, Skipped
from grader.core.results.verdict import Verdict
from grader.core.wire.job import ActionResult, Answer, CellRun, ExceptionInfo, MissingName, Status
from grader.core.wire.placeholders import is_placeholder_value
from grader.core.wire.values import Opaque, Value

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


def find_unfilled(returned: ActionResult, function: str, label: str) -> MissingName | None:
    """Return what a function lacks because it was given out so and not filled in, after a wrong result.

    `label` is the output's.
    """
    if not returned.unfilled:
        return None
    stub, *variables = returned.unfilled
    if stub:
        return MissingName(function, unfilled=stub)
    if not variables:
        return None
    first = label if label in variables else variables[0]
    return MissingName(function, unfilled=first) if " " in first else MissingName(first, unfilled="None")


def lacks_value(actual: Value | CallFailure) -> bool:
    """Tell whether an output has no value, or one in which something was not filled in."""
    if isinstance(actual, list | tuple):
        return any(item is None or isinstance(item, Opaque) for item in actual)
    return isinstance(actual, CallFailure | Opaque) or is_placeholder_value(actual)


def build_no_value_result(
    result: CheckResult, error: ExceptionInfo | MissingName, names: tuple[str, str], origins: NameOrigins
) -> CheckResult:
    """Return the result of a check without a value, because its code raised or a name is missing.

    `names` are the question's and that of the function or variable.
    """
    if isinstance(error, ExceptionInfo):
        verdict = Verdict.NOT_ATTEMPTED if error.blank else Verdict.RUNTIME_ERROR
        return replace(result, verdict=verdict, reason=replace(origins.explain_exception(error), operation=""))
    question, name = names
    if error.unfilled:
        return replace(result, verdict=Verdict.NOT_ATTEMPTED, reason=error)
    if error.origin is not None:
        replaced = replace(error, near=(), origin=origins.locate_assignment(error.origin, name))
        verdict = Verdict.RUNTIME_ERROR if origins.was_function(name) else Verdict.NOT_ATTEMPTED
        return replace(result, verdict=verdict, reason=replaced)
    cell = origins.find_cause(name, question)
    near = () if error.blank else origins.choose_near(error)
    if near and (cell is None or not origins.defines(name)):
        return replace(result, verdict=Verdict.NOT_ATTEMPTED, reason=replace(error, near=near))
    error = replace(error, near=())
    if cell is None:
        found = replace(error, origin=None if error.blank else origins.find_text_cell(name, question))
        return replace(result, verdict=Verdict.NOT_ATTEMPTED, reason=found)
    if cell.raised:
        verdict = Verdict.NOT_ATTEMPTED if origins.is_unfilled(cell.raised, name) else Verdict.RUNTIME_ERROR
        return replace(result, verdict=verdict, reason=origins.explain_exception(cell.raised))
    return build_stopped_result(result, cell)
