"""Names the mistake: which known wrong implementation gives exactly what the student's code gave."""

from collections.abc import Iterable
from dataclasses import dataclass

from grader.core.compare.tensors import Tolerance, compare
from grader.core.judging.reference_data import Case, Failed
from grader.core.wire.values import Value


@dataclass(frozen=True)
class Evidence:
    """What one check showed of an output: its cases, and what the student's code gave in each."""

    cases: tuple[Case, ...]
    actual: tuple[Value | Failed, ...]
    tolerance: Tolerance


def known_mistake(evidence: Iterable[Evidence], names: Iterable[str]) -> str | None:
    """The first of the mistakes that agrees with the student on every case of an output and is wrong on some.

    `evidence` is that of all checks of one output; exceptions agree when their types do.
    """
    checks = tuple(evidence)
    return next((name for name in names if _explains(name, checks)), None)


def _explains(name: str, checks: tuple[Evidence, ...]) -> bool:
    wrong_somewhere = False
    for check in checks:
        for case, actual in zip(check.cases, check.actual, strict=True):
            mistaken = case.mistakes[name]
            if not same(mistaken, actual, check.tolerance):
                return False
            wrong_somewhere = wrong_somewhere or not same(case.expected, mistaken, check.tolerance)
    return wrong_somewhere


def same(expected: Value | Failed, actual: Value | Failed, tolerance: Tolerance) -> bool:
    """Two outputs agree: both failed in the same way, or their values are equal within the tolerance."""
    if isinstance(expected, Failed) or isinstance(actual, Failed):
        return expected == actual if isinstance(expected, Failed) and isinstance(actual, Failed) else False
    return compare(expected, actual, tolerance).mismatch is None
