"""Call a function and observe its value, its arguments afterwards, local variables, and the exception.

It is used inside and outside the sandbox and in a notebook, so that references and students' functions are observed
in the same way.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

import numpy as np

from grader.core.wire.encode import encode
from grader.core.wire.lazy_values import drain
from grader.core.wire.play_steps import StepPlayer, find_global
from grader.core.wire.steps import Steps, find_steps
from grader.core.wire.values import Code, Seed, Value

MAX_COMPARED_BYTES: Final = 64 * 2**20
"""Maximum size of an argument that is compared with its content before the call, in bytes."""
_GETTRACE: Final = sys.gettrace  # taken now, because students can replace names of `sys`
_SETTRACE: Final = sys.settrace


@dataclass(frozen=True)
class Observation:
    """The outcome of one call.

    `arguments` are those that the function got, as they are afterwards, and `changed_arguments` the positions of
    those that were changed in place. `locals` holds the requested names
    that were bound when the function ended, by exception too. `player` is what performed the steps of a class.
    """

    value: Value
    arguments: tuple[Value, ...]
    changed_arguments: tuple[int, ...]
    locals: Mapping[str, Value]
    error: BaseException | None
    player: StepPlayer | None = None


def observe(
    function: Callable[..., Value],
    args: Sequence[Value],
    local_names: Iterable[str] = (),
    namespace: Mapping[str, Any] | None = None,
) -> Observation:
    """Call a function with these arguments; `Code` is evaluated, and `Seed` becomes a generator.

    If the first argument are steps, these are performed with a class in place of the function. `namespace` has the
    other global names that they use; without it, the class's file has them.

    The function gets these objects themselves, so callers pass copies. A lazy value is drained, up to a limit. Every
    exception of the function, SystemExit included, is returned as `error`.
    """
    made = tuple(materialize(arg) for arg in args)
    before = [_take_fingerprint(arg) for arg in made]
    trace = _GETTRACE()
    steps = find_steps(made)
    player = None
    if steps is None:
        value, found, error = _call(function, made, tuple(local_names))
    else:
        player = StepPlayer(steps, [function, *_find_named(steps, function, namespace)])
        value, found, error = _call(player.play, made[1:], ())
    _SETTRACE(trace)  # a trace function that the student has set must not run, and raise, in the calls below
    if error is None:
        value, error = _drain(value)
    changed = tuple(i for i, (arg, old) in enumerate(zip(made, before, strict=True)) if _take_fingerprint(arg) != old)
    return Observation(value, made, changed, found, error, player)


def _find_named(steps: Steps, function: object, namespace: Mapping[str, Any] | None) -> list[Any]:
    """Return what the steps' global names stand for, after the first. Raises LookupError or NameError."""
    names = steps.names[1:]
    return [find_global(function, name) if namespace is None else namespace[name] for name in names]


def materialize(arg: Value) -> Any:
    """Return an argument as the function gets it: an author's expression evaluated, a seed as a generator."""
    if type(arg) is Seed:
        return np.random.default_rng(arg.number)
    return eval(arg.expression, {"np": np}) if type(arg) is Code else arg


def _call(
    function: Callable[..., Value], args: tuple[Value, ...], names: tuple[str, ...]
) -> tuple[Value, dict[str, Value], BaseException | None]:
    """Return the value, the local variables of these names at the end, and the exception."""
    if not names:
        try:
            return function(*args), {}, None
        except BaseException as error:
            return None, {}, error
    code = getattr(function, "__code__", None)
    found: dict[str, Value] = {}

    def at_return(frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame.f_code is code:
            variables = frame.f_locals
            found.clear()
            found.update((name, variables[name]) for name in names if name in variables)

    previous = sys.getprofile()
    sys.setprofile(at_return)
    try:
        value = function(*args)
    except BaseException as error:
        return None, found, error
    finally:
        sys.setprofile(previous)
    return value, found, None


def _drain(value: Any) -> tuple[Any, BaseException | None]:
    """Return the items of a lazy value, up to a limit; any other value unchanged."""
    try:
        return drain(value), None
    except BaseException as error:
        return None, error


def _take_fingerprint(arg: Value) -> object:
    """Return a fingerprint of an argument that could be changed in place; None for any other argument."""
    if not hasattr(arg, "__setitem__"):
        return None
    if type(arg) is np.ndarray and arg.dtype.kind in "biufc":
        return arg.shape, arg.dtype.str, arg.tobytes() if arg.nbytes <= MAX_COMPARED_BYTES else b""
    try:
        return encode(arg, MAX_COMPARED_BYTES)
    except ValueError:
        return b""
