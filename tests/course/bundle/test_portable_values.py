"""Values are the same after writing and reading JSON and arrays; equal values give equal bytes."""

import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.judging.reference_data import CallFailure
from grader.core.wire.values import Code, Opaque, Seed
from grader.course.bundle.portable_values import UnsupportedValueError, ValuePacker, pack_npz, pack_zip, unpack_value

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.complex_numbers()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)


def there_and_back(value: Any) -> Any:
    """Return a value after a round trip through JSON text and an npz file."""
    packer = ValuePacker()
    text = json.dumps(packer.pack(value), allow_nan=False)
    with np.load(io.BytesIO(pack_npz(packer.arrays)), allow_pickle=False) as archive:
        return unpack_value(json.loads(text), dict(archive))


@given(values)
def test_values_are_read_unchanged(value: Any) -> None:
    """Every value keeps its types: tuples differ from lists, ints from floats, and NaN and infinities are kept."""
    assert repr(there_and_back(value)) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6.0).reshape(2, 3),
        np.zeros((0, 3), np.float32),
        np.array(7),
        np.arange(6).reshape(2, 3).T,
        np.float32(0.5),
        np.array([True, False]),
    ],
)
def test_arrays_are_read_unchanged(value: Any) -> None:
    """Arrays and numpy scalars keep type, dtype, shape and numbers."""
    back = there_and_back({"a": [value]})["a"][0]
    assert type(back) is type(value)
    assert (back.dtype, back.shape) == (value.dtype, value.shape)
    assert np.array_equal(back, value)


def test_other_values_are_refused() -> None:
    """Code, seeds and failures are read unchanged; any other object is refused, not written as something else."""
    given_in = (Code("lambda x: x"), Seed(7), CallFailure("ValueError"))
    assert there_and_back(given_in) == given_in
    for stranger in (object(), Opaque("x"), np.array(["text"]), {1, 2}):
        with pytest.raises(UnsupportedValueError):
            ValuePacker().pack(stranger)
    with pytest.raises(UnsupportedValueError):
        unpack_value({"pickle": "x"}, {})


def test_archives_have_no_date() -> None:
    """Equal files give equal bytes, and are read unchanged."""
    files = {"a/b.txt": b"one", "c": b"two"}
    assert pack_zip(files) == pack_zip(dict(files))
    with zipfile.ZipFile(io.BytesIO(pack_zip(files))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
