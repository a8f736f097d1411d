"""Find the known wrong implementation that gives exactly the results of the student's code."""

from collections.abc import Iterable
from dataclasses import dataclass

from grader.core.compare.tensors import Tolerance, compare
from grader.core.judging.reference_data import CallFailure, Case, select_output
from grader.core.questions.checks import Check
from grader.core.wire.job import Answer
from grader.core.wire.values import Value


@dataclass(frozen=True)
class Evidence:
    """The results of one check of an output: its cases, and the student's value in each."""

    cases: tuple[Case, ...]
    actual: tuple[Value | CallFailure, ...]
    tolerance: Tolerance


def collect_evidence(check: Check, cases: tuple[Case, ...], answer: Answer) -> Evidence:
    """Return the evidence that the answer to a check gives."""
    return Evidence(cases, tuple(select_output(check.output, one) for one in answer.results), check.tolerance)


def find_known_mistake(evidence: Iterable[Evidence], names: Iterable[str]) -> str | None:
    """Return the first mistake that agrees with the student on every case of an output and is wrong on at least one.

    `evidence` is that of all checks of one output; exceptions agree if their types do.
    """
    checks = tuple(evidence)
    return next((name for name in names if _explains(name, checks)), None)


def _explains(name: str, checks: tuple[Evidence, ...]) -> bool:
    wrong_somewhere = False
    for check in checks:
        for case, actual in zip(check.cases, check.actual, strict=True):
            mistaken, tolerance = case.mistakes[name], case.widen(check.tolerance)
            if not is_same_output(mistaken, actual, tolerance):
                return False
            wrong_somewhere = wrong_somewhere or not is_same_output(case.expected, mistaken, tolerance)
    return wrong_somewhere


def is_same_output(expected: Value | CallFailure, actual: Value | CallFailure, tolerance: Tolerance) -> bool:
    """Tell whether two outputs agree: both failed in the same way, or their values are equal within the tolerance."""
    if isinstance(expected, CallFailure) or isinstance(actual, CallFailure):
        return expected == actual if isinstance(expected, CallFailure) and isinstance(actual, CallFailure) else False
    return compare(expected, actual, tolerance).mismatch is None
