"""Mismatches in the flat form in which databases, and messages between machines, store them as JSON.

A mismatch is one object, whose `kind` determines the fields that are set.
"""

from dataclasses import dataclass
from typing import Literal, assert_never

from grader.core.compare.mismatch import (
    DtypeMismatch,
    KeysMismatch,
    LengthMismatch,
    Mismatch,
    NonfiniteMismatch,
    PropertyMismatch,
    ShapeMismatch,
    TextMismatch,
    TypeMismatch,
    ValuesMismatch,
)
from grader.core.text.messages import MessageLike

MismatchKind = Literal["type", "text", "shape", "dtype", "nonfinite", "values", "keys", "length", "property"]


@dataclass
class MismatchRecord:
    """A mismatch of any kind. Only the fields that belong to `kind` are set; a length is a shape of one number."""

    kind: MismatchKind
    where: str = ""
    type_name: str = ""
    expected_type: str = ""
    expected_shape: tuple[int, ...] = ()
    actual_shape: tuple[int, ...] = ()
    expected_dtype: str = ""
    actual_dtype: str = ""
    differing: int = 0
    size: int = 0
    first: tuple[int, ...] = ()
    expected_at: str = ""
    actual_at: str = ""
    largest: str = ""
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    text: MessageLike = ""


def make_mismatch_record(mismatch: Mismatch) -> MismatchRecord:
    """Return the record of a mismatch."""
    match mismatch:
        case TypeMismatch(expected, actual, location=where):
            return MismatchRecord("type", where, type_name=actual, expected_type=expected)
        case TextMismatch(location=where):
            return MismatchRecord("text", where)
        case KeysMismatch(missing, extra, location=where):
            return MismatchRecord("keys", where, missing=missing, extra=extra)
        case LengthMismatch(length, actual_length, location=where):
            return MismatchRecord("length", where, expected_shape=(length,), actual_shape=(actual_length,))
        case ShapeMismatch(shape, actual_shape, location=where):
            return MismatchRecord("shape", where, expected_shape=shape, actual_shape=actual_shape)
        case DtypeMismatch(expected, actual, location=where):
            return MismatchRecord("dtype", where, expected_dtype=expected, actual_dtype=actual)
        case NonfiniteMismatch():
            return _make_values_record("nonfinite", mismatch)
        case ValuesMismatch():
            return _make_values_record("values", mismatch)
        case PropertyMismatch(text):
            return MismatchRecord("property", text=text)
        case _:
            assert_never(mismatch)


def _make_values_record(
    kind: Literal["nonfinite", "values"], mismatch: NonfiniteMismatch | ValuesMismatch
) -> MismatchRecord:
    return MismatchRecord(
        kind,
        mismatch.location,
        expected_shape=mismatch.shape,
        differing=mismatch.differing,
        size=mismatch.size,
        first=mismatch.first_index,
        expected_at=mismatch.expected_at,
        actual_at=mismatch.actual_at,
        largest=mismatch.largest,
    )


def read_mismatch_record(record: MismatchRecord) -> Mismatch:
    """Return the mismatch from which a record was made. Raises ValueError for a length that isn't one number."""
    where = record.where
    match record.kind:
        case "type":
            return TypeMismatch(record.expected_type, record.type_name, location=where)
        case "text":
            return TextMismatch(location=where)
        case "keys":
            return KeysMismatch(record.missing, record.extra, location=where)
        case "length":
            return LengthMismatch(
                _read_length(record.expected_shape), _read_length(record.actual_shape), location=where
            )
        case "shape":
            return ShapeMismatch(record.expected_shape, record.actual_shape, location=where)
        case "dtype":
            return DtypeMismatch(record.expected_dtype, record.actual_dtype, location=where)
        case "property":
            return PropertyMismatch(record.text)
        case "nonfinite" | "values":
            return _read_values(NonfiniteMismatch if record.kind == "nonfinite" else ValuesMismatch, record)
        case _:
            assert_never(record.kind)


def _read_length(shape: tuple[int, ...]) -> int:
    if len(shape) != 1:
        raise ValueError(f"no grading: a length is one number, not {shape}")
    return shape[0]


def _read_values(
    kind: type[NonfiniteMismatch] | type[ValuesMismatch], record: MismatchRecord
) -> NonfiniteMismatch | ValuesMismatch:
    return kind(
        location=record.where,
        shape=record.expected_shape,
        differing=record.differing,
        size=record.size,
        first_index=record.first,
        expected_at=record.expected_at,
        actual_at=record.actual_at,
        largest=record.largest,
    )
