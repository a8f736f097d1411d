"""Decode bytes from an untrusted process into a value, in the layout that `grader.core.wire.values` describes.

Every answer passes through this code, so it is optimised: it counts positions itself, and slices only what it keeps.
"""

import math
import struct
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from grader.core.wire.steps import Steps, read_steps
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
    is_oversized_empty_shape,
)

_U32, _U64, _I64, _F64, _C128 = (struct.Struct(f"<{form}").unpack_from for form in ("I", "Q", "q", "d", "dd"))
_SHAPES: Final = tuple(struct.Struct(f"<{n}I").unpack_from for n in range(MAX_DIMENSIONS + 1))
_DTYPES: Final[Mapping[bytes, np.dtype[Any]]] = {name.encode(): np.dtype(name) for name in DTYPES}
_INTERNED, _TEXT, _ARRAY, _SCALAR, _NONE, _TRUE, _FALSE, _INT, _FLOAT, _LIST, _TUPLE, _DICT = b"wsagNTFifltd"
_LONG_INT, _COMPLEX, _OPAQUE, _CODE, _SEED, _STEPS = b"IcoCRP"


def decode(data: bytes | bytearray | memoryview) -> Value:
    """Return the value that the bytes encode. Raises InvalidValueError for any other bytes, including extra ones.

    Memory is bounded by a small multiple of `len(data)`. Arrays are new and writable.
    """
    reader = _Reader(bytes(data))
    try:
        value = reader.value(0)
    except (struct.error, IndexError):
        raise InvalidValueError("the data ends too early") from None
    if reader.at != len(reader.data):
        raise InvalidValueError(f"{len(reader.data) - reader.at} bytes are left over")
    return value


class _Reader:
    """Read the bytes once. Reading a number or a tag behind their end raises struct.error or IndexError."""

    __slots__ = ("_items", "at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self._items = 0

    def value(self, depth: int) -> Value:  # a table of tags, the frequent ones first
        at = self.at
        tag = self.data[at]
        self.at = at + 1
        if tag == _INTERNED:
            self.at = at + 2
            return INTERNED_STRINGS[self.data[at + 1]]
        if tag == _TEXT:
            return self._text()
        if tag in (_ARRAY, _SCALAR):
            return self._array(scalar=tag == _SCALAR)
        if tag == _NONE:
            return None
        if tag == _TUPLE:
            return tuple([self.value(depth + 1) for _ in range(self._length(depth, 1))])
        if tag == _LIST:
            return [self.value(depth + 1) for _ in range(self._length(depth, 1))]
        if tag == _INT:
            self.at = at + 9
            return _I64(self.data, at + 1)[0]
        if tag == _FLOAT:
            self.at = at + 9
            return _F64(self.data, at + 1)[0]
        if tag == _DICT:
            return self._dict(depth)
        if tag in (_TRUE, _FALSE):
            return tag == _TRUE
        return self._read_rare(tag, depth)

    def _read_rare(self, tag: int, depth: int) -> Value:
        if tag == _LONG_INT:
            return self._long_int()
        if tag == _COMPLEX:
            self.at += 16
            return complex(*_C128(self.data, self.at - 16))
        if tag == _OPAQUE:
            return self._opaque()
        if tag == _CODE:
            return Code(self._text())
        if tag == _SEED:
            self.at += 8
            return Seed(_U64(self.data, self.at - 8)[0])
        if tag == _STEPS:
            return self._steps(depth)
        raise InvalidValueError(f"unknown tag {bytes([tag])!r}")

    def _bytes(self) -> bytes:
        """Return the bytes that follow a length."""
        begin = self.at + 4
        self.at = end = begin + _U32(self.data, self.at)[0]
        if end > len(self.data):
            raise InvalidValueError("the data ends too early")
        return self.data[begin:end]

    def _text(self) -> str:
        try:
            return self._bytes().decode()
        except UnicodeDecodeError as error:
            raise InvalidValueError("the text is not UTF-8") from error

    def _length(self, depth: int, per_item: int) -> int:
        count: int = _U32(self.data, self.at)[0]
        self.at += 4
        self._items += count * per_item
        if depth >= MAX_DEPTH or self._items > MAX_ITEMS:
            raise InvalidValueError("the value is nested too deeply or has too many items")
        return count

    def _opaque(self) -> Opaque:
        name = self._text()
        if len(name) > MAX_TYPE_NAME_CHARS:
            raise InvalidValueError("the name of the type is too long")
        return Opaque(name)

    def _steps(self, depth: int) -> Steps:
        if depth >= MAX_DEPTH:
            raise InvalidValueError("the value is nested too deeply")
        try:
            return read_steps(self.value(depth + 1))
        except (TypeError, ValueError) as error:
            raise InvalidValueError("these aren't steps") from error

    def _long_int(self) -> int:
        digits = self._bytes()
        if len(digits) > MAX_INT_DIGITS or not digits.removeprefix(b"-").isdigit():
            raise InvalidValueError("invalid digits of an integer")
        return int(digits)

    def _dict(self, depth: int) -> dict[Value, Value]:
        mapping: dict[Value, Value] = {}
        pairs = self._length(depth, 2)
        if pairs > MAX_DICT_ENTRIES:
            raise InvalidValueError(f"a dict has more than {MAX_DICT_ENTRIES} keys")
        for _ in range(pairs):
            key = self.value(depth + 1)
            if type(key) is not str:
                key = _convert_numpy_key(key)
            item = self.value(depth + 1)
            try:
                mapping[key] = item
            except TypeError as error:
                raise InvalidValueError("the key of a dict is not hashable") from error
        return mapping

    def _array(self, *, scalar: bool) -> Value:
        data, at = self.data, self.at
        end = at + 1 + data[at]
        dtype = _DTYPES.get(data[at + 1 : end])
        if dtype is None:
            raise InvalidValueError(f"dtype {data[at + 1 : end][:20]!r} is not allowed")
        dimensions = data[end]
        if dimensions > MAX_DIMENSIONS or (scalar and dimensions):
            raise InvalidValueError(f"an array has {dimensions} dimensions")
        shape = _SHAPES[dimensions](data, end + 1)
        if 0 in shape and is_oversized_empty_shape(shape):
            raise InvalidValueError("an empty array has too many rows")
        begin = end + 1 + 4 * dimensions
        count = math.prod(shape)
        self.at = begin + count * dtype.itemsize
        if self.at > len(data):
            raise InvalidValueError("the data ends too early")
        array = np.frombuffer(data, dtype, count, begin) if count else np.empty(0, dtype)
        array = array.view(np.uint8).astype(np.bool_) if dtype == np.bool_ else array.copy()
        return array[0] if scalar else array.reshape(shape)


def _convert_numpy_key(key: Value) -> Value:
    """Return a dict's key without numpy scalars: compared with a tuple, one gives an array, not a bool."""
    if isinstance(key, np.generic):
        return key.item()
    return tuple(_convert_numpy_key(part) for part in key) if type(key) is tuple else key
