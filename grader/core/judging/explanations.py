"""Find the relation of a wrong tensor to the expected one: transposed, negated, k times, one row off.

A relation is a fact, not a guess: it is reported only if it holds in every case, and for so many numbers that random
tensors would not satisfy it. Each test is exact up to the tolerance of the check.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.core.compare.tensors import Tolerance, as_tensor, format_number
from grader.core.judging.evidence import Evidence
from grader.core.judging.reference_data import CallFailure
from grader.core.results.reason import Relation
from grader.core.wire.steps import find_steps
from grader.core.wire.values import Value

Tensor = NDArray[np.float64]
MIN_AGREEING_NUMBERS: Final = 3
"""Least count of agreeing numbers, in addition to the free parameters of a relation."""


@dataclass(frozen=True)
class _Pair:
    """One case: the expected tensor, the actual one, and the tensors among the arguments."""

    expected: Tensor
    actual: Tensor
    args: tuple[Tensor | None, ...]
    tolerance: Tolerance

    def is_explained_by(self, explained: Tensor) -> bool:
        """Tell whether the actual tensor equals this one within the tolerance."""
        return explained.shape == self.actual.shape and bool(
            np.allclose(self.actual, explained, rtol=self.tolerance.rtol, atol=self.tolerance.atol, equal_nan=True)
        )

    @property
    def is_right(self) -> bool:
        """Whether the actual tensor is right."""
        return self.is_explained_by(self.expected)

    @property
    def sample_count(self) -> int:
        """N: the length of the first axis of the first argument with two axes; 1 if there is none."""
        return next((len(arg) for arg in self.args if arg is not None and arg.ndim >= 2), 1)


def find_relation(evidence: Iterable[Evidence], parameters: Sequence[str] = ()) -> Relation | None:
    """Return the relation that holds in every case of an output, including the right ones; None without one.

    `parameters` are the names of the arguments; without them, an argument is named by its number, from 1.
    """
    pairs = _list_pairs(evidence)
    if all(pair.is_right for pair in pairs):
        return None
    with np.errstate(all="ignore"):
        found = next((found for test in _TESTS if (found := test(pairs))), None)
    if found and found.kind == "input" and int(found.detail) <= len(parameters):
        return Relation("input", f"`{parameters[int(found.detail) - 1]}`")
    return found


def confirm_relation(relation: Relation, evidence: Iterable[Evidence]) -> bool:
    """Tell whether a relation that some checks show holds in every case of these checks."""
    pairs = _list_pairs(evidence)
    with np.errstate(all="ignore"):
        found = (test(pairs) for test in _TESTS) if pairs else ()
        kinds = [one.kind for one in found if one is not None]
    return relation.kind in kinds


def _list_pairs(evidence: Iterable[Evidence]) -> list[_Pair]:
    """Return all cases as pairs of tensors; none if a value isn't a tensor of real numbers."""
    pairs = []
    for check in evidence:
        for case, actual in zip(check.cases, check.actual, strict=True):
            case_pairs = _pairs(case.expected, actual, case.args, case.widen(check.tolerance))
            if not case_pairs:
                return []
            pairs += case_pairs
    return pairs


def _pairs(expected: Value, actual: Value | CallFailure, args: Sequence[Value], tolerance: Tolerance) -> list[_Pair]:
    """Return a case as pairs of tensors, a dict's key by key; none if a value isn't a tensor of real numbers."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict) or expected.keys() != actual.keys():
            return []
        parts = [_pairs(item, actual[key], args, tolerance) for key, item in expected.items()]
        return [pair for part in parts for pair in part] if all(parts) else []
    one, other = _tensor(expected), _tensor(actual)
    if one is None or other is None:
        return []
    steps = find_steps(tuple(args))
    counted = range(len(args)) if steps is None else steps.last_arguments
    tensors = (_tensor(arg) if position in counted else None for position, arg in enumerate(args))
    return [_Pair(one, other, tuple(tensors), tolerance)]


def _tensor(value: Any) -> Tensor | None:
    try:
        array = as_tensor(value)
    except ValueError:
        return None
    return array.astype(np.float64) if array.dtype.kind in "iuf" else None


def _is_explained(pairs: Sequence[_Pair], explained: Callable[[_Pair], Tensor | None]) -> bool:
    """Tell whether the relation gives the actual tensor in every case, with enough wrong numbers to support it."""
    numbers = 0
    for pair in pairs:
        made = explained(pair)
        if made is None or not pair.is_explained_by(made):
            return False
        if made.shape != pair.expected.shape:
            numbers += made.size
        else:
            tolerance = pair.tolerance
            numbers += int(np.sum(~np.isclose(made, pair.expected, rtol=tolerance.rtol, atol=tolerance.atol)))
    return numbers >= MIN_AGREEING_NUMBERS


def _make_test(kind: str, explained: Callable[[_Pair], Tensor | None]) -> Callable[[Sequence[_Pair]], Relation | None]:
    """Return the test of a relation without a free parameter."""
    return lambda pairs: Relation(kind) if _is_explained(pairs, explained) else None


def _test_scaled_by_samples(pairs: Sequence[_Pair]) -> Relation | None:
    """Test for a factor N or 1/N: a sum instead of a mean. Different batch sizes distinguish it from a constant."""
    if len({pair.sample_count for pair in pairs}) < 2:
        return None
    if _is_explained(pairs, lambda pair: pair.expected * pair.sample_count):
        return Relation("summed")
    return Relation("averaged") if _is_explained(pairs, lambda pair: pair.expected / pair.sample_count) else None


def _test_scaled(pairs: Sequence[_Pair]) -> Relation | None:
    """Test for one common factor."""
    factor = _measure_constant(pairs, lambda pair, at: pair.actual.ravel()[at] / pair.expected.ravel()[at])
    if factor is None or factor in (0.0, 1.0) or not _is_explained(pairs, lambda pair: pair.expected * factor):
        return None
    if all(np.max(np.abs(pair.expected * factor), initial=0.0) <= pair.tolerance.atol for pair in pairs):
        return None  # zeros would agree with it too
    return Relation("scaled", format_number(factor)) if _count_distinct_numbers(pairs) > MIN_AGREEING_NUMBERS else None


def _test_shifted(pairs: Sequence[_Pair]) -> Relation | None:
    """Test for one common added constant."""
    constant = _measure_constant(pairs, lambda pair, at: pair.actual.ravel()[at] - pair.expected.ravel()[at])
    if not constant or not _is_explained(pairs, lambda pair: pair.expected + constant):
        return None
    return (
        Relation("shifted", format_number(constant)) if _count_distinct_numbers(pairs) > MIN_AGREEING_NUMBERS else None
    )


def _count_distinct_numbers(pairs: Sequence[_Pair]) -> int:
    """Count the different expected numbers, because any relation holds for a constant tensor."""
    return len({float(value) for pair in pairs for value in pair.expected.ravel()[:100]})


def _measure_constant(pairs: Sequence[_Pair], measure: Callable[[_Pair, int], Any]) -> float | None:
    """Return a relation's free parameter, measured at the largest expected value; None if it can't be measured."""
    same = [p for p in pairs if p.expected.shape == p.actual.shape and p.expected.size]
    if len(same) < len(pairs):
        return None
    pair = max(same, key=lambda p: float(np.max(np.abs(p.expected))))
    value = float(measure(pair, int(np.argmax(np.abs(pair.expected)))))
    return value if np.isfinite(value) else None


def _test_input_returned(pairs: Sequence[_Pair]) -> Relation | None:
    """Test whether an argument is returned unchanged."""
    for position in range(max(len(pair.args) for pair in pairs)):

        def argument(pair: _Pair, at: int = position) -> Tensor | None:
            return pair.args[at] if at < len(pair.args) else None

        if _is_explained(pairs, argument):
            return Relation("input", str(position + 1))
    return None


def _test_stale(pairs: Sequence[_Pair]) -> Relation | None:
    """Test whether each result is the expected one of the previous call."""
    stale = all(now.is_explained_by(before.expected) for before, now in pairwise(pairs))
    numbers = sum(pair.expected.size for pair in pairs[1:] if not pair.is_right)
    return Relation("stale") if stale and numbers >= MIN_AGREEING_NUMBERS else None


def _test_inaccurate(pairs: Sequence[_Pair]) -> Relation | None:
    """Test whether all results are right within 0.1 %, but not within the tolerance."""
    for pair in pairs:
        scale = float(np.max(np.abs(pair.expected), initial=0.0))
        if pair.expected.shape != pair.actual.shape or not np.isfinite(pair.actual).all():
            return None
        if float(np.max(np.abs(pair.actual - pair.expected), initial=0.0)) > 1e-3 * scale:
            return None
    return Relation("inaccurate") if sum(pair.expected.size for pair in pairs) >= MIN_AGREEING_NUMBERS else None


def _test_permuted(pairs: Sequence[_Pair]) -> Relation | None:
    """Test whether the numbers are right, but in another order."""
    for pair in pairs:
        one, other = np.sort(pair.expected, axis=None), np.sort(pair.actual, axis=None)
        if one.shape != other.shape or not np.allclose(one, other, rtol=pair.tolerance.rtol, atol=pair.tolerance.atol):
            return None
    is_moved = any(not _is_in_order(pair) for pair in pairs)
    return Relation("permuted") if is_moved and _count_distinct_numbers(pairs) > MIN_AGREEING_NUMBERS else None


def _is_in_order(pair: _Pair) -> bool:
    """Tell whether the numbers follow each other as they should: only axes differ, if anything does."""
    tolerance = pair.tolerance
    return bool(np.allclose(pair.actual.ravel(), pair.expected.ravel(), rtol=tolerance.rtol, atol=tolerance.atol))


def _test_one_row(pairs: Sequence[_Pair]) -> Relation | None:
    """Test whether everything is right except one row, always the first or the last, of every batch."""
    wrong = [pair for pair in pairs if not pair.is_right]
    for name, at in (("first", 0), ("last", -1)):
        if all(pair.expected.ndim == 2 and len(pair.expected) > 2 and _is_right_but_row(pair, at) for pair in wrong):
            return (
                Relation("one_row", name) if sum(p.expected.size for p in wrong) >= 2 * MIN_AGREEING_NUMBERS else None
            )
    return None


def _is_right_but_row(pair: _Pair, at: int) -> bool:
    if pair.expected.shape != pair.actual.shape:
        return False
    corrected = pair.actual.copy()
    corrected[at] = pair.expected[at]
    return bool(np.allclose(corrected, pair.expected, rtol=pair.tolerance.rtol, atol=pair.tolerance.atol))


def _test_overflow(pairs: Sequence[_Pair]) -> Relation | None:
    """Test for NaN or infinity only where arguments are large. `detail` is the size from which on they occur."""
    wrong = [pair for pair in pairs if not pair.is_right]
    if any(pair.expected.shape != pair.actual.shape for pair in pairs):
        return None
    broken = [~np.isfinite(pair.actual) & np.isfinite(pair.expected) for pair in wrong]
    if not all(bad.any() for bad in broken):
        return None
    for pair, bad in zip(wrong, broken, strict=True):
        zeros = pair.actual == 0  # x / inf
        if not np.allclose(pair.actual[~bad & ~zeros], pair.expected[~bad & ~zeros], rtol=1e-6, atol=1e-8):
            return None
    size = min(_find_largest_argument(pair) for pair in wrong)
    largest_right = max((_find_largest_argument(pair) for pair in pairs if pair.is_right), default=0.0)
    # rounded to one digit, because the case may be a hidden check's
    return Relation("overflow", format_number(float(f"{size:.1g}"))) if size > max(largest_right, 50.0) else None


def _find_largest_argument(pair: _Pair) -> float:
    return max((float(np.max(np.abs(arg), initial=0.0)) for arg in pair.args if arg is not None), default=0.0)


def _roll_rows(by: int) -> Callable[[_Pair], Tensor | None]:
    return lambda pair: np.roll(pair.expected, by, axis=0) if pair.expected.ndim == 2 else None


def _test_other_normalization(pairs: Sequence[_Pair]) -> Relation | None:
    """Test whether columns, or the whole batch, sum to one instead of the rows."""
    two = [pair for pair in pairs if pair.expected.ndim == 2 and min(pair.expected.shape) > 1]
    if len(two) < 2 or any(pair.expected.shape != pair.actual.shape for pair in pairs):
        return None
    if not all(np.allclose(np.sum(pair.expected, axis=1), 1) for pair in two):
        return None
    if all(np.allclose(np.sum(pair.actual, axis=0), 1) for pair in two):
        return Relation("other_axis")
    return Relation("whole_batch") if all(np.isclose(np.sum(pair.actual), 1) for pair in two) else None


_TESTS: Final[tuple[Callable[[Sequence[_Pair]], Relation | None], ...]] = (
    _make_test("transposed", lambda pair: pair.expected.T),
    _make_test("negated", lambda pair: -pair.expected),
    _test_input_returned,
    _test_scaled_by_samples,
    _test_scaled,
    _test_shifted,
    _make_test("rows_reversed", lambda pair: pair.expected[::-1] if pair.expected.ndim else None),
    _make_test("columns_reversed", lambda pair: pair.expected[:, ::-1] if pair.expected.ndim == 2 else None),
    _make_test("one_row_late", _roll_rows(1)),
    _make_test("one_row_early", _roll_rows(-1)),
    _make_test("column", lambda pair: pair.expected[:, None] if pair.expected.ndim == 1 else None),
    _make_test("row", lambda pair: pair.expected[None, :] if pair.expected.ndim == 1 else None),
    _make_test("flattened", lambda pair: pair.expected.ravel() if pair.expected.ndim > 1 else None),
    _make_test("summed_rows", lambda pair: np.sum(pair.expected, axis=0) if pair.expected.ndim == 2 else None),
    _make_test("summed_columns", lambda pair: np.sum(pair.expected, axis=1) if pair.expected.ndim == 2 else None),
    _test_one_row,
    _test_stale,
    _test_overflow,
    _test_other_normalization,
    _test_inaccurate,
    _test_permuted,
)
