"""A limit of the lines that a student's code runs: a number that is the same on every machine, unlike seconds."""

import dis
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FrameType, FunctionType
from typing import Any, Final

_MAX_FUNCTIONS: Final = 100
_JUMPS_BACK: Final = frozenset(number for name, number in dis.opmap.items() if "JUMP_BACKWARD" in name)
_SETTRACE: Final = sys.settrace  # taken now, because students can replace names of `sys`


class TooManyLinesError(BaseException):
    """A call has run more lines than it may; no `except Exception` of the student's own catches it."""


class LineLimit:
    """Counts the lines that code of one namespace runs, over several calls; beyond `most` a call is stopped."""

    def __init__(self, namespace: Mapping[str, Any], most: int) -> None:
        self._namespace = namespace
        self._most = most
        self.lines = 0
        """Number of lines that ran so far, with the first one that was too many."""

    def begin(self) -> None:
        """Count from now on. The next call behind the limit is stopped at once."""
        _SETTRACE(self._trace_call)

    def end(self) -> None:
        """Count no more."""
        _SETTRACE(None)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count within this context."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    def _trace_call(self, frame: FrameType, _: str, __: Any) -> Any:
        return self._trace_line if frame.f_globals is self._namespace else None

    def _trace_line(self, _: FrameType, event: str, __: Any) -> Any:
        if event == "line":
            self.lines += 1
            if self.lines > self._most:
                raise TooManyLinesError(f"more than {self._most} lines ran")
        return self._trace_line


def may_repeat(function: FunctionType) -> bool:
    """Tell whether a function has a loop or calls itself, directly or by way of functions of the same namespace."""
    return _repeats(function, (), set())


def _repeats(function: FunctionType, callers: tuple[FunctionType, ...], seen: set[FunctionType]) -> bool:
    if function in callers or len(seen) > _MAX_FUNCTIONS:
        return True
    if function in seen:
        return False
    seen.add(function)
    called = (function.__globals__.get(name) for name in _list_names(function.__code__))
    return _has_loop(function.__code__) or any(
        _repeats(one, (*callers, function), seen)
        for one in called
        if type(one) is FunctionType and one.__globals__ is function.__globals__
    )


def _list_names(code: CodeType) -> list[str]:
    """Return the names that some code and the code nested in it looks up."""
    nested = (one for one in code.co_consts if type(one) is CodeType)
    return [*code.co_names, *(name for one in nested for name in _list_names(one))]


def _has_loop(code: CodeType) -> bool:
    return any(operation in _JUMPS_BACK for operation in code.co_code[::2]) or any(
        _has_loop(one) for one in code.co_consts if type(one) is CodeType
    )
