"""The only values that cross the sandbox's boundary, in either direction; `encode` and `decode` convert them to bytes.

A value is `None`, a bool, int, float, complex or str, a numpy scalar or array of an allowed dtype, or a list, tuple
or dict of values. Two types go only into the sandbox: `Code` (an author's expression that makes, for example, the `f`
of `numerical_gradient(f, x)`) and `Seed` (the seed of a `numpy.random.Generator`). So do
`Steps`, what a check does with a class. One type only comes out: `Opaque`,
the name of a type that can't cross. Nothing is pickled or evaluated, and every length is checked before it is used,
because the bytes from the sandbox are untrusted.

Layout: one tag byte, then per tag

    N T F          nothing
    i  8 bytes     int64            I  u32 n, n ASCII digits (other ints, up to 400 digits)
    f  8 bytes     float64          c  16 bytes: real, imaginary
    s  u32 n, n UTF-8 bytes         w  u8: index in INTERNED_STRINGS
    o C  as s: Opaque, Code         R  u64: Seed
    P  a value: Steps
    l t  u32 n, n values            d  u32 n, n pairs of values
    a  u8 n, n bytes of dtype, u8 ndim, ndim u32, then the bytes in C order
    g  the same with ndim 0: a numpy scalar

All numbers are little-endian.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Value = Any  # one of the above; a recursive alias would tell mypy no more, because ndarray contains Any

MAX_DEPTH: Final = 16
MAX_ITEMS: Final = 100_000
MAX_DICT_ENTRIES: Final = 256  # entries of one dict: with equal hashes, the time grows with the square of their number
MAX_DIMENSIONS: Final = 8
MAX_TYPE_NAME_CHARS: Final = 200
DTYPES: Final = frozenset(
    np.dtype(name).str
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
)
"""Dtypes that may cross, as `dtype.str`. Arrays of text may not, because numpy doesn't check their code points."""

INTERNED_STRINGS: Final = (
    *("", "nonce", "cell", "answer", "printed", "printed_bytes", "remarks", "warnings", "returned", "too_large"),
    *("value", "locals", "changed", "arguments", "set_right", "missing", "spoilt", "number", "actions", "output"),
    *("raised", "type", "message", "line", "text", "function", "blank", "memory", "wanted", "requests"),
    *("do", "call", "read", "parse", "path", "args", "given", "name", "roles", "part", "by_role", "unreturned"),
    *("edits", "trace", "list_repairs"),
)
"""Texts encoded in two bytes: the keys and words of messages. New ones must be appended at the end."""
MAX_INT_DIGITS: Final = 400  # digits of an int beyond 64 bits


class InvalidValueError(ValueError):
    """These bytes, or this object, aren't a value of the wire format. The message gives the reason."""


class ValueTooLargeError(InvalidValueError):
    """The value takes more bytes than the caller allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


@dataclass(frozen=True)
class Opaque:
    """A placeholder for an object that can't cross; it holds only the name of the object's type."""

    type_name: str


@dataclass(frozen=True)
class Code:
    """An author's Python expression, evaluated inside the sandbox with `np` defined."""

    expression: str


@dataclass(frozen=True)
class Seed:
    """A `numpy.random.default_rng(number)`, made inside the sandbox."""

    number: int


def is_oversized_empty_shape(shape: tuple[int, ...]) -> bool:
    """Tell whether an array of this shape has no bytes, but more rows than are reasonable to iterate over."""
    return 0 in shape and math.prod(length or 1 for length in shape) > MAX_ITEMS
