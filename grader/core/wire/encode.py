"""Encode a value as bytes, in the layout that `grader.core.wire.values` describes."""

import struct
from typing import Any, Final

import numpy as np

from grader.core.wire.steps import Steps
from grader.core.wire.values import (
    DTYPES,
    INTERNED_STRINGS,
    MAX_DEPTH,
    MAX_DICT_ENTRIES,
    MAX_DIMENSIONS,
    MAX_INT_DIGITS,
    MAX_ITEMS,
    MAX_TYPE_NAME_CHARS,
    Code,
    InvalidValueError,
    Opaque,
    Seed,
    Value,
    ValueTooLargeError,
    is_oversized_empty_shape,
)

_ARRAYS: Final = (np.ndarray, np.generic)
_INTERNED: Final = {word: bytes((ord("w"), number)) for number, word in enumerate(INTERNED_STRINGS)}
_count, _seed, _int, _float, _complex = (struct.Struct(f"<c{form}").pack for form in ("I", "Q", "q", "d", "dd"))


def encode(value: Value, limit: int) -> bytes:
    """Return the bytes of a value, at most `limit`.

    Values of other types become Opaque; arrays become plain C-ordered arrays with bytes of their own. Raises
    ValueTooLargeError, and InvalidValueError for a value that is nested too deep or has too many items.
    """
    writer = _Writer(limit)
    writer.write(value, 0)
    return b"".join(writer.parts)


class _Writer:
    """Collect the parts of one encoded value and count their bytes."""

    __slots__ = ("_items", "_left", "_limit", "parts")

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self._left = self._limit = limit
        self._items = 0

    def _add(self, part: bytes) -> None:
        self._left -= len(part)
        if self._left < 0:
            raise ValueTooLargeError(self._limit)
        self.parts.append(part)

    def write(self, value: Value, depth: int) -> None:  # a table of types
        kind = type(value)
        if kind is str:
            if (word := _INTERNED.get(value)) is not None:
                self._add(word)
            else:
                self._put_text(b"s", value)
        elif isinstance(value, _ARRAYS):
            self._put_array(value)
        elif value is None or kind is bool:
            self._add(b"N" if value is None else b"T" if value else b"F")
        elif kind is float:
            self._add(_float(b"f", value))
        elif kind is int:
            self._put_int(value)
        elif kind is list or kind is tuple:
            self._put_items(b"l" if kind is list else b"t", value, depth)
        elif isinstance(value, dict):
            self._put_dict(value, depth)
        elif kind is complex:
            self._add(_complex(b"c", value.real, value.imag))
        elif isinstance(value, Opaque):
            self._put_text(b"o", value.type_name[:MAX_TYPE_NAME_CHARS])
        elif isinstance(value, Code):
            self._put_text(b"C", value.expression)
        elif isinstance(value, Seed):
            self._add(_seed(b"R", value.number))
        elif kind is Steps:
            self._add(b"P")
            self.write(value.as_value(), depth + 1)
        else:
            self._put_text(b"o", kind.__name__[:MAX_TYPE_NAME_CHARS])

    def _put_int(self, value: int) -> None:
        if -(2**63) <= value < 2**63:
            self._add(_int(b"i", value))
        elif value.bit_length() > MAX_INT_DIGITS * 3:
            self._put_text(b"o", "int")
        else:
            self._put_text(b"I", str(value))

    def _put_text(self, tag: bytes, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self._add(_count(tag, len(data)) + data)

    def _begin(self, tag: bytes, length: int, items: int, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise InvalidValueError(f"the value is nested more than {MAX_DEPTH} levels deep")
        self._items += items
        if self._items > MAX_ITEMS:
            raise InvalidValueError(f"the value has more than {MAX_ITEMS} items")
        self._add(_count(tag, length))

    def _put_items(self, tag: bytes, items: list[Value] | tuple[Value, ...], depth: int) -> None:
        self._begin(tag, len(items), len(items), depth)
        for item in items:
            self.write(item, depth + 1)

    def _put_dict(self, mapping: dict[Value, Value], depth: int) -> None:
        pairs = list(dict.items(mapping))
        if len(pairs) > MAX_DICT_ENTRIES:
            raise InvalidValueError(f"a dict has more than {MAX_DICT_ENTRIES} keys")
        self._begin(b"d", len(pairs), 2 * len(pairs), depth)
        for key, item in pairs:
            self.write(key, depth + 1)
            self.write(item, depth + 1)

    def _put_array(self, value: Any) -> None:
        array = np.asarray(value).view(np.ndarray)
        dtype = array.dtype.str
        if dtype[0] == ">":
            array = array.astype(array.dtype.newbyteorder("<"))
            dtype = array.dtype.str
        if dtype not in DTYPES:
            self._put_text(b"o", f"array of dtype {array.dtype}"[:MAX_TYPE_NAME_CHARS])
            return
        if array.ndim > MAX_DIMENSIONS:
            raise InvalidValueError(f"an array has {array.ndim} dimensions")
        if array.nbytes > self._left or is_oversized_empty_shape(array.shape):
            raise ValueTooLargeError(self._limit)
        tag = b"g" if isinstance(value, np.generic) else b"a"
        name, shape = dtype.encode(), array.shape
        self._add(struct.pack(f"<cB{len(name)}sB{len(shape)}I", tag, len(name), name, len(shape), *shape))
        self._add(array.tobytes())
