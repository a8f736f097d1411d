"""Converts gradings to rows and back. Fields used in SQL have a column; the rest is JSON, handled by pydantic.

The JSON is valid for PostgreSQL's jsonb too: Unicode without U+0000, and no NaN or infinity (the core writes those as
text).
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter

from grader.core.identity_cache import IdentityCache
from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.text.nfc import normalize_nfc
from grader.core.wire.job import CellRun
from grader.store.records import UnreadableResult
from grader.store.tables.check_records import DetailRecord, make_check_result
from grader.store.tables.row_size import MAX_ERROR_CHARS, MAX_JSON_BYTES, fit_cells, fit_detail, fit_details

ColumnMapping = Mapping[Any, Any]

_DETAIL_ADAPTER: Final = TypeAdapter(DetailRecord)
_CELLS_ADAPTER: Final = TypeAdapter(tuple[CellRun, ...])
_CHECK_COLUMNS: Final = ("name", "verdict", "points", "max_points", "hidden", "mistake")
_MAX_CACHED_QUESTIONS: Final = 1024  # number of questions
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def make_storable(line: str) -> str:
    """Return text that every database accepts: lone surrogates and U+0000 become U+FFFD."""
    return re.sub("[\ud800-\udfff\0]", "\ufffd", line)


def normalize_student_name(name: str) -> str:
    """Return a student's name as it is stored and looked up, however its accents were typed."""
    return normalize_nfc(make_storable(name))


def make_grading_row(submission_id: int, result: Grading | UnreadableResult, created_at: datetime) -> dict[str, Any]:
    """Return the row of `gradings`."""
    row = {
        "submission_id": submission_id,
        "course_version": result.course_version,
        "grader_version": result.grader_version,
        "seed": result.seed,
        "created_at": created_at,
        "max_score": result.max_score,
    }
    if isinstance(result, UnreadableResult):
        nothing = {"sandbox": "", "elapsed_ms": 0.0, "score": 0.0, "pending": 0.0, "faulted": False}
        return (
            row | nothing | {"error": make_storable(result.error[:MAX_ERROR_CHARS]), "questions": "[]", "cells": "[]"}
        )
    return row | {
        "sandbox": result.sandbox,
        "elapsed_ms": result.elapsed_ms,
        "score": result.score,
        "pending": result.pending,
        "faulted": result.has_grader_error,
        "error": None,
        "questions": dump_storable_json([[q.id, q.kind] for q in result.questions]),
        "cells": fit_cells(_CELLS_ADAPTER.dump_python(result.cells, exclude_defaults=True), dump_storable_json),
    }


QUESTION_COLUMNS: Final = ("grading_id", "question", "kind", "score", "max_score", "pending")
"""Columns of `question_results`, in the order of `make_question_rows`."""


def make_question_rows(grading_id: int, grading: Grading) -> list[tuple[Any, ...]]:
    """Return the rows of `question_results`."""
    return [(grading_id, q.id, str(q.kind), q.score, q.max_score, q.pending) for q in grading.questions]


RESULT_COLUMNS: Final = ("grading_id", "position", "question", "kind", *_CHECK_COLUMNS, "detail")
"""Columns of `results`, in the order of `make_result_rows`."""


def make_result_rows(
    grading_id: int, grading: Grading, checks_of: Callable[[QuestionResult], list[tuple[Any, ...]]] | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows of `results`, in order. `checks_of` replaces `make_check_rows`, for example by a cache."""
    checks = (row for question in grading.questions for row in (checks_of or make_check_rows)(question))
    rows = [(grading_id, position, *row) for position, row in enumerate(checks)]
    return fit_details(rows, dump_storable_json)


def make_check_rows(question: QuestionResult) -> list[tuple[Any, ...]]:
    """Return the rows of a question's checks from the third column on, which don't depend on the grading."""
    return [_make_check_row(question, check) for check in question.checks]


def _make_check_row(question: QuestionResult, check: CheckResult) -> tuple[Any, ...]:
    columns = {column: getattr(check, column) for column in _CHECK_COLUMNS} | {"verdict": str(check.verdict)}
    record = DetailRecord().fill_from(check)
    detail = dump_storable_json(_DETAIL_ADAPTER.dump_python(record, exclude_defaults=True))
    return (question.id, str(question.kind), *columns.values(), fit_detail(detail, MAX_JSON_BYTES, dump_storable_json))


class CheckRowCache:
    """A cache of `make_check_rows`, for results that recur as the same objects, as most of a class's do."""

    def __init__(self) -> None:
        self._rows: IdentityCache[list[tuple[Any, ...]]] = IdentityCache(_MAX_CACHED_QUESTIONS)

    def get_rows(self, question: QuestionResult) -> list[tuple[Any, ...]]:
        """Return the rows, which the caller must not change."""
        return self._rows.get_or_compute(lambda: make_check_rows(question), question)


def build_grading(exercise: str, row: ColumnMapping, results: Iterable[ColumnMapping]) -> Grading | UnreadableResult:
    """Return the grading from which the rows were made. `results` are in the order of their positions."""
    if row["error"] is not None:
        return UnreadableResult(
            row["error"], row["course_version"], row["grader_version"], row["seed"], row["max_score"]
        )
    checks: dict[str, list[CheckResult]] = {}
    for result in results:
        checks.setdefault(result["question"], []).append(build_check(result))
    return Grading(
        exercise=exercise,
        course_version=row["course_version"],
        grader_version=row["grader_version"],
        seed=row["seed"],
        sandbox=row["sandbox"],
        questions=tuple(
            QuestionResult(q, kind, tuple(checks.get(q, ()))) for q, kind, *_ in json.loads(row["questions"])
        ),
        cells=_CELLS_ADAPTER.validate_python(json.loads(row["cells"])),
        elapsed_ms=row["elapsed_ms"],
    )


def build_check(row: ColumnMapping) -> CheckResult:
    """Return the result from which a row of `results` was made."""
    detail = _DETAIL_ADAPTER.validate_json(row["detail"])
    verdict, hidden = Verdict(row["verdict"]), bool(row["hidden"])
    return make_check_result(row["name"], verdict, row["points"], row["max_points"], hidden, row["mistake"], detail)


def dump_storable_json(data: object) -> str:
    """Return JSON that every database accepts. Raises ValueError for NaN and infinity."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return make_storable(_NUL.sub(r"\1\\ufffd", text))
