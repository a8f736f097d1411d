"""Record the calls that a reference makes of other functions that an exercise asks for.

The reference runs with a namespace of its own, in which these functions record their calls; the course's module stays
as it is. A call counts as known only if its result follows from its arguments alone and both can be sent: not if it
changes an argument, or takes a function or a random generator.
"""

import copy
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import CodeType, FunctionType
from typing import Any, Final

import numpy as np

from grader.core.judging.recorded_methods import record_methods
from grader.core.judging.reference_data import CallFailure, compute_output
from grader.core.questions.checks import Output
from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.job import KnownCall
from grader.core.wire.values import Value

MAX_RECORDED_CALLS: Final = 500
"""Greatest number of calls that are recorded of one call of a reference."""
MAX_RECORDED_BYTES: Final = 2**19
"""Greatest size of their arguments and results together."""
_PLAIN: Final = (bool, int, float, complex, str, np.ndarray, np.generic)

References = Mapping[str, Callable[..., Value]]
"""References by the name that students give to the function."""


@dataclass(frozen=True)
class RecordedCalls:
    """The calls during one call of a reference: the names of the called functions, and the known calls.

    There are no known calls if they are too many or too large. `output` is the reference's own.
    """

    functions: frozenset[str]
    known: tuple[KnownCall, ...]
    output: Value | CallFailure


def find_named_functions(reference: Callable[..., Value], others: References) -> frozenset[str]:
    """Return the other functions that a reference, or a function of its module that it names, names in its text."""
    if not isinstance(reference, FunctionType):
        return frozenset()
    names = {id(function): name for name, function in others.items() if function is not reference}
    seen: dict[int, FunctionType] = {}
    waiting: list[object] = [reference]
    while waiting:
        function = waiting.pop()
        if isinstance(function, FunctionType) and id(function) not in seen:
            seen[id(function)] = function
            if function.__globals__ is reference.__globals__:
                waiting += [reference.__globals__.get(name) for name in _list_names(function.__code__)]
    return frozenset(names[one] for one in seen if one in names)


def _list_names(code: CodeType) -> Iterator[str]:
    """Yield the names that a function uses and doesn't bind, also in the functions within it."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _list_names(inner)


def record_calls(
    reference: Callable[..., Value], others: References, args: tuple[Value, ...], output: Output
) -> RecordedCalls:
    """Call a reference with copies of these arguments, and record its calls of the others."""
    recorder = CallRecorder()
    if isinstance(reference, type):
        rebuilt: Callable[..., Value] = record_methods(reference, others, recorder.wrap)
    else:
        rebuilt = _rebuild_in_namespace(reference, others, recorder)
    result = compute_output(rebuilt, args, output)
    known = () if recorder.is_full else tuple(recorder.known)
    return RecordedCalls(frozenset(recorder.functions), known, result)


class CallRecorder:
    """Collects calls until there are too many."""

    def __init__(self) -> None:
        self.functions: set[str] = set()
        self.known: list[KnownCall] = []
        self.is_full = False
        self._left = MAX_RECORDED_BYTES

    def wrap(self, name: str, function: Callable[..., Value]) -> Callable[..., Value]:
        """Return the function with its calls recorded."""

        parameters, defaults = _list_parameters(function)

        def record(*args: Value, **kwargs: Value) -> Value:
            self.functions.add(name)
            before = None if self.is_full else _copy_plain(_order_arguments(function, args, kwargs))
            result = function(*args, **kwargs)
            if before is not None and _is_same(before, _copy_plain(_order_arguments(function, args, kwargs))):
                self._add(KnownCall(name, before, result, parameters, defaults))
            return result

        return record

    def _add(self, known: KnownCall) -> None:
        """Add a call with a copy of its result, if this can be sent as it is."""
        result = _copy_plain((known.result,))
        if result is None:
            return
        self._left -= len(encode((known.args, result), 2 * MAX_RECORDED_BYTES))
        self.is_full = self.is_full or self._left < 0 or len(self.known) >= MAX_RECORDED_CALLS
        self.known.append(replace(known, result=result[0]))


def _rebuild_in_namespace(
    reference: Callable[..., Value], others: References, recorder: CallRecorder
) -> Callable[..., Value]:
    """Return a copy of the reference whose module's functions, itself included, have a namespace of their own."""
    if not isinstance(reference, FunctionType):
        return reference
    module = reference.__globals__
    namespace = dict(module)
    names = {id(function): name for name, function in others.items() if function is not reference}
    for name, value in module.items():
        if isinstance(value, FunctionType) and value.__globals__ is module:
            namespace[name] = _copy_function(value, namespace)
        if id(value) in names:
            namespace[name] = recorder.wrap(names[id(value)], namespace[name])
    return _copy_function(reference, namespace)


def _copy_function(function: FunctionType, namespace: dict[str, Any]) -> FunctionType:
    made = FunctionType(function.__code__, namespace, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = copy.copy(function.__kwdefaults__)
    return made


def _order_arguments(
    function: Callable[..., Value], args: tuple[Value, ...], kwargs: dict[str, Value]
) -> tuple[Value, ...] | None:
    """Return the arguments in the order of the parameters; None if they don't fit or one has a name and no place."""
    if not kwargs:
        return args
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return None
    return None if bound.kwargs else bound.args


def _list_parameters(function: Callable[..., Value]) -> tuple[tuple[str, ...], tuple[Value, ...]]:
    """Return the names of a function's parameters that have a place, and the defaults of the last ones.

    The defaults are left out if one of them can't be sent as it is.
    """
    found = inspect.signature(function).parameters.values()
    placed = [one for one in found if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    defaults = tuple(one.default for one in placed if one.default is not one.empty)
    return tuple(one.name for one in placed), _copy_plain(defaults) or ()


def _copy_plain(values: tuple[Value, ...] | None) -> tuple[Value, ...] | None:
    """Return a copy of values as the sandbox would get them; None if one of them can't be sent as it is."""
    try:
        if values is None or not _is_plain(values):
            return None
        copied: tuple[Value, ...] = decode(encode(values, MAX_RECORDED_BYTES))
    except ValueError:
        return None
    return copied if _is_plain(copied) else None


def _is_plain(value: Value) -> bool:
    """Tell whether a value consists of numbers, arrays, texts, None, lists, tuples and dicts."""
    if isinstance(value, dict):
        return all(map(_is_plain, (*value.keys(), *value.values())))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, _PLAIN)


def _is_same(before: tuple[Value, ...], after: tuple[Value, ...] | None) -> bool:
    return after is not None and encode(before, MAX_RECORDED_BYTES) == encode(after, MAX_RECORDED_BYTES)
