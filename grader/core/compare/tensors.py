"""Compare an actual value with the expected one, and describe the difference as data.

Order: type, shape, kind of dtype, NaN and infinities by position, values. The criterion for values is that of
`numpy.isclose`, |actual - expected| <= atol + rtol * |expected|, written out here because messages explain it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.core.compare.mismatch import (
    DtypeMismatch,
    KeysMismatch,
    LengthMismatch,
    Mismatch,
    NonfiniteMismatch,
    ShapeMismatch,
    TextMismatch,
    TypeMismatch,
    ValuesMismatch,
)
from grader.core.wire.values import Opaque, Value


@dataclass(frozen=True)
class Tolerance:
    """The tolerance of a comparison: |actual - expected| <= atol + rtol * |expected|."""

    rtol: float = 1e-6
    atol: float = 1e-8

    def for_dtype(self, dtype: np.dtype[Any]) -> "Tolerance":
        """Return a tolerance at least as wide as the precision of expected values or inputs of this dtype requires.

        It is 1e-4 relative for float32 and 1e-2 for float16. An answer's own dtype is never a reason for this.
        """
        if _is_single(dtype):
            return self._widen(1e-4, 1e-5)
        return self._widen(1e-2, 1e-3) if dtype == np.float16 else self

    def for_inputs(self, inputs: Value) -> "Tolerance":
        """Return the tolerance for the least precise number among the inputs."""
        if isinstance(inputs, np.ndarray | np.generic):
            return self.for_dtype(inputs.dtype)
        items = inputs.values() if isinstance(inputs, dict) else inputs if isinstance(inputs, list | tuple) else ()
        widest = self
        for item in items:
            widest = widest.for_inputs(item)
        return widest

    def for_answer(self, dtype: np.dtype[Any]) -> "Tolerance":
        """Return the tolerance for an answer of this dtype: float32 has a small allowance, float16 has none."""
        return self._widen(SINGLE_ALLOWANCE.rtol, SINGLE_ALLOWANCE.atol) if _is_single(dtype) else self

    def _widen(self, rtol: float, atol: float) -> "Tolerance":
        return Tolerance(max(self.rtol, rtol), max(self.atol, atol))


SINGLE_ALLOWANCE: Final = Tolerance(rtol=1e-5, atol=1e-6)
"""The allowance for an answer that was calculated in single precision, though everything else is in double."""


def _is_single(dtype: np.dtype[Any]) -> bool:
    return dtype in (np.float32, np.complex64)


@dataclass(frozen=True)
class Comparison:
    """The first mismatch, or None, and remarks that cost no points."""

    mismatch: Mismatch | None = None
    remarks: tuple["Remark", ...] = ()


@dataclass(frozen=True)
class Remark:
    """An observation that costs no points. `kind` names the sentence, `detail` is inserted in it."""

    kind: str
    detail: str = ""


_NUMBERS: Final = (bool, int, float, complex)
_NUMERIC: Final = "biufc"
_REAL: Final = "iuf"


def compare(expected: Value, actual: Value, tolerance: Tolerance = Tolerance()) -> Comparison:
    """Compare a value of the wire format with the expected one.

    Dicts are compared key by key; tuples and lists of tensors item by item, also with the rows of an array. Numbers,
    lists and tuples of numbers are converted to arrays, with a remark for a list or tuple. Never raises for `actual`.
    """
    remarks: dict[Remark, None] = {}
    mismatch = next(_find_mismatches(expected, actual, tolerance, "", remarks), None)
    return Comparison(mismatch, tuple(remarks))


def compare_form(expected: Value, actual: Value) -> Comparison:
    """Compare only types, keys, shapes and kinds of dtype, before a property is checked."""
    remarks: dict[Remark, None] = {}
    mismatch = next(_find_mismatches(expected, actual, None, "", remarks), None)
    return Comparison(mismatch, tuple(remarks))


def _find_mismatches(
    expected: Value, actual: Value, tolerance: Tolerance | None, where: str, remarks: dict[Remark, None]
) -> Iterator[Mismatch]:
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            yield TypeMismatch("dict", get_value_type(actual), location=where)
            return
        missing = tuple(str(key) for key in expected if key not in actual)
        extra = tuple(str(key)[:40] for key in actual if key not in expected)[:8]
        if missing or extra:
            yield KeysMismatch(missing, extra, location=where)
        for key, item in expected.items():
            if key in actual:
                yield from _find_mismatches(item, actual[key], tolerance, f"{where}[{key!r}]", remarks)
    elif isinstance(expected, list | tuple):
        if not (isinstance(actual, list | tuple) or (isinstance(actual, np.ndarray) and actual.ndim)):
            yield TypeMismatch(get_value_type(expected), get_value_type(actual), location=where)
        elif len(expected) != len(actual):
            yield LengthMismatch(len(expected), len(actual), location=where)
        else:
            for i, (one, other) in enumerate(zip(expected, actual, strict=True)):
                yield from _find_mismatches(one, other, tolerance, f"{where}[{i}]", remarks)
    elif expected is None:
        if actual is not None:
            yield TypeMismatch("None", get_value_type(actual), location=where)
    elif isinstance(expected, str):
        if not isinstance(actual, str):
            yield TypeMismatch("str", get_value_type(actual), location=where)
        elif actual != expected:
            yield TextMismatch(location=where)
    else:
        mismatch = _tensor_difference(np.asarray(expected), actual, tolerance, where, remarks)
        if mismatch:
            yield mismatch


def get_value_type(value: Value) -> str:
    """Return the name of a value's type: `None`, `list`, `function`."""
    if isinstance(value, Opaque):
        return value.type_name
    return "None" if value is None else type(value).__name__


def as_tensor(value: Value) -> NDArray[Any]:
    """Return a number, array, or list or tuple of numbers as an array. Raises ValueError for any other value."""
    if not _has_only_numbers(value):
        raise ValueError(get_value_type(value))
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError) as error:  # ragged rows, an integer beyond 64 bits
        raise ValueError(get_value_type(value)) from error
    if array.dtype.kind not in _NUMERIC:
        raise ValueError(get_value_type(value))
    return array


def _has_only_numbers(value: Value) -> bool:
    """Check for texts before numpy does: it would convert all numbers to texts as long as the longest one."""
    if isinstance(value, list | tuple):
        return all(_has_only_numbers(item) for item in value)
    return isinstance(value, _NUMBERS) or (isinstance(value, np.ndarray | np.generic) and value.dtype.kind in _NUMERIC)


def _tensor_difference(
    expected: NDArray[Any], value: Value, tolerance: Tolerance | None, where: str, remarks: dict[Remark, None]
) -> Mismatch | None:
    actual = _form_difference(expected, value, where, remarks)
    if not isinstance(actual, np.ndarray):
        return actual
    if tolerance is None:
        return None
    mismatch = _value_difference(expected, actual, tolerance.for_dtype(expected.dtype).for_answer(actual.dtype), where)
    if mismatch is None and actual.dtype.kind == "f" and actual.dtype.itemsize < 8 <= expected.dtype.itemsize:
        remarks[Remark("low_precision", str(actual.dtype))] = None
    if mismatch and expected.dtype.kind == "f" and actual.dtype.kind in "iu":
        return DtypeMismatch(str(expected.dtype), str(actual.dtype), location=where)
    return mismatch


def _form_difference(
    expected: NDArray[Any], value: Value, where: str, remarks: dict[Remark, None]
) -> TypeMismatch | ShapeMismatch | DtypeMismatch | NDArray[Any]:
    """Return the value as an array, or its mismatch of type, shape or kind of dtype."""
    try:
        actual = as_tensor(value)
    except ValueError as error:
        return TypeMismatch("", str(error), location=where)
    if isinstance(value, list | tuple):
        remarks[Remark("converted", get_value_type(value))] = None
    if actual.shape != expected.shape:
        return ShapeMismatch(expected.shape, actual.shape, location=where)
    if not _is_same_kind(expected.dtype, actual.dtype):
        return DtypeMismatch(str(expected.dtype), str(actual.dtype), location=where)
    return actual


def _is_same_kind(expected: np.dtype[Any], actual: np.dtype[Any]) -> bool:
    """Tell whether dtypes are compatible: integers and floats are (their values must still agree), others aren't."""
    return expected.kind == actual.kind or (expected.kind in _REAL and actual.kind in _REAL)


def _value_difference(
    expected: NDArray[Any], actual: NDArray[Any], tolerance: Tolerance, where: str
) -> NonfiniteMismatch | ValuesMismatch | None:
    if expected.dtype == actual.dtype and expected.tobytes() == actual.tobytes():
        return None  # to the bit, as nearly all are
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    different = ~is_close(expected, actual, tolerance)
    if not different.any():
        return None
    nonfinite = different & (np.isfinite(actual) != np.isfinite(expected))
    kind, chosen = (NonfiniteMismatch, nonfinite) if nonfinite.any() else (ValuesMismatch, different)
    first = tuple(int(i) for i in np.argwhere(chosen)[0]) if expected.ndim else ()
    with np.errstate(all="ignore"):
        distances = np.abs(actual.astype(wide) - expected.astype(wide))
    distances = distances[different & np.isfinite(distances)]
    return kind(
        location=where,
        shape=expected.shape,
        differing=int(chosen.sum()),
        size=int(expected.size),
        first_index=first,
        expected_at=format_number(expected[first]),
        actual_at=format_number(actual[first]),
        largest=format_number(distances.max()) if distances.size else "",
    )


def is_close(expected: NDArray[Any], actual: NDArray[Any], tolerance: Tolerance) -> NDArray[np.bool_]:
    """Return where two arrays of one shape agree: integers exactly, NaN with NaN, an infinity with the same one."""
    if expected.dtype.kind in "biu" and actual.dtype.kind in "biu":
        return np.asarray(expected == actual)
    wide = np.complex128 if "c" in (expected.dtype.kind, actual.dtype.kind) else np.float64
    with np.errstate(all="ignore"):
        expected, actual = expected.astype(wide), actual.astype(wide)
        same = (expected == actual) | (np.isnan(expected) & np.isnan(actual))
        near = np.abs(actual - expected) <= tolerance.atol + tolerance.rtol * np.abs(expected)
        near &= np.isfinite(expected) & np.isfinite(actual)
        return np.asarray(same | near)


def format_number(value: Any) -> str:
    """Format a number with 6 significant digits; integers completely; `nan`, `inf`."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, complex | np.complexfloating):
        return f"{complex(value):.6g}"
    return f"{float(value):.6g}"
