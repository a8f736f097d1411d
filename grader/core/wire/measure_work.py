"""The work of a call in numbers that are the same on every machine: lines that ran, and bytes that were in use."""

import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from math import isqrt
from typing import Any, Final

from grader.core.wire.line_limit import LineLimit
from grader.core.wire.observe_call import observe
from grader.core.wire.values import Value

MAX_MEASURED_WORK: Final = 250_000
"""Work beyond which nothing more is measured, and number of lines after which a measured call is stopped."""
_BYTES_PER_NUMBER: Final = 8
_OPERATIONS_PER_UNIT: Final = 50_000


Work = tuple[int, int]
"""Lines of a function's own namespace, and an estimate of the microseconds that a call takes at most."""


def measure_call(function: Callable[..., Any], args: Sequence[Value], earlier: Iterable[Work] = ()) -> Work:
    """Return the work of a call; nothing if the earlier calls were too much already."""
    if sum(units for _, units in earlier) > MAX_MEASURED_WORK:
        return 0, 0
    limit = LineLimit(getattr(function, "__globals__", {}), MAX_MEASURED_WORK)
    tracemalloc.start(1)
    try:
        with limit.counting():
            observe(function, args)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return limit.lines, estimate_work(limit.lines, peak)


def estimate_work(lines: int, peak: int) -> int:
    """Return about the microseconds of a call at most, which runs `lines` lines and holds up to `peak` bytes.

    Each line counts as one, and as a product of square matrices that fill the memory: N numbers take N ** 1.5 steps.
    """
    numbers = peak // _BYTES_PER_NUMBER
    return lines * (1 + numbers * isqrt(numbers) // _OPERATIONS_PER_UNIT)
