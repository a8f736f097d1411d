"""The wire format: the only values that cross the sandbox's wall, as bytes, in either direction.

A value is `None`, a bool, int, float, complex or str, a numpy scalar or array of an allowed dtype, or a list, tuple
or dict of values. Two kinds go inwards only: `Code` (an author's snippet that makes, say, the `f` of
`numerical_gradient(f, x)`) and `Seed` (a `numpy.random.Generator` started from it). One comes outwards only:
`Opaque`, the name of a type that has no place here. Nothing is pickled, nothing is evaluated, every length is checked
before it is believed: what comes out of the sandbox was written by a stranger.

Layout: one tag byte, then per tag

    N T F          nothing
    i  8 bytes     int64            I  u32 n, n ASCII digits (other ints, up to 400 digits)
    f  8 bytes     float64          c  16 bytes: real, imaginary
    s  u32 n, n UTF-8 bytes         o C  the same: Opaque, Code          R  u64: Seed
    l t  u32 n, n values            d  u32 n, n pairs of values
    a  u8 n, n bytes of dtype, u8 ndim, ndim u32, then the bytes in C order
    g  the same with ndim 0: a numpy scalar

All numbers are little-endian.
"""

import math
import struct
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Value = Any  # one of the above; a recursive alias would say no more to mypy, for ndarray is Any inside too

MAX_DEPTH: Final = 16
MAX_ITEMS: Final = 100_000
MAX_PAIRS: Final = 256  # of one dict: keys that all hash alike cost the square of their number
MAX_DIMENSIONS: Final = 8
MAX_NAME: Final = 200  # characters of the name of a type
DTYPES: Final = frozenset(
    np.dtype(name).str
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
)
"""Dtypes that may cross, as `dtype.str`. Arrays of text may not: numpy trusts their code points."""

_ARRAYS: Final = (np.ndarray, np.generic)
_DIGITS: Final = 400
_U8, _U32, _U64, _I64, _F64, _C128 = (struct.Struct(f) for f in ("<B", "<I", "<Q", "<q", "<d", "<dd"))


class NotAValue(ValueError):
    """These bytes, or this object, are no value of the wire format. The message says why."""


class TooLarge(NotAValue):
    """The value has more bytes than the caller allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


@dataclass(frozen=True)
class Opaque:
    """Stands for an object that can't cross: only the name of its type did."""

    type_name: str


@dataclass(frozen=True)
class Code:
    """An author's Python expression, evaluated inside the sandbox with `np` in reach."""

    expression: str


@dataclass(frozen=True)
class Seed:
    """A `numpy.random.default_rng(number)`, made inside the sandbox."""

    number: int


def allowed_dtype(text: str) -> np.dtype[Any]:
    """The dtype that `dtype.str` names, if it may cross. Raises NotAValue."""
    if text in DTYPES:
        return np.dtype(text)
    raise NotAValue(f"dtype {text[:20]!r} may not cross")


def _too_hollow(shape: tuple[int, ...]) -> bool:
    """It has no bytes, yet more rows than anybody should walk over."""
    return 0 in shape and math.prod(length or 1 for length in shape) > MAX_ITEMS


def encode(value: Value, limit: int) -> bytes:
    """The bytes of a value, at most `limit` of them.

    What has no place becomes Opaque; arrays become plain C-ordered arrays of their own bytes. Raises TooLarge, and
    NotAValue where the nesting is too deep or too long.
    """
    writer = _Writer(limit)
    writer.put(value, 0)
    return b"".join(writer.parts)


class _Writer:
    """Collects the parts of one encoded value and counts their bytes."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self._left = self._limit = limit
        self._items = 0

    def _add(self, *parts: bytes) -> None:
        for part in parts:
            self._left -= len(part)
            if self._left < 0:
                raise TooLarge(self._limit)
            self.parts.append(part)

    def put(self, value: Value, depth: int) -> None:  # one tag after another: a table, not logic
        kind = type(value)
        if kind is str:
            self._put_text(b"s", value)
        elif isinstance(value, _ARRAYS):
            self._put_array(value)
        elif value is None or kind is bool:
            self._add(b"N" if value is None else b"T" if value else b"F")
        elif kind is float:
            self._add(b"f", _F64.pack(value))
        elif kind is int:
            self._put_int(value)
        elif kind is list or kind is tuple:
            self._put_items(b"l" if kind is list else b"t", value, depth)
        elif isinstance(value, dict):
            self._put_dict(value, depth)
        elif kind is complex:
            self._add(b"c", _C128.pack(value.real, value.imag))
        elif isinstance(value, Opaque):
            self._put_text(b"o", value.type_name[:MAX_NAME])
        elif isinstance(value, Code):
            self._put_text(b"C", value.expression)
        elif isinstance(value, Seed):
            self._add(b"R", _U64.pack(value.number))
        else:
            self._put_text(b"o", kind.__name__[:MAX_NAME])

    def _put_int(self, value: int) -> None:
        if -(2**63) <= value < 2**63:
            self._add(b"i", _I64.pack(value))
            return
        if value.bit_length() > _DIGITS * 3:
            self._put_text(b"o", "int")
            return
        digits = str(value).encode()
        self._add(b"I", _U32.pack(len(digits)), digits)

    def _put_text(self, tag: bytes, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self._add(tag, _U32.pack(len(data)), data)

    def _count(self, more: int) -> None:
        self._items += more
        if self._items > MAX_ITEMS:
            raise NotAValue(f"more than {MAX_ITEMS} items")

    def _put_items(self, tag: bytes, items: list[Value] | tuple[Value, ...], depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise NotAValue(f"nested more than {MAX_DEPTH} deep")
        self._count(len(items))
        self._add(tag, _U32.pack(len(items)))
        for item in items:
            self.put(item, depth + 1)

    def _put_dict(self, mapping: dict[Value, Value], depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise NotAValue(f"nested more than {MAX_DEPTH} deep")
        pairs = list(dict.items(mapping))
        if len(pairs) > MAX_PAIRS:
            raise NotAValue(f"a dict of more than {MAX_PAIRS} keys")
        self._count(2 * len(pairs))
        self._add(b"d", _U32.pack(len(pairs)))
        for key, item in pairs:
            self.put(key, depth + 1)
            self.put(item, depth + 1)

    def _put_array(self, value: Any) -> None:
        array = np.asarray(value).view(np.ndarray)
        if array.dtype.str[0] == ">":
            array = array.astype(array.dtype.newbyteorder("<"))
        dtype = array.dtype.str
        if dtype not in DTYPES:
            self._put_text(b"o", f"array of dtype {array.dtype}"[:MAX_NAME])
            return
        if array.ndim > MAX_DIMENSIONS:
            raise NotAValue(f"an array of {array.ndim} dimensions")
        if array.nbytes > self._left or _too_hollow(array.shape):
            raise TooLarge(self._limit)
        name = dtype.encode()
        tag = b"g" if isinstance(value, np.generic) else b"a"
        shape = struct.pack(f"<{array.ndim}I", *array.shape)
        self._add(tag, _U8.pack(len(name)), name, _U8.pack(array.ndim), shape, array.tobytes())


def decode(data: bytes | bytearray | memoryview) -> Value:
    """The value that these bytes spell. Raises NotAValue for anything else, extra bytes included.

    Memory is bounded by a small multiple of `len(data)`. Arrays are fresh and writable.
    """
    reader = _Reader(memoryview(data))
    value = reader.value(0)
    if reader.at != len(reader.data):
        raise NotAValue(f"{len(reader.data) - reader.at} bytes too many")
    return value


class _Reader:
    """Walks once over the bytes; every length is checked against what is there."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0
        self._items = 0

    def _take(self, count: int) -> memoryview:
        end = self.at + count
        if end > len(self.data):
            raise NotAValue("cut short")
        part = self.data[self.at : end]
        self.at = end
        return part

    def _number(self, form: struct.Struct) -> Any:
        try:
            (number,) = form.unpack_from(self.data, self.at)
        except struct.error:
            raise NotAValue("cut short") from None
        self.at += form.size
        return number

    def _text(self) -> str:
        try:
            return str(self._take(self._number(_U32)), "utf-8")
        except UnicodeDecodeError as error:
            raise NotAValue("text that is not UTF-8") from error

    def value(self, depth: int) -> Value:  # one tag after another: a table, not logic
        tag = bytes(self._take(1))
        if tag == b"s":
            return self._text()
        if tag == b"a" or tag == b"g":
            return self._array(scalar=tag == b"g")
        if tag == b"N":
            return None
        if tag == b"T" or tag == b"F":
            return tag == b"T"
        if tag == b"f":
            return self._number(_F64)
        if tag == b"i":
            return self._number(_I64)
        if tag == b"I":
            return self._long_int()
        if tag == b"l" or tag == b"t":
            items = [self.value(depth + 1) for _ in range(self._length(depth, 1))]
            return items if tag == b"l" else tuple(items)
        if tag == b"d":
            return self._dict(depth)
        if tag == b"c":
            return complex(*_C128.unpack(self._take(_C128.size)))
        if tag == b"o":
            return self._opaque()
        if tag == b"C":
            return Code(self._text())
        if tag == b"R":
            return Seed(self._number(_U64))
        raise NotAValue(f"unknown tag {tag!r}")

    def _length(self, depth: int, per_item: int) -> int:
        count: int = self._number(_U32)
        self._items += count * per_item
        if depth >= MAX_DEPTH or self._items > MAX_ITEMS:
            raise NotAValue("nested too deep or too long")
        return count

    def _opaque(self) -> Opaque:
        name = self._text()
        if len(name) > MAX_NAME:
            raise NotAValue("a type of too long a name")
        return Opaque(name)

    def _long_int(self) -> int:
        digits = bytes(self._take(self._number(_U32)))
        if len(digits) > _DIGITS or not digits.removeprefix(b"-").isdigit():
            raise NotAValue("a whole number that is none")
        return int(digits)

    def _dict(self, depth: int) -> dict[Value, Value]:
        mapping: dict[Value, Value] = {}
        pairs = self._length(depth, 2)
        if pairs > MAX_PAIRS:
            raise NotAValue(f"a dict of more than {MAX_PAIRS} keys")
        for _ in range(pairs):
            key = _plain(self.value(depth + 1))
            item = self.value(depth + 1)
            try:
                mapping[key] = item
            except TypeError as error:
                raise NotAValue("a key that is no key") from error
        return mapping

    def _array(self, *, scalar: bool) -> Value:
        try:
            name = str(self._take(self._number(_U8)), "ascii")
        except UnicodeDecodeError as error:
            raise NotAValue("a dtype that is not ASCII") from error
        dtype = allowed_dtype(name)
        dimensions = self._number(_U8)
        if dimensions > MAX_DIMENSIONS or (scalar and dimensions):
            raise NotAValue(f"an array of {dimensions} dimensions")
        shape = struct.unpack(f"<{dimensions}I", self._take(4 * dimensions))
        if _too_hollow(shape):
            raise NotAValue("an empty array with very many rows")
        size = math.prod(shape)
        array = np.frombuffer(self._take(size * dtype.itemsize), dtype).reshape(shape)
        array = array.view(np.uint8).astype(np.bool_) if dtype == np.bool_ else array.copy()
        return array[()] if scalar else array


def _plain(key: Value) -> Value:
    """A dict's key without numpy's scalars: comparing one with a tuple of the same hash gives an array, no bool."""
    if isinstance(key, np.generic):
        return key.item()
    return tuple(_plain(part) for part in key) if type(key) is tuple else key
