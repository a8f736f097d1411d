"""The wire format returns encoded values unchanged, and refuses bytes that aren't a value.

Covers `core/wire/encode.py` and `core/wire/decode.py`.
"""

import itertools
import struct
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.values import (
    DTYPES,
    INTERNED_STRINGS,
    MAX_DEPTH,
    MAX_DICT_ENTRIES,
    MAX_DIMENSIONS,
    MAX_ITEMS,
    MAX_TYPE_NAME_CHARS,
    Code,
    InvalidValueError,
    Opaque,
    Seed,
    Value,
    ValueTooLargeError,
)

MEGABYTE = 2**20

dtypes = st.sampled_from(sorted(DTYPES)).map(np.dtype)
arrays = dtypes.flatmap(lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, max_dims=4, min_side=0)))
numpy_scalars = dtypes.flatmap(lambda dtype: npst.arrays(dtype, ())).map(lambda array: array[()])
text = st.text(st.characters(exclude_categories=["Cs"]))
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**1200) + 1, 2**1200 - 1),
    st.floats(),
    st.complex_numbers(),
    text,
)
leaves = st.one_of(
    plain,
    arrays,
    numpy_scalars,
    text.map(lambda name: Opaque(name[:MAX_TYPE_NAME_CHARS])),
    text.map(Code),
    st.integers(0, 2**64 - 1).map(Seed),
)
keys = st.one_of(plain, st.tuples(plain, plain))
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(keys, inner, max_size=5),
    ),
    max_leaves=20,
)


def identical(one: Value, other: Value) -> bool:
    """Tell whether two values have the same types, shapes, dtypes and numbers; NaN equals NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return identical(list(one.items()), list(other.items()))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, np.ndarray | np.generic | float | complex):
        left, right = np.asarray(one), np.asarray(other)
        both = left.dtype == right.dtype and left.shape == right.shape
        return both and bool(np.array_equal(left, right, equal_nan=left.dtype.kind in "fc"))
    return bool(one == other)


def nested(depth: int) -> Value:
    """Return lists nested to a depth."""
    value: Value = None
    for _ in range(depth):
        value = [value]
    return value


@given(values)
def test_values_are_decoded_unchanged(value: Value) -> None:
    """Decoding an encoded value gives the same value, with its types and dtypes."""
    assert identical(decode(encode(value, MEGABYTE)), value)


@given(values)
def test_encoding_is_repeatable(value: Value) -> None:
    """Encoding a decoded value gives its original bytes."""
    data = encode(value, MEGABYTE)
    assert encode(decode(data), MEGABYTE) == data


@pytest.mark.parametrize("word", INTERNED_STRINGS)
def test_interned_strings_are_short(word: str) -> None:
    """An interned string takes two bytes and is decoded unchanged; its long form is accepted, too."""
    data = encode(word, MEGABYTE)
    assert (len(data), decode(data)) == (2, word)
    assert decode(b"s" + count(len(word)) + word.encode()) == word


@pytest.mark.parametrize("data", [b"w", b"w" + bytes([len(INTERNED_STRINGS)]), b"w\xff"])
def test_an_unknown_interned_string_is_refused(data: bytes) -> None:
    """A number behind the last interned string, or a missing number, is refused."""
    with pytest.raises(InvalidValueError):
        decode(data)


@given(arrays)
def test_arrays_are_new_and_writable(array: np.ndarray[Any, Any]) -> None:
    """A decoded array owns its memory and may be written, even one without dimensions."""
    made = decode(encode(array, MEGABYTE))
    assert type(made) is np.ndarray
    assert made.flags.writeable
    assert made.flags.c_contiguous
    assert made.flags.aligned


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_refused(data: bytes) -> None:
    """Random bytes raise nothing but InvalidValueError."""
    try:
        decode(data)
    except InvalidValueError:
        return


tags = st.sampled_from([bytes([tag]) for tag in b"NTFiIfcswoCRltdag"])
small = st.integers(0, 5).map(lambda n: struct.pack("<I", n))
scraps = st.one_of(
    tags, small, st.sampled_from([b"\x03|b1", b"\x03<f8", b"\0", b"\x01", b"\xff"]), st.binary(max_size=9)
)


@given(st.lists(scraps, max_size=30).map(b"".join))
def test_plausible_bytes_are_a_value_or_refused(data: bytes) -> None:
    """Bytes made of tags, counts and dtypes raise nothing but InvalidValueError."""
    try:
        decode(data)
    except InvalidValueError:
        return


@given(values, st.data())
def test_damaged_bytes_are_a_value_or_refused(value: Value, data: st.DataObject) -> None:
    """Valid bytes with some changed, dropped or inserted raise nothing but InvalidValueError."""
    damaged = bytearray(encode(value, MEGABYTE))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged)))
        damaged[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    try:
        decode(damaged)
    except InvalidValueError:
        return


@given(values, st.data())
def test_truncated_or_extra_bytes_are_refused(value: Value, data: st.DataObject) -> None:
    """A proper prefix of a value's bytes isn't a value, and nothing may follow them."""
    whole = encode(value, MEGABYTE)
    with pytest.raises(InvalidValueError):
        decode(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(InvalidValueError, match="1 bytes are left over"):
        decode(whole + b"N")


def count(number: int) -> bytes:
    """Return a length in the format's encoding."""
    return struct.pack("<I", number)


BOMBS = {
    "a list of four thousand million": b"l" + count(2**32 - 1),
    "lists of very many in each other": b"".join(b"l" + count(90_000) for _ in range(15)),
    "a text of four gigabytes": b"s" + count(2**32 - 1) + b"x",
    "a whole number of very many digits": b"I" + count(10**6) + b"9" * 10**6,
    "an array of all dimensions": b"a\x03<f8\x08" + count(2**32 - 1) * 8,
    "an array of no bytes and very many rows": b"a\x03<f8\x03" + count(2**32 - 1) * 2 + count(0),
    "many empty lists": b"l" + count(20_000) + (b"l" + count(0)) * 20_000,
    "many empty dicts": b"l" + count(20_000) + (b"d" + count(0)) * 20_000,
    "many empty arrays": b"l" + count(20_000) + (b"a\x03<f8\x01" + count(0)) * 20_000,
    "many arrays of one": b"l" + count(20_000) + b"a\x03|b1\x00\x01" * 20_000,
    "many texts of one letter": b"l" + count(20_000) + (b"s" + count(3) + "あ".encode()) * 20_000,
    "a wide text": b"s" + count(100_003) + b"x" * 99_999 + "😀".encode(),
    "many dicts": b"l"
    + count(300)
    + (b"d" + count(100) + b"".join(b"i" + struct.pack("<q", i) + b"N" for i in range(100))) * 300,
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS.keys())
def test_memory_is_bounded_by_the_bytes(data: bytes) -> None:
    """For any lengths claimed in the bytes, decoding takes a small multiple of their real size."""
    tracemalloc.start()
    try:
        decode(data)
    except InvalidValueError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 64 * len(data) + 100_000


@given(values, st.integers(0, 300))
def test_encoding_respects_its_limit(value: Value, limit: int) -> None:
    """A value of more bytes than allowed raises ValueTooLargeError with the limit; any other is encoded."""
    whole = encode(value, MEGABYTE)
    if len(whole) <= limit:
        assert encode(value, limit) == whole
        return
    with pytest.raises(ValueTooLargeError, match=f"more than {limit} bytes"):
        encode(value, limit)


def test_a_broadcast_array_is_measured_before_it_is_copied() -> None:
    """A broadcast array of 10**12 items is too large, although it takes eight bytes of memory."""
    with pytest.raises(ValueTooLargeError):
        encode(np.broadcast_to(0.0, (10**6, 10**6)), MEGABYTE)
    with pytest.raises(ValueTooLargeError):
        encode(np.broadcast_to(0.0, (10**6, 10**6, 0)), MEGABYTE)


def test_nesting_has_a_limit_on_both_sides() -> None:
    """The deepest nesting crosses, one level more is refused on both sides, and so is a list that contains itself."""
    assert decode(encode(nested(MAX_DEPTH), MEGABYTE)) == nested(MAX_DEPTH)
    endless: list[Value] = []
    endless.append(endless)
    for value in (nested(MAX_DEPTH + 1), endless, {"a": nested(MAX_DEPTH)}):
        with pytest.raises(InvalidValueError, match="nested"):
            encode(value, MEGABYTE)
    for tag in b"l", b"t", b"d" + count(1) + b"N":
        with pytest.raises(InvalidValueError, match="nested too deeply"):
            decode((tag if tag[:1] == b"d" else tag + count(1)) * (MAX_DEPTH + 1) + b"N")


def test_items_have_a_limit_on_both_sides() -> None:
    """All lists of a value together hold a limited number of items."""
    parts: Value = [[None] * (MAX_ITEMS // 2 - 1)] * 2
    assert decode(encode(parts, MEGABYTE)) == parts
    with pytest.raises(InvalidValueError, match="items"):
        encode([*parts, None], MEGABYTE)
    data = b"l" + count(3) + (b"l" + count(MAX_ITEMS // 2 - 1) + b"N" * (MAX_ITEMS // 2 - 1)) * 2 + b"N"
    with pytest.raises(InvalidValueError, match="too many items"):
        decode(data)


def test_a_large_dict_with_equal_hashes_is_refused() -> None:
    """A dict has few enough keys that equal hashes cost little time; more keys are refused on both sides."""
    alike = [i * (2**61 - 1) for i in range(1, MAX_DICT_ENTRIES + 2)]
    assert len({hash(key) for key in alike}) == 1
    assert len(decode(encode(dict.fromkeys(alike[:-1]), MEGABYTE))) == MAX_DICT_ENTRIES
    with pytest.raises(InvalidValueError, match=f"more than {MAX_DICT_ENTRIES} keys"):
        encode(dict.fromkeys(alike), MEGABYTE)
    with pytest.raises(InvalidValueError, match=f"more than {MAX_DICT_ENTRIES} keys"):
        decode(b"d" + count(len(alike)) + b"".join(encode(key, 999) + b"N" for key in alike))


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_numpy_scalar_and_a_tuple_may_have_equal_hashes(wrapped: bool) -> None:
    """Two keys of equal hash, for which numpy's comparison gives an array, are both kept: one as a plain number."""
    pair = next(p for p in itertools.product(range(100), repeat=2) if abs(hash(p)) < 2**61 - 1)
    keys = [(np.int64(hash(pair)),), (pair,)] if wrapped else [np.int64(hash(pair)), pair]
    kept = [(hash(pair),), (pair,)] if wrapped else [hash(pair), pair]
    for order in (1, -1):
        data = b"d" + count(2) + b"".join(encode(key, 99) + b"N" for key in keys[::order])
        assert identical(list(decode(data)), kept[::order])


@pytest.mark.parametrize("key", [[], {}, np.zeros(1), ([],), (np.zeros(2), 1)])
def test_an_unhashable_key_is_refused(key: Value) -> None:
    """A list, dict or array as a key, also within a tuple, is refused."""
    with pytest.raises(InvalidValueError, match="not hashable"):
        decode(b"d" + count(1) + encode(key, 999) + b"N")


class Secretive:
    """An object that isn't a value."""


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (Secretive(), "Secretive"),
        (Secretive, "type"),
        (len, "builtin_function_or_method"),
        (b"bytes", "bytes"),
        ({1, 2}, "set"),
        (type("Text", (str,), {})("x"), "Text"),
        (np.array(["a"]), "array of dtype <U1"),
        (np.array([None]), "array of dtype object"),
        (np.array(["2001-01-01"], "M8[D]"), "array of dtype datetime64[D]"),
        (np.zeros(1, [("a", "f8")]), "array of dtype [('a', '<f8')]"),
        (type("x" * 999, (), {})(), "x" * MAX_TYPE_NAME_CHARS),
        (1 << 1200, "int"),
    ],
)
def test_other_objects_cross_as_their_type(thing: object, name: str) -> None:
    """Of any other object only the name of its type comes out, shortened."""
    assert decode(encode([thing], MEGABYTE)) == [Opaque(name)]


def test_a_long_type_name_is_refused() -> None:
    """The bytes can't contain a type's name that is longer than allowed."""
    with pytest.raises(InvalidValueError, match="name of the type is too long"):
        decode(b"o" + count(MAX_TYPE_NAME_CHARS + 1) + b"x" * (MAX_TYPE_NAME_CHARS + 1))


@pytest.mark.parametrize("dtype", ["<U1", "|S4", "|O", "|O8", "<M8[s]", "|V8", ">f8", "<f16", "f8", "", "i4,i4"])
def test_other_dtypes_are_refused(dtype: str) -> None:
    """Only numeric dtypes, written as `dtype.str`, may come out."""
    name = dtype.encode()
    with pytest.raises(InvalidValueError, match="is not allowed"):
        decode(b"a" + bytes([len(name)]) + name + b"\x01" + count(1) + b"\0" * 64)


def test_arrays_become_plain() -> None:
    """Memory order, byte order, strides and subclasses are dropped; shape and numbers cross."""
    square = np.arange(12.0).reshape(3, 4)
    for array in (square.T, square[::2, ::-1], square.astype(">f8"), np.asfortranarray(square), np.ma.array(square)):
        made = decode(encode(array, MEGABYTE))
        assert type(made) is np.ndarray
        assert made.dtype == np.dtype("<f8")
        np.testing.assert_array_equal(made, np.asarray(array))


def test_booleans_are_valid() -> None:
    """A byte that is neither 0 nor 1 becomes True, because numpy doesn't check its booleans."""
    made = decode(b"a\x03|b1\x01" + count(3) + b"\x00\x02\xff")
    assert made.tobytes() == b"\x00\x01\x01"


def test_dimensions_have_a_limit() -> None:
    """Arrays with too many dimensions are refused on both sides, and so are scalars with any."""
    with pytest.raises(InvalidValueError, match="9 dimensions"):
        encode(np.zeros((1,) * (MAX_DIMENSIONS + 1)), MEGABYTE)
    with pytest.raises(InvalidValueError, match="9 dimensions"):
        decode(b"a\x03|b1\x09" + count(1) * 9 + b"\0")
    with pytest.raises(InvalidValueError, match="1 dimensions"):
        decode(b"g\x03|b1\x01" + count(1) + b"\0")


@pytest.mark.parametrize("digits", [b"", b"-", b"--1", b"1_0", b" 1", b"+1", b"0x1", "²".encode(), b"1" * 401])
def test_long_ints_are_digits(digits: bytes) -> None:
    """A long int has up to 400 ASCII digits with at most one minus, or is refused."""
    with pytest.raises(InvalidValueError, match="invalid digits of an integer"):
        decode(b"I" + count(len(digits)) + digits)


def test_single_surrogates_are_replaced() -> None:
    """A single surrogate becomes a question mark; bytes that aren't UTF-8 are refused."""
    assert decode(encode("a\ud800b", MEGABYTE)) == "a?b"
    with pytest.raises(InvalidValueError, match="UTF-8"):
        decode(b"s" + count(1) + b"\xff")


@pytest.mark.parametrize("tag", [bytes([number]) for number in range(256) if number not in b"NTFiIfcswoCRPltdag"])
def test_other_tags_are_refused(tag: bytes) -> None:
    """Every byte that is not a tag of the format is refused as an unknown tag."""
    with pytest.raises(InvalidValueError, match="unknown tag"):
        decode(tag)
