"""One request: calls, reads and parses in the student's namespace, and values as the answer."""

import itertools
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from grader.core.normal import normal_form
from grader.core.observe import observe
from grader.core.values import Code, Opaque, Seed, Value, encode
from grader.sandbox.inside import blame
from grader.sandbox.inside.cells import Cells

MAX_DRAWN: Final = 10_000
"""Items that are taken out of a generator."""
MAX_WARNINGS: Final = 5
_LAZY: Final[tuple[type, ...]] = (
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


def perform(actions: Sequence[Any], cells: Cells) -> dict[str, Any]:
    """The answers to a request's actions in order, and what numpy warned of meanwhile.

    Warnings neither raise nor are silenced, whatever the cells have set (`np.seterr(all="raise")`).
    """
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn"):
        warnings.simplefilter("always")
        returned = [_KINDS[action["do"]](action, cells) for action in actions]
    texts = dict.fromkeys(str(w.message)[:200] for w in caught[:100] if issubclass(w.category, RuntimeWarning))
    return {"returned": returned, "warnings": list(texts)[:MAX_WARNINGS]}


def failed(actions: Sequence[Any], error: BaseException) -> dict[str, Any]:
    """The answer where nothing could be performed to the end."""
    return {"returned": [{"raised": blame.raised(error)}] * len(actions), "warnings": []}


def without_strangers(answer: dict[str, Any]) -> None:
    """Replaces every value of an answer that can't be sent (nested too deep, too many items) by its type's name."""
    for item in answer.get("returned", ()):
        for holder, keys in ((item, ["value"]), (item.get("locals", {}), list(item.get("locals", {})))):
            holder.update((key, _sendable(holder[key])) for key in keys if key in holder)
        if "arguments" in item:
            item["arguments"] = tuple(map(_sendable, item["arguments"]))


def _sendable(value: Value) -> Value:
    try:
        encode(value, _MUTABLE_BYTES)
    except ValueError:
        return Opaque(type(value).__name__)
    return value


def _call(action: Mapping[str, Any], cells: Cells) -> dict[str, Any]:
    function = cells.namespace.get(action["function"])
    if not callable(function):
        return _missing(action["function"], cells)
    args = [_made(arg) for arg in action["args"]]
    before = [_fingerprint(arg) for arg in args]
    cells.meet_no_blank()
    observed = observe(function, args, action["locals"])
    value, error = _drained(observed.value)
    error = observed.error or error
    answer: dict[str, Any] = {"value": value, "locals": dict(observed.locals)}
    if place := cells.met_blank():
        answer["raised"] = blame.blank(place)
    elif error is not None:
        answer["raised"] = blame.raised(error)
    answer["changed"] = [i for i, (arg, old) in enumerate(zip(args, before, strict=True)) if _fingerprint(arg) != old]
    if action["arguments"]:
        answer["arguments"] = tuple(args)
    return answer


def _drained(value: Any) -> tuple[Any, BaseException | None]:
    """A generator's items, up to a bound; anything else as it is."""
    if not isinstance(value, _LAZY):
        return value, None
    items: Any = value
    try:
        return list(itertools.islice(items, MAX_DRAWN)), None
    except BaseException as error:
        return None, error


def _made(arg: Value) -> Any:
    """An argument as the function gets it: an author's expression evaluated, a seed as a generator."""
    if isinstance(arg, Seed):
        return np.random.default_rng(arg.number)
    return eval(arg.expression, {"np": np}) if isinstance(arg, Code) else arg


def _fingerprint(arg: Value) -> bytes | None:
    """The bytes of an argument that could be changed in place; None of the others."""
    if not hasattr(arg, "__setitem__"):
        return None
    try:
        return encode(arg, _MUTABLE_BYTES)
    except ValueError:
        return b""


def _read(action: Mapping[str, Any], cells: Cells) -> dict[str, Any]:
    name = action["name"]
    return {"value": cells.namespace[name]} if name in cells.namespace else _missing(name, cells)


def _parse(action: Mapping[str, Any], cells: Cells) -> dict[str, Any]:
    """A variable's text in its normal form, or what is wrong with it; what is no text stays what it is."""
    found = _read(action, cells)
    text = found.get("value")
    if not isinstance(text, str):
        return found
    try:
        return {"value": normal_form(text)}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"value": None, "raised": blame.raised(error)}


def _missing(name: str, cells: Cells) -> dict[str, Any]:
    return {"missing": name, "blank": name in cells.blanks}


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any], Cells], dict[str, Any]]]] = {
    "call": _call,
    "read": _read,
    "parse": _parse,
}
