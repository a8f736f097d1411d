"""The only values that cross the sandbox's wall, in either direction; `encoding` and `decoding` are their bytes.

A value is `None`, a bool, int, float, complex or str, a numpy scalar or array of an allowed dtype, or a list, tuple
or dict of values. Two kinds go inwards only: `Code` (an author's snippet that makes, say, the `f` of
`numerical_gradient(f, x)`) and `Seed` (a `numpy.random.Generator` started from it). One comes outwards only:
`Opaque`, the name of a type that has no place here. Nothing is pickled, nothing is evaluated, every length is checked
before it is believed: what comes out of the sandbox was written by a stranger.

Layout: one tag byte, then per tag

    N T F          nothing
    i  8 bytes     int64            I  u32 n, n ASCII digits (other ints, up to 400 digits)
    f  8 bytes     float64          c  16 bytes: real, imaginary
    s  u32 n, n UTF-8 bytes         w  u8: that one of WORDS
    o C  as s: Opaque, Code         R  u64: Seed
    l t  u32 n, n values            d  u32 n, n pairs of values
    a  u8 n, n bytes of dtype, u8 ndim, ndim u32, then the bytes in C order
    g  the same with ndim 0: a numpy scalar

All numbers are little-endian.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Value = Any  # one of the above; a recursive alias would say no more to mypy, for ndarray is Any inside too

MAX_DEPTH: Final = 16
MAX_ITEMS: Final = 100_000
MAX_DICT_ENTRIES: Final = 256  # of one dict: keys that all hash alike cost the square of their number
MAX_DIMENSIONS: Final = 8
MAX_TYPE_NAME_CHARS: Final = 200  # characters of the name of a type
DTYPES: Final = frozenset(
    np.dtype(name).str
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
)
"""Dtypes that may cross, as `dtype.str`. Arrays of text may not: numpy trusts their code points."""

INTERNED_STRINGS: Final = (
    *("", "nonce", "cell", "answer", "printed", "printed_bytes", "remarks", "warnings", "returned", "too_large"),
    *("value", "locals", "changed", "arguments", "set_right", "missing", "spoilt", "number", "actions", "output"),
    *("raised", "type", "message", "line", "text", "function", "blank", "memory", "wanted", "requests"),
    *("do", "call", "read", "parse", "path", "args", "given", "name"),
)
"""Texts of two bytes: what messages are made of. A new one goes to the end."""
MAX_INT_DIGITS: Final = 400  # of a whole number beyond 64 bits


class InvalidValueError(ValueError):
    """These bytes, or this object, are no value of the wire format. The message says why."""


class ValueTooLargeError(InvalidValueError):
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


def is_oversized_empty_shape(shape: tuple[int, ...]) -> bool:
    """It has no bytes, yet more rows than anybody should walk over."""
    return 0 in shape and math.prod(length or 1 for length in shape) > MAX_ITEMS
