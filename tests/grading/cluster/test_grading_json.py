"""Tests of a grading as JSON: it is read back unchanged, and any other text is refused."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.tensor_table import TensorTable
from grader.core.results.grading import CheckDetails, CheckResult, Grading, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun, ExceptionInfo, LimitHit
from grader.grading.cluster.grading_json import deserialize_grading, serialize_grading
from grader.store.tables.grading_rows import RESULT_COLUMNS, make_grading_row, make_result_rows

Make = Callable[..., Grading]

_TEXT = st.text(max_size=20)
_RAISED = st.builds(ExceptionInfo, _TEXT, _TEXT, _TEXT, st.none() | st.integers(1, 99), _TEXT)
_LIMIT = st.builds(LimitHit, _TEXT, st.floats(0, 9), st.none() | st.floats(0, 9), _TEXT)
_TABLE = st.builds(TensorTable, _TEXT, st.lists(st.integers(0, 9)).map(tuple), _TEXT, st.just((("1", "2"),)))
_CHECK = st.builds(
    CheckResult,
    st.just("a check"),
    st.sampled_from(Verdict),
    st.floats(0, 9),
    st.floats(9, 99),
    st.booleans(),
    reason=st.none() | _RAISED | _LIMIT,
    details=st.none() | st.builds(CheckDetails, inputs=st.lists(_TABLE, max_size=2).map(tuple), given=_TEXT),
)


def test_a_grading_is_read_back_unchanged(make_grading: Make) -> None:
    """Every field is equal: mismatches, exceptions, remarks, questions without checks."""
    assert deserialize_grading(serialize_grading(make_grading(fault=True))) == make_grading(fault=True)


@given(st.lists(_CHECK, max_size=3), st.lists(st.builds(CellRun, _TEXT, raised=st.none() | _RAISED), max_size=2))
def test_a_transferred_grading_is_stored_the_same(checks: list[CheckResult], cells: list[CellRun]) -> None:
    """The stored rows of a transferred grading equal those of one that was made here."""
    grading = Grading("e", "v", "g", "s", "full", (QuestionResult("q", "code", tuple(checks)),), tuple(cells))
    assert _rows(deserialize_grading(serialize_grading(grading))) == _rows(grading)


def _rows(grading: Grading) -> list[dict[str, Any]]:
    """Return the stored rows of a grading, with their JSON parsed."""
    row = make_grading_row(1, grading, datetime(2030, 1, 1, tzinfo=UTC))
    read = {name: json.loads(row[name]) for name in ("questions", "cells")}
    results = (dict(zip(RESULT_COLUMNS, one, strict=True)) for one in make_result_rows(1, grading))
    return [row | read, *(one | {"detail": json.loads(one["detail"])} for one in results)]


def _with(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        check = data["questions"][0]["checks"][0]
        (data if path in data else check)[path] = value

    return change


WRONG: dict[str, list[object]] = {
    "exercise": [None, 7, ["losses"]],
    "elapsed_ms": ["1.0", True, [], float("nan"), float("inf")],
    "points": ["2.0", None, float("-inf")],
    "hidden": [0, "false"],
    "verdict": ["splendid", 1],
    "questions": [{}, "", [7], None],
    "cells": [[{}], [["cell 1"]]],
}


@pytest.mark.parametrize("change", [_with(path, value) for path, values in WRONG.items() for value in values])
def test_other_types_are_refused(change: Callable[[dict[str, Any]], None], make_grading: Make) -> None:
    """Nothing is converted: a text is not accepted as a number, and no number is infinite."""
    data = json.loads(serialize_grading(make_grading()))
    change(data)
    with pytest.raises(ValueError, match=r"invalid grading|JSON compliant"):
        deserialize_grading(json.dumps(data))


@given(st.text() | st.recursive(st.none() | st.text(), lambda inner: st.lists(inner)).map(json.dumps))
def test_any_other_text_is_refused(text: str) -> None:
    """Any other text raises ValueError."""
    with pytest.raises(ValueError):
        deserialize_grading(text)


def test_deep_nesting_is_refused() -> None:
    """Deep nesting is refused without overflowing the stack."""
    with pytest.raises(ValueError):
        deserialize_grading("[" * 100_000)
