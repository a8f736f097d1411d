"""Tests of the JSON of a check's result: version 0.1.0's form is read and written, and nothing is lost.

Covers `store/tables/mismatch_records.py` and `store/tables/explanation_records.py`.
"""

import lzma
import sqlite3
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from grader.core.compare.mismatch import (
    DtypeMismatch,
    KeysMismatch,
    LengthMismatch,
    NonfiniteMismatch,
    PropertyMismatch,
    ShapeMismatch,
    TextMismatch,
    TypeMismatch,
    ValuesMismatch,
)
from grader.core.compare.tensor_table import TensorTable
from grader.core.compare.tensors import Remark
from grader.core.results.grading import CheckDetails, CheckResult, QuestionResult
from grader.core.results.reason import (
    CodePlace,
    Departure,
    Explanation,
    KnownMistake,
    ProcessDeath,
    Reason,
    Relation,
    Repair,
    RepairEdit,
    ReturnedForm,
    Skipped,
)
from grader.core.results.verdict import Verdict
from grader.core.text.messages import Message, gettext, ngettext
from grader.core.wire.job import ExceptionInfo, LimitHit, MissingName, NameOrigin
from grader.store.tables.check_records import CheckRecord, make_check_record, read_check_record
from grader.store.tables.grading_rows import RESULT_COLUMNS, build_check, make_check_rows

CLASS = Path(__file__).parents[2] / "compatibility" / "class.db.xz"
"""A small class's database of version 0.1.0."""

COUNTED = ngettext("{n} line", "{n} lines", n=3)
REASONS: list[tuple[str, Reason | None]] = [
    ("{}", None),
    (
        """{"mismatch":{"kind":"type","where":"['W'][0]","type_name":"int","expected_type":"dict"}}""",
        TypeMismatch("dict", "int", location="['W'][0]"),
    ),
    ('{"mismatch":{"kind":"type","type_name":"function"}}', TypeMismatch("", "function")),
    ("""{"mismatch":{"kind":"text","where":"['a']"}}""", TextMismatch(location="['a']")),
    ('{"mismatch":{"kind":"text"}}', TextMismatch()),
    (
        '{"mismatch":{"kind":"keys","where":"[1]","missing":["a","b"],"extra":["c"]}}',
        KeysMismatch(("a", "b"), ("c",), location="[1]"),
    ),
    (
        """{"mismatch":{"kind":"length","where":"['W']","expected_shape":[2],"actual_shape":[0]}}""",
        LengthMismatch(2, 0, location="['W']"),
    ),
    (
        '{"mismatch":{"kind":"shape","where":"[0]","expected_shape":[2,3],"actual_shape":[6]}}',
        ShapeMismatch((2, 3), (6,), location="[0]"),
    ),
    ('{"mismatch":{"kind":"shape","actual_shape":[1]}}', ShapeMismatch((), (1,))),
    (
        '{"mismatch":{"kind":"dtype","where":"[0]","expected_dtype":"float64","actual_dtype":"int64"}}',
        DtypeMismatch("float64", "int64", location="[0]"),
    ),
    (
        '{"mismatch":{"kind":"nonfinite","where":"[0]","expected_shape":[2,3],"differing":2,"size":6,"first":[0,1],'
        '"expected_at":"0.5","actual_at":"nan","largest":"0.1"}}',
        NonfiniteMismatch(
            location="[0]",
            shape=(2, 3),
            differing=2,
            size=6,
            first_index=(0, 1),
            expected_at="0.5",
            actual_at="nan",
            largest="0.1",
        ),
    ),
    (
        '{"mismatch":{"kind":"values","differing":1,"size":1,"expected_at":"0.5","actual_at":"0","largest":"0.5"}}',
        ValuesMismatch(differing=1, size=1, expected_at="0.5", actual_at="0", largest="0.5"),
    ),
    (
        '{"mismatch":{"kind":"property","text":"The rows don\'t sum to 1."}}',
        PropertyMismatch("The rows don't sum to 1."),
    ),
    (
        '{"mismatch":{"kind":"property","text":{"template":"`{name}` is wrong: {why}.","fields":[["name","W"],'
        '["why",{"template":"{n} line","fields":[["n","3"]],"plural":"{n} lines"}]]}}}',
        PropertyMismatch(gettext("`{name}` is wrong: {why}.", name="W", why=COUNTED)),
    ),
    (
        '{"raised":{"type":"ValueError","message":"no: ü","cell":"cell 3","line":4,"text":"  x = f(y)",'
        '"function":"f"}}',
        ExceptionInfo("ValueError", "no: ü", "cell 3", 4, "  x = f(y)", "f"),
    ),
    ('{"raised":{"type":"NameError","message":"","blank":true}}', ExceptionInfo("NameError", "", blank=True)),
    ('{"missing":{"name":"softmax"}}', MissingName("softmax")),
    ('{"missing":{"name":"softmax","blank":true}}', MissingName("softmax", blank=True)),
    (
        '{"missing":{"name":"softmax","origin":{"name":"softmax","type":"int","cell":"cell 9"}}}',
        MissingName("softmax", origin=NameOrigin("softmax", "int", "cell 9")),
    ),
    ('{"limit":{"name":"cpu","allowed":2.0,"used":2.5,"unit":"s"}}', LimitHit("cpu", 2.0, 2.5, "s")),
    (
        '{"limit":{"name":"memory","allowed":512.0,"used":null,"unit":"bytes"}}',
        LimitHit("memory", 512.0, None, "bytes"),
    ),
    ('{"signal":"it ended by itself"}', ProcessDeath("it ended by itself")),
    (
        '{"limit":{"name":"wall","allowed":2.0,"used":2.5,"unit":"s"},"skipped":true}',
        Skipped(LimitHit("wall", 2.0, 2.5, "s")),
    ),
    ('{"signal":"SIGSEGV","skipped":true}', Skipped(ProcessDeath("SIGSEGV"))),
    ('{"skipped":true}', Skipped()),
]
"""Pairs of the JSON that version 0.1.0 wrote into the column `detail`, and the reason that it stands for."""


def row_of(detail: str, mistake: str | None = None) -> dict[str, Any]:
    """Return a row of `results` with such details."""
    values = (1, 0, "q", "code", "c", "wrong_answer", 0.0, 2.0, False, mistake, detail)
    return dict(zip(RESULT_COLUMNS, values, strict=True))


def write(check: CheckResult) -> dict[str, Any]:
    """Return the row of `results` of a check."""
    (row,) = make_check_rows(QuestionResult("q", "code", (check,)))
    return dict(zip(RESULT_COLUMNS, (1, 0, *row), strict=True))


def check_of(reason: Reason | None = None, *explanations: Explanation, **more: Any) -> CheckResult:
    """Return a check with this reason and these explanations."""
    return CheckResult("c", Verdict.WRONG_ANSWER, 0.0, 2.0, False, reason=reason, explanations=explanations, **more)


@pytest.mark.parametrize(("detail", "reason"), REASONS)
def test_old_reasons_are_read_and_written_alike(detail: str, reason: Reason | None) -> None:
    """Each form of JSON that a reason has had means the same reason, which is written in that form."""
    assert build_check(row_of(detail)) == check_of(reason)
    assert write(check_of(reason)) == row_of(detail)


def test_every_reason_is_among_them() -> None:
    """The forms above cover every class that a reason can have."""
    assert {type(reason) for _, reason in REASONS} == {*get_args(Reason), type(None)}


def test_the_rest_is_read_and_written_alike() -> None:
    """Explanations, remarks, shown details, pending points and carried outputs keep their form too."""
    assert build_check(row_of("{}", "squared")) == check_of(None, KnownMistake("squared"))
    assert write(check_of(None, KnownMistake("squared"))) == row_of("{}", "squared")
    more = '{"output":"W","relation":{"kind":"scaled","detail":"2"},"remarks":[{"kind":"converted","detail":"list"}],'
    more += '"shown":{"given":"W, u"},"printed":"hello","pending":2.0,"carried":["delta2"]}'
    check = check_of(
        None,
        Relation("scaled", "2"),
        output="W",
        remarks=(Remark("converted", "list"),),
        details=CheckDetails(given="W, u"),
        printed="hello",
        pending=2.0,
        carried=("delta2",),
    )
    assert build_check(row_of(more)) == check
    assert write(check) == row_of(more)


def test_several_explanations_are_read_and_written() -> None:
    """Several explanations keep their order; the first known mistake and relation stand where they always stood."""
    place = CodePlace("cell 3", 5)
    explanations = KnownMistake("squared", place), Relation("negated"), Departure("values", "delta1", place)
    row = write(check_of(None, *explanations))
    assert row["mistake"] == "squared"
    assert '"relation":{"kind":"negated"}' in row["detail"]
    assert build_check(row) == check_of(None, *explanations)


def test_an_old_class_is_read_and_written_alike(tmp_path: Path) -> None:
    """Every row that version 0.1.0 wrote for a small class is unchanged after reading and writing."""
    (tmp_path / "class.db").write_bytes(lzma.decompress(CLASS.read_bytes()))
    with closing(sqlite3.connect(tmp_path / "class.db")) as connection:
        found = connection.execute(f"SELECT {', '.join(RESULT_COLUMNS[2:])} FROM results").fetchall()
    rows = [dict(zip(RESULT_COLUMNS[2:], row, strict=True)) for row in found]
    assert len(rows) == 501
    for row in rows:
        (again,) = make_check_rows(QuestionResult(row["question"], row["kind"], (build_check(row),)))
        assert dict(zip(RESULT_COLUMNS[2:], again, strict=True)) == row


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)
origin = st.none() | st.builds(NameOrigin, text, text, text)
texts = st.lists(text, max_size=2).map(tuple)
count = st.integers(0, 2**70)
shape = st.lists(count, max_size=3).map(tuple)
amount = st.floats(0, 1e9)
message = st.recursive(
    text, lambda inner: st.builds(Message, text, st.lists(st.tuples(text, inner), max_size=2).map(tuple), text)
)
places = {"location": text, "shape": shape, "differing": count, "size": count, "first_index": shape} | dict.fromkeys(
    ("expected_at", "actual_at", "largest"), text
)
stop = st.builds(LimitHit, text, amount, st.none() | amount, text) | st.builds(ProcessDeath, text)
reasons: st.SearchStrategy[Reason] = st.one_of(
    st.builds(TypeMismatch, text, text, location=text),
    st.builds(TextMismatch, location=text),
    st.builds(KeysMismatch, texts, texts, location=text),
    st.builds(LengthMismatch, count, count, location=text),
    st.builds(ShapeMismatch, shape, shape, location=text),
    st.builds(DtypeMismatch, text, text, location=text),
    st.builds(NonfiniteMismatch, **places),
    st.builds(ValuesMismatch, **places),
    st.builds(PropertyMismatch, message),
    st.builds(ExceptionInfo, text, text, text, st.none() | count, text, text, st.booleans(), origin),
    st.builds(MissingName, text, st.booleans(), origin),
    stop,
    st.builds(Skipped, st.none() | stop),
)
code_places = st.builds(CodePlace, text, count)
explanations: st.SearchStrategy[Explanation] = st.one_of(
    st.builds(KnownMistake, text, st.none() | code_places),
    st.builds(Relation, text, text),
    st.builds(ReturnedForm, text, text),
    st.builds(Departure, text, text, code_places, shape, shape),
    st.builds(Repair, st.lists(st.builds(RepairEdit, text, code_places, text, text), max_size=2).map(tuple)),
)
tables = st.builds(TensorTable, text, shape, text, st.tuples(texts), st.just(((0, 0),)))
shown = st.builds(CheckDetails, st.lists(tables, max_size=1).map(tuple), given=text)
strategies = {
    "name": text,
    "verdict": st.sampled_from(Verdict),
    "points": amount,
    "max_points": amount,
    "hidden": st.booleans(),
    "output": text,
    "reason": st.none() | reasons,
    "explanations": st.lists(explanations, max_size=3).map(tuple),
    "remarks": st.lists(st.builds(Remark, text, text), max_size=2).map(tuple),
    "details": st.none() | shown,
    "printed": text,
    "pending": amount,
    "carried": texts,
}
results = st.builds(CheckResult, **strategies)
records = TypeAdapter(CheckRecord)


def test_every_field_of_a_result_is_drawn() -> None:
    """Every field of a result is drawn below, so that a new one has to be written and read too."""
    assert {field.name for field in fields(CheckResult)} == set(strategies)


@given(results)
def test_a_result_is_read_back_from_its_row(check: CheckResult) -> None:
    """Any result is read back unchanged from its row."""
    assert build_check(write(check)) == check


@given(results)
def test_a_result_is_read_back_from_its_message(check: CheckResult) -> None:
    """Any result is read back unchanged from the JSON sent to another machine."""
    sent = records.dump_json(make_check_record(check), exclude_defaults=True)
    assert read_check_record(records.validate_json(sent, strict=True)) == check


@pytest.mark.parametrize("shape", ["", ',"expected_shape":[2]', ',"expected_shape":[2],"actual_shape":[3,4]'])
def test_a_length_is_one_number(shape: str) -> None:
    """A length with none or several numbers, which the program never writes, is refused."""
    with pytest.raises(ValueError, match="a length is one number"):
        build_check(row_of('{"mismatch":{"kind":"length"' + shape + "}}"))
