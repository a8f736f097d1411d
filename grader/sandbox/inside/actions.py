"""Performs one request: calls, reads and parses in the student's namespace, with values as the answer."""

import itertools
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from grader.core.wire.encode import encode
from grader.core.wire.normalize_source import normalize_source
from grader.core.wire.observe import observe
from grader.core.wire.values import Code, Opaque, Seed, Value
from grader.sandbox.inside import tracebacks
from grader.sandbox.inside.cells import CellRunner
from grader.sandbox.inside.substitution import SubstituteTensors

MAX_GENERATED_ITEMS: Final = 10_000
"""Maximum number of items that are taken from a generator."""
MAX_WARNINGS: Final = 5
_LAZY_TYPES: Final[tuple[type, ...]] = (
    types.GeneratorType,
    zip,
    map,
    filter,
    enumerate,
    range,
    type({}.values()),
    type({}.keys()),
    type({}.items()),
)
_MUTABLE_BYTES: Final = 64 * 2**20
MAX_PARSED_TEXTS: Final = 100
"""Maximum number of texts of a list that are parsed."""
_MAX_NESTING: Final = 4  # nesting levels that are searched for sets


def perform(actions: Sequence[Any], cells: CellRunner) -> dict[str, Any]:
    """Return the results of a request's actions in order, and numpy's warnings; empty entries are left out.

    Warnings neither raise nor are silenced, whatever the cells have set (`np.seterr(all="raise")`). A value too small
    for a float becomes 0 without a warning, as in numpy by default.
    """
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        returned: list[dict[str, Any]] = []
        for action in actions:
            returned.append(_ACTION_HANDLERS[action["do"]](action, cells, returned))
    texts = dict.fromkeys(str(w.message)[:200] for w in caught[:100] if issubclass(w.category, RuntimeWarning))
    answer: dict[str, Any] = {"returned": returned}
    if texts:
        answer["warnings"] = list(texts)[:MAX_WARNINGS]
    return answer


def build_failed_answer(actions: Sequence[Any], error: BaseException) -> dict[str, Any]:
    """Return the answer to a request that could not be performed to the end."""
    return {"returned": [{"raised": tracebacks.describe_exception(error)}] * len(actions)}


def replace_unsendable(answer: dict[str, Any]) -> None:
    """Replace every value of an answer that can't be sent (nested too deep, too many items) by its type's name."""
    for item in answer.get("returned", ()):
        for holder, keys in ((item, ["value"]), (item.get("locals", {}), list(item.get("locals", {})))):
            holder.update((key, _make_sendable(holder[key])) for key in keys if key in holder)
        if "arguments" in item:
            item["arguments"] = tuple(map(_make_sendable, item["arguments"]))


def _make_sendable(value: Value) -> Value:
    try:
        encode(value, _MUTABLE_BYTES)
    except ValueError:
        return Opaque(type(value).__name__)
    return value


def _call(action: Mapping[str, Any], cells: CellRunner, earlier: Sequence[dict[str, Any]]) -> dict[str, Any]:
    try:
        function = _look_up(cells.namespace.get(action["function"]), action["path"])
    except BaseException:  # the item is missing, or a container of the student's own raises
        function = None
    if not callable(function):
        return _report_missing(action["function"], cells)
    args = [_materialize_argument(arg) for arg in action["args"]]
    if (failure := _fill_given_arguments(action["given"], earlier, args)) is not None:
        return {"value": None, "arguments": tuple(args), **failure}
    before = [_take_fingerprint(arg) for arg in args]
    cells.reset_met_blank()
    tensors = SubstituteTensors(action["function"], action.get("set_right", {}))
    cells.set_substitutes(tensors)
    observed = observe(function, args, action["locals"])
    value, failed_late = _drain(observed.value)
    error = observed.error or failed_late
    cells.set_substitutes({})
    answer: dict[str, Any] = {"value": value}
    if observed.locals:
        answer["locals"] = dict(observed.locals)
    if place := cells.find_met_blank():
        answer["raised"] = tracebacks.describe_blank(place)
    elif error is not None:
        answer["raised"] = tracebacks.describe_exception(error)
    if changed := [i for i, (arg, old) in enumerate(zip(args, before, strict=True)) if _take_fingerprint(arg) != old]:
        answer["changed"] = changed
    if action["arguments"]:
        answer["arguments"] = tuple(args)
    if tensors:
        answer["set_right"] = list(tensors.used_labels)
    return answer


def _fill_given_arguments(
    given: Mapping[int, tuple[int, Sequence[Any]]], earlier: Sequence[dict[str, Any]], args: list[Any]
) -> dict[str, Any] | None:
    """Insert results of earlier actions into the arguments; return the failure if one is missing."""
    for position, (number, path) in given.items():
        result = earlier[number]
        for reason in ("missing", "raised"):
            if reason in result:
                return {key: result[key] for key in (reason, "blank") if key in result}
        try:
            item = _look_up(result["value"], path)
        except BaseException as error:  # the result has no such item
            return {"raised": tracebacks.describe_exception(error)}
        args[position] = item.copy() if type(item) is np.ndarray else item
    return None


def _look_up(value: Any, path: Sequence[str | int]) -> Any:
    """Return the item at this path of keys. Raises whatever the container raises."""
    for key in path:
        value = value[key]
    return value


def _drain(value: Any) -> tuple[Any, BaseException | None]:
    """Return a generator's items, up to a limit; any other value unchanged."""
    if not isinstance(value, _LAZY_TYPES):
        return value, None
    items: Any = value
    try:
        return list(itertools.islice(items, MAX_GENERATED_ITEMS)), None
    except BaseException as error:
        return None, error


def _materialize_argument(arg: Value) -> Any:
    """Return an argument as the function gets it: an author's expression evaluated, a seed as a generator."""
    if isinstance(arg, Seed):
        return np.random.default_rng(arg.number)
    return eval(arg.expression, {"np": np}) if isinstance(arg, Code) else arg


def _take_fingerprint(arg: Value) -> object:
    """Return a fingerprint of an argument that could be changed in place; None for any other argument."""
    if not hasattr(arg, "__setitem__"):
        return None
    if type(arg) is np.ndarray and arg.dtype.kind in "biufc":
        return arg.shape, arg.dtype.str, arg.tobytes() if arg.nbytes <= _MUTABLE_BYTES else b""
    try:
        return encode(arg, _MUTABLE_BYTES)
    except ValueError:
        return b""


def _read(action: Mapping[str, Any], cells: CellRunner, _: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Read a variable; sets, which can't be sent, become lists."""
    name = action["name"]
    if name not in cells.namespace:
        return _report_missing(name, cells)
    value = cells.namespace[name]
    try:
        return {"value": _convert_to_lists(value, _MAX_NESTING)}
    except BaseException:  # a container of the student's own that raises
        return {"value": value}


def _convert_to_lists(value: Any, depth: int) -> Any:
    """Return the value with sets, generators and text arrays as lists, and dicts copied where that may be needed."""
    if isinstance(value, set | frozenset):
        return list(value)
    if isinstance(value, _LAZY_TYPES):
        return list(itertools.islice(value, MAX_GENERATED_ITEMS))  # type: ignore[call-overload]  # all these types can be iterated
    if isinstance(value, np.ndarray) and value.dtype.kind in "UO" and value.size <= MAX_GENERATED_ITEMS:
        return _convert_to_lists(value.tolist(), depth - 1) if depth else value
    if depth and isinstance(value, dict) and len(value) <= MAX_GENERATED_ITEMS:
        return {key: _convert_to_lists(item, depth - 1) for key, item in dict.items(value)}
    if depth and type(value) in (list, tuple) and len(value) <= MAX_GENERATED_ITEMS:
        return type(value)(_convert_to_lists(item, depth - 1) for item in value)
    return value


def _parse(action: Mapping[str, Any], cells: CellRunner, earlier: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a variable's text in its normal form, or the error in it; other values are returned unchanged.

    For a list of texts, return the same for each of them.
    """
    found = _read(action, cells, earlier)
    value = found.get("value")
    try:
        if isinstance(value, str):
            return {"value": normalize_source(value)}
        if isinstance(value, list | tuple) and len(value) <= MAX_PARSED_TEXTS:
            return {"value": [normalize_source(item) if isinstance(item, str) else item for item in value]}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"value": None, "raised": tracebacks.describe_exception(error)}
    return found


def _report_missing(name: str, cells: CellRunner) -> dict[str, Any]:
    return {"missing": name, "blank": name in cells.blanks}


_ACTION_HANDLERS: Final[
    Mapping[str, Callable[[Mapping[str, Any], CellRunner, Sequence[dict[str, Any]]], dict[str, Any]]]
] = {
    "call": _call,
    "read": _read,
    "parse": _parse,
}
