"""The evidence for an explanation: a check's cases, and the student's values in them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np

from grader.core.compare.tensors import Tolerance, as_tensor, compare
from grader.core.judging.case_mismatch import find_case_mismatch
from grader.core.judging.reference_data import CallFailure, Case, select_output
from grader.core.questions.checks import RETURN_VALUE, Check, Output
from grader.core.results.reason import CodePlace
from grader.core.wire.job import ActionResult, Answer, ExceptionInfo
from grader.core.wire.values import Value

Outcome = Value | CallFailure

_SAME_MAGNITUDE: Final = 10


@dataclass(frozen=True)
class Evidence:
    """The results of one check of an output: its cases, and the student's value in each.

    `check` is given where its property, instead of the expected values, may decide. `raised_at` is the line that raised
    first. `failures` are the exceptions of the calls: one that raised may have an output nevertheless. `results` are
    those of whole calls, and `printed` is what they printed.
    """

    cases: tuple[Case, ...]
    actual: tuple[Outcome, ...]
    tolerance: Tolerance
    check: Check | None = None
    raised_at: CodePlace | None = None
    failures: tuple[CallFailure | None, ...] = ()
    results: tuple[ActionResult, ...] = ()
    printed: str = ""
    _failing: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The name of the check."""
        return self.check.name if self.check else ""

    @property
    def is_hidden(self) -> bool:
        """Whether the check is a hidden one."""
        return self.check is not None and self.check.hidden

    @property
    def output(self) -> Output:
        """The judged output."""
        return self.check.output if self.check else RETURN_VALUE

    @property
    def is_in_place(self) -> bool:
        """Whether an argument was to be changed in place."""
        return self.output.source == "argument"

    @property
    def uses_arguments(self) -> bool:
        """Whether the function is known to read an argument: it is more than an answer without any calculation."""
        return bool(self.results) and all(result.uses_arguments for result in self.results)

    @cached_property
    def is_passed(self) -> bool:
        """Whether the student's values are right in every case."""
        return all(self.is_right(case, actual) for case, actual in zip(self.cases, self.actual, strict=True))

    def is_right(self, case: Case, outcome: Outcome) -> bool:
        """Tell whether an outcome is right in a case."""
        if self.check is not None and self.check.holds is not None:
            return find_case_mismatch(self.check, case, outcome, None).mismatch is None
        return is_same_output(case.expected, outcome, case.widen(self.tolerance))

    def fails(self, mistake: str) -> bool:
        """Tell whether a known mistake is wrong in at least one case."""
        if mistake not in self._failing:
            self._failing[mistake] = not all(self.is_right(case, case.mistakes[mistake]) for case in self.cases)
        return self._failing[mistake]

    def contradicts(self, mistake: str) -> bool:
        """Tell whether the student passes, and a known mistake doesn't: unless both raised in the same way."""
        return self.is_passed and not all(
            self.is_right(case, case.mistakes[mistake]) or _is_same_failure(case.mistakes[mistake], failure)
            for case, failure in zip(self.cases, self.failures or [None] * len(self.cases), strict=True)
        )

    def agrees(self, mistake: str) -> bool:
        """Tell whether a known mistake gives the student's value in every case."""
        return all(
            _is_mistaken_output(case.mistakes[mistake], actual, case.widen(self.tolerance))
            for case, actual in zip(self.cases, self.actual, strict=True)
        )


def collect_evidence(check: Check, cases: tuple[Case, ...], answer: Answer) -> Evidence:
    """Return the evidence that the answer to a check gives."""
    actual = tuple(select_output(check.output, one) for one in answer.results)
    raised = (one.raised for one in answer.results if isinstance(one.raised, ExceptionInfo))
    at = next((CodePlace(one.cell, one.line) for one in raised if one.line and one.cell), None)
    failures = tuple(
        CallFailure(one.raised.type, one.raised.operation) if isinstance(one.raised, ExceptionInfo) else None
        for one in answer.results
    )
    return Evidence(cases, actual, check.tolerance, check, at, failures, answer.results, answer.printed)


def _is_same_failure(mistaken: Outcome, failure: CallFailure | None) -> bool:
    return isinstance(mistaken, CallFailure) and failure is not None and mistaken.agrees(failure)


def _is_mistaken_output(mistaken: Outcome, actual: Any, tolerance: Tolerance) -> bool:
    """Tell whether an outcome is that of a known mistake.

    Where the mistake gives numbers that the tolerance doesn't tell from zeros, an outcome of the same magnitude agrees.
    """
    if not is_same_output(mistaken, actual, tolerance):
        return False
    if not isinstance(mistaken, np.ndarray | float) or not np.any(mistaken):
        return True
    if compare(np.zeros_like(mistaken), mistaken, tolerance).mismatch is not None:
        return True
    one, other = (float(np.max(np.abs(as_tensor(value)))) for value in (mistaken, actual))
    return one < _SAME_MAGNITUDE * other and other < _SAME_MAGNITUDE * one


def is_same_output(expected: Outcome, actual: Outcome, tolerance: Tolerance) -> bool:
    """Tell whether two outputs agree: both failed in the same way, or their values are equal within the tolerance.

    Calls failed in the same way if the same operation raised the same type of exception.
    """
    if isinstance(expected, CallFailure) or isinstance(actual, CallFailure):
        return isinstance(expected, CallFailure) and isinstance(actual, CallFailure) and expected.agrees(actual)
    return compare(expected, actual, tolerance).mismatch is None
