"""Calls a function and looks at what it did: its value, some of its local variables, the exception it raised.

Used on both sides of the wall, so that a reference and a student's function are looked at in the same way.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from grader.core.wire.values import Value


@dataclass(frozen=True)
class Observation:
    """What one call gave. `locals` holds the wanted names that were bound when the function ended, by exception too."""

    value: Value
    locals: Mapping[str, Value]
    error: BaseException | None


def observe(function: Callable[..., Value], args: Sequence[Value], wanted: Iterable[str] = ()) -> Observation:
    """Calls `function(*args)`. Everything it raises, SystemExit included, is returned as `error`."""
    names = tuple(wanted)
    if not names:
        try:
            return Observation(function(*args), {}, None)
        except BaseException as error:
            return Observation(None, {}, error)
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
        return Observation(None, found, error)
    finally:
        sys.setprofile(previous)
    return Observation(value, found, None)
