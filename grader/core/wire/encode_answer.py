"""Encode the answer to a request: within its limit, and with names of types in place of what can't be sent."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from grader.core.wire.encode import encode
from grader.core.wire.values import InvalidValueError, Opaque, Value, ValueTooLargeError

_MAX_VALUE_BYTES: Final = 64 * 2**20
_VALUE_FIELDS: Final = ("value", "arguments", "locals", "by_role", "unreturned")


def encode_answer(answer: dict[str, Value], limit: int, overhead: int) -> bytes:
    """Encode an answer with at most `limit` bytes of values, or else a message with their number.

    `overhead` bytes are allowed beside the values: names, lines, printed text. A value that can't be sent is replaced
    by the name of its type.
    """
    most = limit + overhead
    try:
        data = _encode_sendable(answer, most)
        if len(data) > limit and _estimate_values_size(answer) > limit:
            raise ValueTooLargeError(limit)
    except ValueTooLargeError:
        return encode({"too_large": _estimate_values_size(answer)}, most)
    return data


def _encode_sendable(answer: dict[str, Value], limit: int) -> bytes:
    try:
        return encode(answer, limit)
    except ValueTooLargeError:
        raise
    except InvalidValueError:
        replace_unsendable(answer)
        return encode(answer, limit)


def replace_unsendable(answer: dict[str, Any]) -> None:
    """Replace every value of an answer that can't be sent (nested too deep, too many items) by its type's name."""
    for item in answer.get("returned", ()):
        holders: Iterable[dict[str, Any]] = (item, item.get("locals", {}))
        for holder, keys in zip(holders, (["value", "unreturned"], list(item.get("locals", {}))), strict=True):
            holder.update((key, _make_sendable(holder[key])) for key in keys if key in holder)
        if "by_role" in item:
            item["by_role"] = {key: (name, _make_sendable(one)) for key, (name, one) in item["by_role"].items()}
        if "arguments" in item:
            item["arguments"] = tuple(map(_make_sendable, item["arguments"]))


def _make_sendable(value: Value) -> Value:
    try:
        encode(value, _MAX_VALUE_BYTES)
    except ValueError:
        return Opaque(type(value).__name__)
    return value


def _estimate_values_size(answer: dict[str, Value]) -> int:
    """Estimate the size of an answer's values in bytes."""
    results = answer.get("returned", ())
    return sum(_estimate_size(result[kind]) for result in results for kind in _VALUE_FIELDS if kind in result)


def _estimate_size(value: Value, depth: int = 6) -> int:
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, str):
        return len(value)
    if depth and isinstance(value, dict):
        return sum(_estimate_size(item, depth - 1) for item in value.values())
    if depth and isinstance(value, list | tuple):
        return sum(_estimate_size(item, depth - 1) for item in value)
    return 9
