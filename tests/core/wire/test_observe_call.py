"""A call is observed: its value, its exception, and some of its local variables at its end."""

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import numpy as np
import pytest

from grader.core.wire.lazy_values import MAX_GENERATED_ITEMS
from grader.core.wire.observe_call import Observation, observe
from grader.core.wire.values import Code, Seed, Value


def backward(x: float) -> float:
    """Assign two local variables, one of which a helper function has, too."""

    def helper() -> float:
        delta = -1.0
        return delta * 1

    delta = x * 2
    delta += helper()
    gradient = delta + 1
    return gradient * 1


def test_the_value_is_observed() -> None:
    """Without wanted names, only the value is observed."""
    assert observe(divmod, (7, 2)) == Observation((3, 1), (7, 2), (), {}, None)


def test_locals_are_those_at_the_return() -> None:
    """Wanted local variables have their last values; inner functions' variables of the same name don't count."""
    observed = observe(backward, (3.0,), ["delta", "gradient", "nothing"])
    assert observed == Observation(6.0, (3.0,), (), {"delta": 5.0, "gradient": 6.0}, None)


def test_the_outermost_call_of_a_recursion_counts() -> None:
    """If a function calls itself, the wanted variables are those of the outermost call."""

    def factorial(n: int) -> int:
        below = factorial(n - 1) if n else 1
        return below * max(n, 1)

    assert observe(factorial, (4,), ["n", "below"]).locals == {"n": 4, "below": 6}


def test_variables_bound_before_an_exception_are_kept() -> None:
    """Variables that a function assigned before it raised are observed with the exception."""

    def raising(x: float) -> float:
        half = x / 2
        return half / 0

    observed = observe(raising, (1.0,), ("half",))
    assert observed.locals == {"half": 0.5}
    assert isinstance(observed.error, ZeroDivisionError)
    assert observed.value is None


@pytest.mark.parametrize("wanted", [(), ("x",)])
@pytest.mark.parametrize("kind", [ValueError, SystemExit, KeyboardInterrupt, RecursionError])
def test_every_exception_is_returned(kind: type[BaseException], wanted: tuple[str, ...]) -> None:
    """Every exception, SystemExit included, is returned and not raised."""

    def raising() -> None:
        raise kind

    assert type(observe(raising, (), wanted).error) is kind


def test_other_callables_are_called() -> None:
    """An object without code of its own has no local variables; a wrong number of arguments is an exception."""

    class Callable:
        def __call__(self, x: int) -> int:
            return x

    assert observe(Callable(), (1,), ["x"]) == Observation(1, (1,), (), {}, None)
    assert observe(len, ([],), ["x"]) == Observation(0, ([],), (), {}, None)
    assert isinstance(observe(backward, (), ["delta"]).error, TypeError)


def test_expressions_and_seeds_are_materialized() -> None:
    """An author's expression is evaluated and a seed becomes its generator before the function is called."""
    observed = observe(lambda f, rng: f(rng.normal()), (Code("np.square"), Seed(7)))
    assert observed.value == np.random.default_rng(7).normal() ** 2
    assert observed.arguments[0] is np.square


LAZY: list[Callable[[], Any]] = [
    lambda: (x for x in (1, 2)),
    lambda: map(abs, (1, -2)),
    lambda: filter(None, (1, 0, 2)),
    lambda: range(1, 3),
    lambda: {1: 3, 2: 4}.keys(),
    lambda: {3: 1, 4: 2}.values(),
]


@pytest.mark.parametrize("function", LAZY)
def test_lazy_values_are_drained(function: Callable[[], Any]) -> None:
    """A generator, a map, a filter, a range or a dict's view is returned as the list of its items."""
    assert observe(function, ()).value == [1, 2]


def test_draining_ends() -> None:
    """Items are taken up to a limit; an exception while taking one is the call's exception."""
    assert observe(lambda: iter_forever(), ()).value == [1] * MAX_GENERATED_ITEMS
    late = observe(lambda: map(int, ("a",)), ())
    assert (late.value, type(late.error)) == (None, ValueError)


def iter_forever() -> Iterator[int]:
    """Yield 1 without end."""
    while True:
        yield 1


def put(array: Any, index: int, item: object) -> None:
    """Change one item in place."""
    array[index] = item


@pytest.mark.parametrize(
    ("array", "item"),
    [(np.zeros(3000), 1.0), (np.full(3000, np.nan), 0.0), (np.zeros(3000, np.float32), np.nan), ([0] * 3000, 1)],
)
def test_a_change_in_place_is_seen_anywhere(array: Any, item: float) -> None:
    """One changed item in the middle of a long array or list is seen; an array with NaN that stays is no change."""
    assert observe(put, (array, 1500, item)).changed_arguments == (0,)
    assert observe(len, (np.array([np.nan, 1.0]),)).changed_arguments == ()


@pytest.fixture
def profile() -> Iterator[Callable[[FrameType, str, Any], None]]:
    """Return a profile function that other code has set."""
    before = sys.getprofile()

    def profiling(frame: FrameType, event: str, argument: Any) -> None:
        """Do nothing."""

    sys.setprofile(profiling)
    yield profiling
    sys.setprofile(before)


@pytest.mark.parametrize("function", [backward, len])
def test_an_existing_profiler_is_restored(function: Callable[..., Value], profile: Callable[..., None]) -> None:
    """Observing local variables restores an existing profiler, even after an exception."""
    observe(function, (2.0,), ["delta"])
    assert sys.getprofile() is profile


@pytest.mark.parametrize("wanted", [[], ["lazy"]])
def test_a_students_trace_function_ends_with_the_call(wanted: list[str]) -> None:
    """A trace function that the observed function sets raises neither in the observation nor afterwards."""

    def raising(*event: object) -> None:
        raise ZeroDivisionError

    def tracing(x: int) -> Any:
        lazy = range(x)
        sys.settrace(raising)
        return lazy

    before = sys.gettrace()
    observed = observe(tracing, (3,), wanted)
    assert (observed.value, observed.error, sys.gettrace()) == ([0, 1, 2], None, before)
