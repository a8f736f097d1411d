"""The work of a call: the same numbers each time, and large ones for what takes long."""

from typing import Any

import numpy as np

from grader.core.wire.measure_work import MAX_MEASURED_WORK, estimate_work, measure_call


def define(source: str) -> Any:
    """Return the function `f` of a program."""
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    return namespace["f"]


def test_a_small_call_is_little_work() -> None:
    """A formula of two lines is two lines of work, each time."""
    softmax = define("def f(u):\n    e = np.exp(u)\n    return e / e.sum()")
    assert [measure_call(softmax, [np.ones(4)])[0] for _ in range(2)] == [2, 2]
    assert measure_call(softmax, [np.ones(4)])[1] < 50


def test_large_arrays_are_much_work() -> None:
    """Arrays that are dropped again count too: it takes seconds to multiply matrices of this size."""
    lines, units = measure_call(define("def f(x):\n    return np.empty((3000, 3000)).size + x"), [1.0])
    assert lines == 1
    assert units > MAX_MEASURED_WORK


def test_what_runs_too_long_is_stopped() -> None:
    """An endless loop is measured up to a limit, and nothing more is measured after it."""
    first = measure_call(define("def f():\n    while True:\n        pass"), [])
    assert first[0] == MAX_MEASURED_WORK + 1
    assert measure_call(define("def f():\n    return 1 / 0"), [], [first]) == (0, 0)


def test_a_call_that_raises_is_measured() -> None:
    """The lines before an exception count."""
    assert measure_call(define("def f(x):\n    x = x + 1\n    raise ValueError(x)"), [1])[0] == 2


def test_estimate() -> None:
    """A million numbers of 8 bytes are as much as a product of matrices of 1000 rows: 10 ** 9 steps."""
    assert estimate_work(3, 8 * 10**6) == 3 * (1 + 10**9 // (5 * 10**4))
    assert estimate_work(7, 0) == 7
