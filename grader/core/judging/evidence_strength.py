"""The strength of evidence: how unlikely it is that an answer without any calculation agrees with a known mistake.

Numbers count by their digits: a number such as 0.7310585786 says much, 0 or 1 alone nothing, and zeros and ones in a
pattern something. A constant says nothing. An argument unchanged says something only for a mistake that agrees with
everything, and where it was to be changed in place, only if the function uses its arguments.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from math import isfinite, log2, nan
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.core.compare.tensors import as_tensor
from grader.core.judging.evidence import Evidence, Outcome
from grader.core.judging.reference_data import CallFailure, Case
from grader.core.wire.values import Value

Tensor = NDArray[np.float64]

_MAX_TENSORS: Final = 100
"""Tensors in one argument that a value is compared with."""
_MAX_NUMBERS: Final = 200
"""Numbers of one value that are counted."""
_SMALLEST: Final = 1e-8
"""Smaller numbers count as zero."""
_MANY_DIGITS_BITS: Final = 12
_INTEGER_BITS: Final = 6
_SMALL_INTEGER_BITS: Final = 3
_PLAIN_NUMBERS: Final = frozenset({0.0, 1.0, -1.0, 0.5, 2.0, 10.0})
"""Numbers that answers without a calculation have."""
_SPECIFIC_OPERATIONS: Final = ("attribute:", "truth:", "call:math.")
"""Operations that fail for one reason only, which the hint of a known mistake names."""
_PLAIN_OPERATIONS: Final = ("raise", "assert", "name:")
"""Operations by which code without a calculation fails."""


def is_specific_failure(outcome: Outcome) -> bool:
    """Tell whether a call failed at an operation that fails for one reason only."""
    return isinstance(outcome, CallFailure) and outcome.operation.startswith(_SPECIFIC_OPERATIONS)


def measure_strength(evidence: Sequence[Evidence], *, with_arguments: bool = False) -> float:
    """Return the strength, in bits, of evidence in which a student agrees with a known mistake.

    An argument that was returned unchanged counts only `with_arguments`.
    """
    triples = [(one, *pair) for one in evidence for pair in zip(one.cases, one.actual, strict=True)]
    failures = {actual for _, _, actual in triples if isinstance(actual, CallFailure)}
    bits = sum(_measure_failure(failure) for failure in failures)
    calculated = [
        tensor
        for one, case, actual in triples
        if not isinstance(actual, CallFailure)
        for tensor in _drop_arguments(case, actual, keep=with_arguments and (one.uses_arguments or not one.is_in_place))
    ]
    numbers = [number for tensor in calculated for number in _list_numbers(tensor)]
    different = set(numbers)
    if len(different) < 2:
        return bits + (_measure_number(numbers[0]) if len(numbers) == 1 else 0.0)
    plain = [number for number in numbers if not _measure_number(number)]
    kinds = len(set(plain))
    pattern = len(plain) * log2(kinds) if kinds > 1 and not _is_uniform(calculated) else 0.0
    return bits + sum(map(_measure_number, different)) + pattern


def _measure_failure(failure: CallFailure) -> float:
    if not failure.operation or failure.operation.startswith(_PLAIN_OPERATIONS):
        return 0.0
    if not failure.type:
        return _MANY_DIGITS_BITS if failure.operation.startswith("dict: ") else 0.0
    return _MANY_DIGITS_BITS


def _measure_number(number: float) -> float:
    if not isfinite(number) or number in _PLAIN_NUMBERS:
        return 0.0
    if number.is_integer() and abs(number) < 1000:
        return _SMALL_INTEGER_BITS if abs(number) <= 10 else _INTEGER_BITS
    return _MANY_DIGITS_BITS


def _is_uniform(tensors: Sequence[Tensor]) -> bool:
    """Tell whether every tensor consists of one number, so that none has a pattern."""
    return all(len(set(_list_numbers(tensor))) < 2 for tensor in tensors)


def _drop_arguments(case: Case, actual: Value, *, keep: bool) -> list[Tensor]:
    """Return the tensors in a value without those that are an argument, or lie in one, unchanged."""
    found = list(_list_tensors(actual))
    if keep:
        return found
    given = [tensor for arg in case.args for tensor in islice(_list_tensors(arg), _MAX_TENSORS)]
    return [one for one in found if not any(one.shape == arg.shape and np.array_equal(one, arg) for arg in given)]


def _list_tensors(value: Value) -> Iterator[Tensor]:
    """Yield the tensors of real numbers in a value."""
    if (tensor := _as_numbers(value)) is not None:
        yield tensor
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _list_tensors(item)


def _list_numbers(tensor: Tensor) -> Iterator[float]:
    yield from map(_round, tensor.ravel()[:_MAX_NUMBERS].tolist())


def _round(number: float) -> float:
    """Return a number with the digits that count, so that numbers within a tolerance are the same; there is one NaN."""
    if not isfinite(number):
        return nan if number != number else number
    return 0.0 if abs(number) < _SMALLEST else float(f"{number:.6g}")


def _as_numbers(value: Value) -> Tensor | None:
    """Return a value as a tensor of real numbers; None if it is none."""
    try:
        tensor: NDArray[Any] = as_tensor(value)
    except ValueError:
        return None
    return tensor.astype(np.float64) if tensor.dtype.kind in "biuf" else None
