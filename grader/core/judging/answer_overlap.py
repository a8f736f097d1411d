"""Whether the result of one function could be handed in as the answer to a check of another, or as a part of it.

Such a result is never given to student code, which could return it without any calculation. Compared are all tensors
of both, within the check's tolerance, also in another shape or transposed, and as a run of consecutive numbers in the
larger one: a row, a stack, one tensor joined to another.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.core.compare.tensors import Tolerance, as_tensor, is_close
from grader.core.judging.case_mismatch import find_case_mismatch
from grader.core.judging.reference_data import Case
from grader.core.questions.checks import Check
from grader.core.wire.values import Value

Tensor = NDArray[Any]


def could_answer(result: Value, check: Check, case: Case, args: Sequence[Value] = ()) -> bool:
    """Tell whether a result could be the answer to one case of a check, or a part of this answer.

    What a result merely repeats of the arguments of its call, as a cache does, is no news: the caller had it before.
    """
    tolerance = case.widen(check.tolerance)
    given = [leaf for arg in args for leaf in _list_leaves(arg)]
    leaves = [leaf for leaf in _list_items(result) if not any(_is_same(leaf, one) for one in given)]
    if not leaves:
        return False
    if any(_overlap(one, other, tolerance) for one in _list_leaves(case.expected) for other in leaves):
        return True
    return check.holds is not None and _could_satisfy(result, leaves, check, case)


def _is_same(one: Value, other: Value) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return type(one) is type(other) and bool(one == other)
    return one.dtype == other.dtype and one.shape == other.shape and np.array_equal(one, other)


def _could_satisfy(result: Value, leaves: list[Value], check: Check, case: Case) -> bool:
    """Tell whether a result, or one of its tensors, has the property of a check; assumed if several are asked for."""
    try:
        shape = as_tensor(case.expected).shape
    except ValueError:
        return True
    tensors = [leaf for leaf in leaves if isinstance(leaf, np.ndarray)]
    reshaped = [tensor.reshape(shape) for tensor in tensors if tensor.size == np.prod(shape, dtype=int)]
    candidates: list[Value] = [result, *leaves, *reshaped]
    return any(find_case_mismatch(check, case, one, one).mismatch is None for one in candidates)


def _list_items(value: Value) -> Iterator[Value]:
    """Yield the tensors and texts of a result; arrays in a list or tuple one by one, even if they fit into one."""
    if isinstance(value, dict | list | tuple):
        items = list(value.values()) if isinstance(value, dict) else list(value)
        if any(isinstance(item, np.ndarray | dict | list | tuple | str) for item in items):
            for item in items:
                yield from _list_items(item)
            return
    yield from _list_leaves(value)


def _list_leaves(value: Value) -> Iterator[Value]:
    """Yield the tensors of a value, and its texts; a list of numbers is one tensor."""
    try:
        yield as_tensor(value)
    except ValueError:
        if isinstance(value, dict | list | tuple):
            for item in value.values() if isinstance(value, dict) else value:
                yield from _list_leaves(item)
        elif isinstance(value, str):
            yield value


def _overlap(expected: Value, actual: Value, tolerance: Tolerance) -> bool:
    if isinstance(expected, str) or isinstance(actual, str):
        return type(expected) is type(actual) and bool(expected == actual)
    tolerance = tolerance.for_dtype(expected.dtype).for_answer(actual.dtype)
    if expected.size == 1 < actual.size:  # one number of many is a choice, which is a calculation
        return False
    orders = [(one, other) for one in _list_orders(expected) for other in _list_orders(actual)]
    return any(_is_run(one, other, tolerance) for one, other in orders)


def _list_orders(tensor: Tensor) -> list[Tensor]:
    """Return the numbers of a tensor row by row and, if it has several axes, column by column."""
    return [tensor.ravel(), tensor.ravel(order="F")] if tensor.ndim > 1 else [tensor.ravel()]


def _is_run(expected: Tensor, actual: Tensor, tolerance: Tolerance) -> bool:
    """Tell whether the shorter sequence is a run of consecutive numbers of the longer one."""
    length = min(expected.size, actual.size)
    if not length:
        return expected.size == actual.size
    starts = range(max(expected.size, actual.size) - length + 1)
    if expected.size > actual.size:
        first = is_close(expected[: len(starts)], actual[:1], tolerance)
        runs = ((expected[i : i + length], actual) for i in np.flatnonzero(first))
    else:
        first = is_close(expected[:1], actual[: len(starts)], tolerance)
        runs = ((expected, actual[i : i + length]) for i in np.flatnonzero(first))
    return any(bool(is_close(one, other, tolerance).all()) for one, other in runs)
