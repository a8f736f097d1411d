"""One function under repair: the checks that judge it, and what they make of an answer, case by case."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from grader.core.compare.tensors import Tolerance, as_tensor
from grader.core.judging.arrange_answers import arrange_answer
from grader.core.judging.case_mismatch import find_case_mismatch
from grader.core.judging.item_order import ItemOrder
from grader.core.judging.reference_data import CallFailure, Case, select_output
from grader.core.questions.checks import Check
from grader.core.questions.question import Question
from grader.core.wire.edits.edit import Edit
from grader.core.wire.job import Action, ActionResult, Answer, DiagnosisAction, ExceptionInfo, Request, Status
from grader.core.wire.values import Value

_CLEAR_FACTOR: Final = 100.0
"""A difference of so many tolerances is wrong under every allowance."""
_MIN_NUMBERS: Final = 3
"""Least count of numbers by which two tensors are told to be proportional."""
_MAX_USUAL_FACTOR: Final = 64
_LINES_FACTOR: Final = 10
_MIN_TRIAL_LINES: Final = 2000
_NO_LINE: Final = 1_000_000


class Quality(IntEnum):
    """The quality of the output of one call. A further edit may mend a proportional one."""

    NONE = 0
    """The call raised, or has no such output."""
    WRONG = 1
    SAME_SHAPE = 2
    RELATED = 3
    """A negative multiple of the expected tensor, its transpose, or its difference from 1."""
    MULTIPLE = 4
    """A positive multiple of it; of a single number, a usual one such as 2 or 1/N."""
    RIGHT = 5


@dataclass(frozen=True)
class JudgedCases:
    """A check with cases, and the request that calls the student's function for them."""

    check: Check
    cases: tuple[Case, ...]
    request: Request

    def judge(self, answer: Answer, order: ItemOrder | None) -> tuple[Quality, ...]:
        """Return the quality of each case's output; none is right if the answer has no results."""
        if answer.ended is not Status.DONE or len(answer.results) != len(self.cases):
            return (Quality.NONE,) * len(self.cases)
        found = self._judge_results(answer)
        if all(quality is Quality.RIGHT for quality in found):
            return found
        arranged = arrange_answer(self.check, self.cases, answer, order).answer
        return found if arranged is answer else self._judge_results(arranged)

    def _judge_results(self, answer: Answer) -> tuple[Quality, ...]:
        return tuple(
            self._judge_result(case, result, tolerance)
            for case, result, tolerance in zip(self.cases, answer.results, self._tolerances, strict=True)
        )

    @cached_property
    def _tolerances(self) -> tuple[Tolerance, ...]:
        return tuple(case.widen(self.check.tolerance) for case in self.cases)

    def _judge_result(self, case: Case, result: ActionResult, tolerance: Tolerance) -> Quality:
        actual = select_output(self.check.output, result)
        if isinstance(actual, CallFailure):
            return Quality.NONE
        is_wrong = self.check.holds is None and _is_clearly_wrong(case.expected, actual, tolerance)
        if not is_wrong and find_case_mismatch(self.check, case, actual, result.value).mismatch is None:
            return Quality.RIGHT
        return _rate(case.expected, actual)

    def compare_axes(self, answer: Answer) -> int:
        """Return 1 if outputs have more axes than expected, -1 if fewer; 0 if neither, or both occur."""
        found = set()
        for case, result in zip(self.cases, answer.results, strict=False):
            actual = select_output(self.check.output, result)
            with suppress(ValueError):
                more = 0 if isinstance(actual, CallFailure) else as_tensor(actual).ndim - as_tensor(case.expected).ndim
                found.add((more > 0) - (more < 0))
        return sum(found)

    def select(self, numbers: Sequence[int]) -> "JudgedCases":
        """Return the check with these cases alone."""
        calls = tuple(self.request.actions[number] for number in numbers)
        return JudgedCases(
            self.check, tuple(self.cases[number] for number in numbers), replace(self.request, actions=calls)
        )


def _is_clearly_wrong(expected: Value, actual: Value, tolerance: Tolerance) -> bool:
    """Tell quickly whether an array has another shape than expected, or a first number far beyond the tolerance."""
    if isinstance(expected, float) and isinstance(actual, float):
        one, other = float(expected), float(actual)
    elif type(expected) is not np.ndarray or type(actual) is not np.ndarray:
        return False
    elif expected.shape != actual.shape:
        return True
    elif not expected.size or expected.dtype != np.float64 or actual.dtype != np.float64:
        return False
    else:
        one, other = float(expected.flat[0]), float(actual.flat[0])
    allowed = max(tolerance.atol, 1e-5) + max(tolerance.rtol, 1e-5) * abs(one)
    return abs(one - other) > _CLEAR_FACTOR * allowed  # False for NaN


def _rate(expected: Value, actual: Value) -> Quality:
    """Return how good a wrong output is."""
    one, other = _read_floats(expected), _read_floats(actual)
    if one is None or other is None:
        return Quality.WRONG
    if one.shape != other.shape:
        is_transposed = one.ndim > 1 and one.T.shape == other.shape and np.allclose(one.T, other)
        return Quality.RELATED if is_transposed else Quality.WRONG
    largest = int(np.argmax(np.abs(one))) if one.size else -1
    if largest < 0 or not one.flat[largest]:
        return Quality.SAME_SHAPE
    factor = float(other.flat[largest] / one.flat[largest])
    is_told = one.size >= _MIN_NUMBERS and not np.all(one == one.flat[0])
    is_multiple = np.isfinite(factor) and factor and np.allclose(other, factor * one, rtol=1e-4)
    if is_multiple and (is_told or _is_usual_factor(abs(factor))):
        return Quality.MULTIPLE if factor > 0 else Quality.RELATED
    return Quality.RELATED if np.allclose(other, 1 - one) else Quality.SAME_SHAPE


def _read_floats(value: Value) -> NDArray[np.float64] | None:
    """Return a float or an array of floats as an array; None for anything else."""
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return np.asarray(value, dtype=np.float64)
    return None


def _is_usual_factor(factor: float) -> bool:
    """Tell whether a factor is a whole number, or 1 divided by one, as a missing mean or 1/2 makes it."""
    larger = max(factor, 1 / factor)
    return larger <= _MAX_USUAL_FACTOR and abs(larger - round(larger)) < 1e-4


@dataclass(frozen=True)
class Work:
    """The work of calls, as the sandbox reports it: lines that ran, and an estimate of microseconds."""

    lines: int = 0
    units: int = 0

    @property
    def max_trial_lines(self) -> int:
        """The number of lines that an edited function may run in the same calls, and in those of other checks."""
        return _LINES_FACTOR * self.lines + _MIN_TRIAL_LINES


@dataclass(frozen=True)
class RepairSubject:
    """One function under repair.

    `visible` are its visible checks and `base` the qualities of the student's own answers to them, by the check's name.
    `weak` names the checks that some trivial answer passes. `source` is the function's text, which begins at
    `first_line` of its cell. `departed` is the line there after which a variable departs, and `errors` are the
    exceptions of the student's own answers. `more_axes` is 1 if the answers have more axes than expected, -1 if fewer.
    """

    question: Question
    function: str
    visible: tuple[JudgedCases, ...]
    base: Mapping[str, tuple[Quality, ...]]
    order: ItemOrder | None
    edits: tuple[Edit, ...]
    source: str
    weak: frozenset[str] = frozenset()
    cell: str = ""
    first_line: int = 1
    departed: int | None = None
    errors: tuple[ExceptionInfo, ...] = ()
    work: Work = Work()
    """The work of the student's own calls in all visible cases."""
    more_axes: int = 0

    @property
    def failing(self) -> tuple[JudgedCases, ...]:
        """The visible checks that the student's own answers fail."""
        return tuple(one for one in self.visible if not is_passed(self.base[one.check.name]))

    @property
    def passed(self) -> frozenset[str]:
        """The names of the visible checks that the student's own answers pass."""
        return frozenset(name for name, found in self.base.items() if is_passed(found))


def is_passed(found: Sequence[Quality]) -> bool:
    """Tell whether there are cases, and every one is right."""
    return bool(found) and all(quality is Quality.RIGHT for quality in found)


def join_calls(parts: Sequence[JudgedCases]) -> tuple[Action | DiagnosisAction, ...]:
    """Return the calls for the cases of several checks, one after the other."""
    return tuple(action for part in parts for action in part.request.actions)


def find_reached_line(edits: Sequence[Edit], errors: Sequence[ExceptionInfo]) -> int:
    """Return the first line of the original text at which a call fails with these edits; a great one if none fails."""
    added = sum(edit.after.count("\n") - edit.before.count("\n") for edit in edits)
    return min((error.line - added for error in errors if error.line), default=_NO_LINE)


def build_trial(
    subject: RepairSubject,
    parts: Sequence[JudgedCases],
    calls: tuple[Action | DiagnosisAction, ...],
    edits: Sequence[Edit],
    number: int,
) -> Request:
    """Return the request for calls of an edited function, those of `join_calls`.

    All trials of a function count as one question: one that is stopped ends those behind it.
    """
    hidden = any(part.check.hidden for part in parts)
    name = f"repair: {subject.question.id}: {subject.function}"
    most = subject.work.max_trial_lines
    return Request(name, str(number), calls, hidden, parts[0].request.limits, edits=tuple(edits), max_lines=most)


def judge_trial(subject: RepairSubject, parts: Sequence[JudgedCases], answer: Answer) -> dict[str, tuple[Quality, ...]]:
    """Return the qualities of a trial's cases, by the check's name.

    A call that raises what none of the student's own calls raises is not right, whatever its variables are by then.
    """
    found = {}
    known = {(error.type, error.operation) for error in subject.errors}
    done = 0
    for part in parts:
        results = answer.results[done : done + len(part.cases)]
        done += len(part.cases)
        qualities = part.judge(replace(answer, results=results), subject.order)
        if qualities and len(results) == len(qualities):
            pairs = zip(qualities, results, strict=True)
            qualities = tuple(min(q, Quality.WRONG) if _is_broken(result, known) else q for q, result in pairs)
        found[part.check.name] = qualities
    return found


def _is_broken(result: ActionResult, known: Collection[tuple[str, str]]) -> bool:
    """Tell whether a call raised an exception that is none of the known ones, by type and operation."""
    raised = result.raised
    return isinstance(raised, ExceptionInfo) and (raised.type, raised.operation) not in known
