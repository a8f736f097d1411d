"""Results of checks in the flat form in which databases, and messages between machines, store them as JSON.

In this form each kind of reason has a field of its own (`raised`, `limit`…). Fields with their default are left out.
The form must not change, so that every version of the program can read it; the classes of the core may change.
"""

from dataclasses import dataclass
from typing import Self

from grader.core.compare.tensors import Remark
from grader.core.results.grading import CheckDetails, CheckResult
from grader.core.results.reason import ProcessDeath, Reason, Relation, Skipped
from grader.core.results.verdict import Verdict
from grader.core.wire.job import ExceptionInfo, LimitHit, MissingName
from grader.store.tables.explanation_records import (
    ExplanationRecord,
    make_explanation_records,
    read_explanation_records,
)
from grader.store.tables.mismatch_records import MismatchRecord, make_mismatch_record, read_mismatch_record


@dataclass
class DetailRecord:
    """The reason for a check's verdict, and the details that are shown: the JSON of the column `detail`.

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
    explanations: tuple[ExplanationRecord, ...] = ()
    remarks: tuple[Remark, ...] = ()
    shown: CheckDetails | None = None
    printed: str = ""
    pending: float = 0.0
    carried: tuple[str, ...] = ()

    def fill_from(self, check: CheckResult) -> Self:
        """Copy the fields of a result, and return the record."""
        self.output, self.remarks, self.shown, self.printed = check.output, check.remarks, check.details, check.printed
        self.pending, self.carried = check.pending, check.carried
        self.relation, self.explanations = check.relation, make_explanation_records(check)
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
        read_explanation_records(mistake, detail.relation, detail.explanations),
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
            record.mismatch = make_mismatch_record(mismatch)


def _read_reason(record: DetailRecord) -> Reason | None:
    if record.skipped:
        return Skipped(_read_stop(record))
    if record.mismatch is not None:
        return read_mismatch_record(record.mismatch)
    return record.raised or record.missing or _read_stop(record)


def _read_stop(record: DetailRecord) -> LimitHit | ProcessDeath | None:
    return record.limit if record.signal is None else ProcessDeath(record.signal)
