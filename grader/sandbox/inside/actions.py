"""One request: calls, reads and parses in the student's namespace, and values as the answer."""

import ast
import itertools
import types
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

from grader.core.observe import observe
from grader.core.values import Code, Opaque, Seed, Value, encode
from grader.sandbox.inside import blame

MAX_DRAWN = 10_000
MAX_WARNINGS = 5
MAX_TEXT = 20_000
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
_MUTABLE_BYTES = 64 * 2**20


def perform(actions: Sequence[Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """The answers to a request's actions in order, and what numpy warned of meanwhile."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        returned = [_KINDS[action["do"]](action, namespace) for action in actions]
    texts = dict.fromkeys(str(w.message)[:200] for w in caught[:100] if issubclass(w.category, RuntimeWarning))
    return {"returned": returned, "warnings": list(texts)[:MAX_WARNINGS]}


def _call(action: Mapping[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    function = namespace.get(action["function"])
    if not callable(function):
        return {"missing": action["function"]}
    args = [_made(arg) for arg in action["args"]]
    before = [_fingerprint(arg) for arg in args]
    observed = observe(function, args, action["locals"])
    value: Value = observed.value
    error = observed.error
    if error is None and isinstance(value, _LAZY):
        try:
            value = list(itertools.islice(value, MAX_DRAWN))
        except BaseException as late:
            value, error = None, late
    answer: dict[str, Any] = {"value": value, "locals": dict(observed.locals)}
    if error is not None:
        answer["raised"] = blame.raised(error)
    answer["changed"] = [i for i, (arg, old) in enumerate(zip(args, before, strict=True)) if _fingerprint(arg) != old]
    if action["arguments"]:
        answer["arguments"] = tuple(args)
    return answer


def _made(arg: Value) -> Value:
    """An argument as the function gets it: an author's snippet evaluated, a seed as a generator."""
    if isinstance(arg, Code | Seed):
        import numpy as np

        return np.random.default_rng(arg.number) if isinstance(arg, Seed) else eval(arg.expression, {"np": np})
    return arg


def _fingerprint(arg: Value) -> bytes | None:
    """The bytes of an argument that could be changed in place; None of the others."""
    if not hasattr(arg, "__setitem__"):
        return None
    try:
        return encode(arg, _MUTABLE_BYTES)
    except ValueError:
        return b""


def _read(action: Mapping[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    name = action["name"]
    return {"value": namespace[name]} if name in namespace else {"missing": name}


def _parse(action: Mapping[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """A variable's text as the dump of its syntax tree: spacing, quotes and comments don't count."""
    found = _read(action, namespace)
    text = found.get("value")
    if "missing" in found or not isinstance(text, str):
        return {**found, "value": Opaque(type(text).__name__)} if "missing" not in found else found
    try:
        return {"value": ast.dump(ast.parse(text.strip()[:MAX_TEXT]))}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"value": None, "raised": blame.raised(error)}


_KINDS = {"call": _call, "read": _read, "parse": _parse}
