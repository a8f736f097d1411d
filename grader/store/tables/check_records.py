"""Results of checks in the flat form in which databases, and messages between machines, store them as JSON.

In this form a reason and an explanation are fields of a check (`raised`, `limit`, `relation`…), and a mismatch is one
object whose `kind` determines the fields that are set. Fields with their default are left out. The form must not
change, so that every version of the program can read it; the classes of the core may change.
"""

from dataclasses import dataclass
from typing import Literal, Self, assert_never

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
from grader.core.compare.tensors import Remark
from grader.core.results.grading import CheckDetails, CheckResult
from grader.core.results.reason import KnownMistake, ProcessDeath, Reason, Relation, Skipped
from grader.core.results.verdict import Verdict
from grader.core.text.messages import MessageLike
from grader.core.wire.job import ExceptionInfo, LimitHit, MissingName

MismatchKind = Literal["type", "text", "shape", "dtype", "nonfinite", "values", "keys", "length", "property"]


@dataclass
class MismatchRecord:
    """A wrong value. Only the fields that belong to `kind` are set; a length is a shape of one number."""

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


@dataclass
class DetailRecord:
    """The reason for a check's verdict, and the details that are shown.

    At most one of `mismatch`, `raised`, `missing`, `limit`, `signal` is set.
    """

    output: str = ""
    mismatch: MismatchRecord | None = None
    raised: ExceptionInfo | None = None
    missing: MissingName | None = None
    limit: LimitHit | None = None
    signal: str | None = None
    skipped: bool = False
    relation: Relation | None = None
    remarks: tuple[Remark, ...] = ()
    shown: CheckDetails | None = None
    printed: str = ""
    pending: float = 0.0
    carried: tuple[str, ...] = ()

    def fill_from(self, check: CheckResult) -> Self:
        """Copy the fields of a result, and return the record."""
        self.output, self.remarks, self.shown, self.printed = check.output, check.remarks, check.shown, check.printed
        self.pending, self.carried = check.pending, check.carried
        if isinstance(check.explanation, Relation):
            self.relation = check.explanation
        if check.reason is not None:
            _set_reason(self, check.reason)
        return self


@dataclass(kw_only=True)
class CheckRecord(DetailRecord):
    """A complete result, including the fields that have a column of their own in the database."""

    name: str
    verdict: Verdict
    points: float
    max_points: float
    hidden: bool
    mistake: str | None = None


def make_check_record(check: CheckResult) -> CheckRecord:
    """Return the record of a result."""
    return CheckRecord(
        name=check.name,
        verdict=check.verdict,
        points=check.points,
        max_points=check.max_points,
        hidden=check.hidden,
        mistake=check.mistake,
    ).fill_from(check)


def read_check_record(record: CheckRecord) -> CheckResult:
    """Return the result from which a record was made. Raises ValueError for a length that isn't one number."""
    columns = record.name, record.verdict, record.points, record.max_points, record.hidden
    return make_check_result(*columns, record.mistake, record)


def make_check_result(
    name: str,
    verdict: Verdict,
    points: float,
    max_points: float,
    hidden: bool,
    mistake: str | None,
    detail: DetailRecord,
) -> CheckResult:
    """Return the result with these columns and details."""
    return CheckResult(
        name,
        verdict,
        points,
        max_points,
        hidden,
        detail.output,
        _read_reason(detail),
        detail.relation if mistake is None else KnownMistake(mistake),
        detail.remarks,
        detail.shown,
        detail.printed,
        detail.pending,
        detail.carried,
    )


def _set_reason(record: DetailRecord, reason: Reason) -> None:
    match reason:
        case ExceptionInfo():
            record.raised = reason
        case MissingName():
            record.missing = reason
        case LimitHit():
            record.limit = reason
        case ProcessDeath(cause):
            record.signal = cause
        case Skipped(stopped_by):
            record.skipped = True
            if stopped_by is not None:
                _set_reason(record, stopped_by)
        case mismatch:
            record.mismatch = _make_mismatch_record(mismatch)


def _make_mismatch_record(mismatch: Mismatch) -> MismatchRecord:
    match mismatch:
        case TypeMismatch(expected, actual, where=where):
            return MismatchRecord("type", where, type_name=actual, expected_type=expected)
        case TextMismatch(where=where):
            return MismatchRecord("text", where)
        case KeysMismatch(missing, extra, where=where):
            return MismatchRecord("keys", where, missing=missing, extra=extra)
        case LengthMismatch(length, actual_length, where=where):
            return MismatchRecord("length", where, expected_shape=(length,), actual_shape=(actual_length,))
        case ShapeMismatch(shape, actual_shape, where=where):
            return MismatchRecord("shape", where, expected_shape=shape, actual_shape=actual_shape)
        case DtypeMismatch(expected, actual, where=where):
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
        mismatch.where,
        expected_shape=mismatch.shape,
        differing=mismatch.differing,
        size=mismatch.size,
        first=mismatch.first,
        expected_at=mismatch.expected_at,
        actual_at=mismatch.actual_at,
        largest=mismatch.largest,
    )


def _read_reason(record: DetailRecord) -> Reason | None:
    if record.skipped:
        return Skipped(_read_stop(record))
    if record.mismatch is not None:
        return _read_mismatch(record.mismatch)
    return record.raised or record.missing or _read_stop(record)


def _read_stop(record: DetailRecord) -> LimitHit | ProcessDeath | None:
    return record.limit if record.signal is None else ProcessDeath(record.signal)


def _read_mismatch(record: MismatchRecord) -> Mismatch:
    where = record.where
    match record.kind:
        case "type":
            return TypeMismatch(record.expected_type, record.type_name, where=where)
        case "text":
            return TextMismatch(where=where)
        case "keys":
            return KeysMismatch(record.missing, record.extra, where=where)
        case "length":
            return LengthMismatch(_read_length(record.expected_shape), _read_length(record.actual_shape), where=where)
        case "shape":
            return ShapeMismatch(record.expected_shape, record.actual_shape, where=where)
        case "dtype":
            return DtypeMismatch(record.expected_dtype, record.actual_dtype, where=where)
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
        where=record.where,
        shape=record.expected_shape,
        differing=record.differing,
        size=record.size,
        first=record.first,
        expected_at=record.expected_at,
        actual_at=record.actual_at,
        largest=record.largest,
    )
