"""Applies the budget of text to a submission's results, as they arrive from the sandbox."""

from dataclasses import replace
from typing import Any, TypeVar

from grader.core.wire.job import ActionResult, Answer, CellRun, ExceptionInfo, NameOrigin
from grader.core.wire.text_budget import MAX_SAID_BYTES, MIN_KEPT_CHARS, TextBudget

_Record = TypeVar("_Record", CellRun, Answer, ActionResult, ExceptionInfo, NameOrigin)


class KeptText:
    """The budgets of one job: printed text of its cells, that of its requests, and everything else that is text."""

    def __init__(self, total_printed: int) -> None:
        self._printed_by_cells = TextBudget(total_printed)
        self._printed_by_requests = TextBudget(total_printed)
        self._said = TextBudget(MAX_SAID_BYTES)

    def trim_cell(self, run: CellRun) -> CellRun:
        """Return a cell's result with as much text as may be kept; the same object if that is all of it."""
        if not (run.printed or run.remarks or run.raised):
            return run
        return _replace_changed(
            run,
            printed=self._printed_by_cells.take(run.printed),
            remarks=self._trim_all(run.remarks),
            raised=self._trim_raised(run.raised),
        )

    def trim_answer(self, answer: Answer) -> Answer:
        """Return the answer to a request with as much text as may be kept; the same object if that is all of it."""
        raised = any(result.raised for result in answer.results)
        if not (answer.printed or answer.warnings or raised):
            return answer
        trimmed = _replace_changed(
            answer,
            printed=self._printed_by_requests.take(answer.printed),
            warnings=self._trim_all(answer.warnings),
            results=tuple(map(self._trim_result, answer.results)) if raised else answer.results,
        )
        return trimmed if trimmed is answer else replace(trimmed, is_shared=False)

    def _trim_all(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(kept for text in texts if (kept := self._said.take(text)))

    def _trim_result(self, result: ActionResult) -> ActionResult:
        if not isinstance(result.raised, ExceptionInfo):
            return result
        return _replace_changed(result, raised=self._trim_raised(result.raised))

    def _trim_raised(self, raised: ExceptionInfo | None) -> ExceptionInfo | None:
        if raised is None:
            return None
        take = self._said.take
        return _replace_changed(
            raised,
            type=take(raised.type, MIN_KEPT_CHARS),
            cell=take(raised.cell, MIN_KEPT_CHARS),
            message=take(raised.message),
            text=take(raised.text),
            function=take(raised.function),
            origin=self._trim_origin(raised.origin),
        )

    def _trim_origin(self, origin: NameOrigin | None) -> NameOrigin | None:
        if origin is None:
            return None
        return _replace_changed(
            origin, name=self._said.take(origin.name), type=self._said.take(origin.type, MIN_KEPT_CHARS)
        )


def _replace_changed(record: _Record, **fields: Any) -> _Record:
    """Return the record with these fields; the record itself if none differs."""
    changed = {name: value for name, value in fields.items() if value != getattr(record, name)}
    return replace(record, **changed) if changed else record
