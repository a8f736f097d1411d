"""A call is looked at: its value, what it raised, and some of its local variables at its end."""

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from grader.core.wire.observe import Observation, observe
from grader.core.wire.values import Value


def backward(x: float) -> float:
    """Has two local variables, of which a helper of the same makes one too."""

    def helper() -> float:
        delta = -1.0
        return delta * 1

    delta = x * 2
    delta += helper()
    gradient = delta + 1
    return gradient * 1


def test_the_value_comes_out() -> None:
    """Without wanted names there is the value alone."""
    assert observe(divmod, (7, 2)) == Observation((3, 1), {}, None)


def test_locals_are_those_at_the_return() -> None:
    """Wanted local variables have their last values, those of inner functions of the same name left aside."""
    observed = observe(backward, (3.0,), ["delta", "gradient", "nothing"])
    assert observed == Observation(6.0, {"delta": 5.0, "gradient": 6.0}, None)


def test_of_a_recursion_the_outermost_call_counts() -> None:
    """Where a function calls itself the wanted variables are those of the call that was made."""

    def factorial(n: int) -> int:
        below = factorial(n - 1) if n else 1
        return below * max(n, 1)

    assert observe(factorial, (4,), ["n", "below"]).locals == {"n": 4, "below": 6}


def test_variables_bound_before_an_exception_are_kept() -> None:
    """What a function had made before it raised is there beside the exception."""

    def raising(x: float) -> float:
        half = x / 2
        return half / 0

    observed = observe(raising, (1.0,), ("half",))
    assert observed.locals == {"half": 0.5}
    assert isinstance(observed.error, ZeroDivisionError)
    assert observed.value is None


@pytest.mark.parametrize("wanted", [(), ("x",)])
@pytest.mark.parametrize("kind", [ValueError, SystemExit, KeyboardInterrupt, RecursionError])
def test_whatever_is_raised_is_kept(kind: type[BaseException], wanted: tuple[str, ...]) -> None:
    """Every exception, SystemExit included, is returned and not raised."""

    def raising() -> None:
        raise kind

    assert type(observe(raising, (), wanted).error) is kind


def test_what_is_no_function_is_called_all_the_same() -> None:
    """An object without code of its own has no local variables; a wrong number of arguments is an exception."""

    class Callable:
        def __call__(self, x: int) -> int:
            return x

    assert observe(Callable(), (1,), ["x"]) == Observation(1, {}, None)
    assert observe(len, ([],), ["x"]) == Observation(0, {}, None)
    assert isinstance(observe(backward, (), ["delta"]).error, TypeError)


@pytest.fixture
def profile() -> Iterator[Callable[[FrameType, str, Any], None]]:
    """A profile function that somebody else has set."""
    before = sys.getprofile()

    def profiling(frame: FrameType, event: str, argument: Any) -> None:
        """Looks at nothing."""

    sys.setprofile(profiling)
    yield profiling
    sys.setprofile(before)


@pytest.mark.parametrize("function", [backward, len])
def test_a_profile_of_others_is_put_back(function: Callable[..., Value], profile: Callable[..., None]) -> None:
    """Looking at local variables leaves a profiler that was there in its place, after an exception too."""
    observe(function, (2.0,), ["delta"])
    assert sys.getprofile() is profile
