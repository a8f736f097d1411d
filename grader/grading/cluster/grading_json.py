"""A grading as JSON for the transfer between machines, validated as strictly as any database requires."""

import json
import math
from dataclasses import dataclass
from typing import Final, NoReturn

from pydantic import TypeAdapter, ValidationError

from grader.core.results.grading import Grading, QuestionResult
from grader.core.wire.job import CellRun
from grader.store.tables.check_records import CheckRecord, make_check_record, read_check_record
from grader.store.tables.grading_rows import dump_storable_json


@dataclass
class _QuestionRecord:
    """A QuestionResult, its checks in the form that stays."""

    id: str
    kind: str
    checks: tuple[CheckRecord, ...]


@dataclass
class _GradingRecord:
    """A Grading, its checks in the form that stays."""

    exercise: str
    course_version: str
    grader_version: str
    seed: str
    sandbox: str
    questions: tuple[_QuestionRecord, ...]
    cells: tuple[CellRun, ...] = ()
    elapsed_ms: float = 0.0


_GRADING: Final = TypeAdapter(_GradingRecord)


def serialize_grading(grading: Grading) -> str:
    """Return the JSON of a grading, without fields that have their default."""
    questions = tuple(_QuestionRecord(q.id, q.kind, tuple(map(make_check_record, q.checks))) for q in grading.questions)
    record = _GradingRecord(**vars(grading) | {"questions": questions})
    return dump_storable_json(_GRADING.dump_python(record, exclude_defaults=True))


def deserialize_grading(text: str) -> Grading:
    """Parse such JSON. Raises ValueError for anything else: other types, missing fields, NaN."""
    try:
        record = _GRADING.validate_json(text, strict=True)
        json.loads(text, parse_constant=_refuse, parse_float=_parse_finite)
    except (ValidationError, RecursionError) as error:
        raise ValueError(f"invalid grading: {str(error).splitlines()[0]}") from None
    questions = tuple(QuestionResult(q.id, q.kind, tuple(map(read_check_record, q.checks))) for q in record.questions)
    return Grading(**vars(record) | {"questions": questions})


def _parse_finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"invalid grading: {constant} is not a finite number")
