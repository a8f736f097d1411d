"""Tests of untrusted messages: each is an answer to the request, or refused.

Covers `sandbox/inside/protocol.py` and `sandbox/parse_answers.py`.
"""

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.wire.job import Call, CellRun, ExceptionInfo, Limits, MissingName, Read, Request, Status
from grader.core.wire.values import InvalidValueError
from grader.sandbox import job_messages, parse_answers
from grader.sandbox.inside import protocol
from grader.sandbox.inside.protocol import ANSWER_HEADER, CELL_ANSWER

REQUEST = Request("q", "check", (Call("f", (1, 2), ("delta",), True), Read("x")))
RAISED: dict[str, Any] = {
    "type": "ValueError",
    "message": "m",
    "cell": "cell 1",
    "line": 3,
    "text": "x",
    "function": "f",
    "blank": False,
    "memory": False,
    "wanted": None,
}
CALLED: dict[str, Any] = {"value": 3, "locals": {"delta": 4, "other": 5}, "changed": [1], "arguments": (1, 9)}
HONEST: dict[str, Any] = {
    "returned": [CALLED, {"value": "v"}],
    "printed": "p",
    "printed_bytes": 1,
    "warnings": ["overflow"],
}


def changed(message: dict[str, Any], path: tuple[Any, ...], value: object) -> dict[str, Any]:
    """Return a copy of a message with one field replaced."""
    key, *rest = path
    copy: Any = dict(message) if isinstance(message, dict) else list(message)
    copy[key] = changed(copy[key], tuple(rest), value) if rest else value
    result: dict[str, Any] = copy
    return result


def test_an_honest_answer() -> None:
    """Every field of an honest answer arrives; locals that were not requested don't."""
    answer = parse_answers.parse_answer(HONEST, REQUEST)
    called, read = answer.results
    assert (called.value, called.locals, called.changed_arguments, called.arguments) == (3, {"delta": 4}, (1,), (1, 9))
    assert (read.value, answer.printed, answer.warnings, answer.ended) == ("v", "p", ("overflow",), Status.DONE)


def test_failures_arrive() -> None:
    """An exception, a missing name and a blank arrive as such."""
    answer = parse_answers.parse_answer(changed(HONEST, ("returned", 0, "raised"), RAISED), REQUEST)
    assert answer.results[0].raised == ExceptionInfo("ValueError", "m", "cell 1", 3, "x", "f")
    missing = [{"missing": "f", "blank": False}, {"missing": "x", "blank": True}]
    answer = parse_answers.parse_answer({**HONEST, "returned": missing}, REQUEST)
    assert [returned.raised for returned in answer.results] == [MissingName("f"), MissingName("x", blank=True)]


LIES = [
    (("returned",), []),
    (("returned",), [CALLED]),
    (("returned",), "xx"),
    (("returned", 0), 3),
    (("returned", 0, "changed"), [2]),
    (("returned", 0, "changed"), [True]),
    (("returned", 0, "changed"), "0"),
    (("returned", 0, "arguments"), (1,)),
    (("returned", 0, "arguments"), None),
    (("returned", 0, "locals"), []),
    (("returned", 0, "raised"), {}),
    (("returned", 0, "raised"), {**RAISED, "line": "3"}),
    (("returned", 0, "raised"), {**RAISED, "blank": 1}),
    (("returned", 0, "raised"), {**RAISED, "type": None}),
    (("printed",), None),
    (("printed_bytes",), 1.0),
    (("warnings",), [1]),
    (("warnings",), "w"),
]


@pytest.mark.parametrize(("path", "value"), LIES)
def test_a_wrong_field_is_refused(path: tuple[Any, ...], value: object) -> None:
    """A field of the wrong type refuses the whole answer."""
    with pytest.raises(InvalidValueError):
        parse_answers.parse_answer(changed(HONEST, path, value), REQUEST)


def test_empty_fields_may_be_left_out() -> None:
    """Missing locals, changes, printed text and warnings count as empty."""
    called = {"value": 3, "arguments": (1, 9)}
    answer = parse_answers.parse_answer({"returned": [called, {"value": "v"}]}, REQUEST)
    empty: dict[str, Any] = {"locals": {}, "changed": []}
    full = {"returned": [called | empty, {"value": "v"}], "warnings": [], "printed": "", "printed_bytes": 0}
    assert answer == parse_answers.parse_answer(full, REQUEST)


@pytest.mark.parametrize("path", [("returned",), ("returned", 0, "arguments")])
def test_requested_fields_may_not_be_left_out(path: tuple[Any, ...]) -> None:
    """A requested field is required, and a list must be as long as the request's."""
    whole: Any = {**HONEST, "returned": [dict(CALLED), {"value": "v"}]}
    *there, last = path
    holder = whole
    for key in there:
        holder = holder[key]
    del holder[last]
    with pytest.raises(InvalidValueError):
        parse_answers.parse_answer(whole, REQUEST)


def test_values_arrive_as_separate_copies() -> None:
    """One array for two arguments arrives as two writable, resizable ones, with equal numbers and types."""
    shared = np.arange(6, dtype=np.float32).reshape(2, 3)[:, ::-1]
    request = Request("q", "check", (Call("f", (shared, shared, [shared])),))
    (action,) = pickle.loads(job_messages.encode_request(0, request))["actions"]
    first, second, (third,) = action["args"]
    for array in (first, second, third):
        assert array.dtype == shared.dtype
        assert np.array_equal(array, shared)
        assert array.flags.owndata
        assert array.flags.writeable
    first[:] = 0
    assert np.array_equal(second, shared)
    assert np.array_equal(third, shared)


LONG = st.sampled_from(
    [None, True, -1, 2**70, 0.5, "x" * 9000, [], {}, {"raised": RAISED}, [CALLED] * 2, RAISED, ("a",)]
)
VALUES = st.recursive(
    LONG,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*HONEST, *CALLED, *RAISED, "missing", "too_large", "spoilt", "remarks"]), inner, max_size=5
        )
    ),
)


@given(VALUES)
def test_any_data_are_an_answer_or_refused(data: object) -> None:
    """Any data are an answer of bounded size, or refused with InvalidValueError."""
    limits = Limits(printed=100)
    request = Request("q", "check", REQUEST.actions, limits=limits)
    try:
        answer = parse_answers.parse_answer(data, request)
    except InvalidValueError:
        pass
    else:
        assert len(answer.results) in (0, len(REQUEST.actions))
        assert len(answer.printed) <= 100
    try:
        run = parse_answers.parse_cell_run(data, "cell 1", limits)
        parse_answers.is_child_exhausted(data)
    except InvalidValueError:
        return
    assert isinstance(run, CellRun)
    assert len(run.printed) <= 100
    assert all(len(remark) <= 4000 for remark in run.remarks)


NONCE = "0123456789abcdef"
HEADS = {
    "nothing": b"",
    "cut short": ANSWER_HEADER.pack(NONCE.encode(), CELL_ANSWER, 1)[:-1],
    "another nonce": ANSWER_HEADER.pack(b"0" * 16, CELL_ANSWER, 1),
    "another kind": ANSWER_HEADER.pack(NONCE.encode(), protocol.REQUEST_ANSWER, 1),
    "another number": ANSWER_HEADER.pack(NONCE.encode(), CELL_ANSWER, 2),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_an_answer_to_something_else_is_refused(head: bytes) -> None:
    """A frame has to repeat this job's nonce, and kind and index of the message it answers."""
    assert (
        job_messages.unwrap_answer(ANSWER_HEADER.pack(NONCE.encode(), CELL_ANSWER, 1) + b"said", NONCE, CELL_ANSWER, 1)
        == b"said"
    )
    with pytest.raises(InvalidValueError):
        job_messages.unwrap_answer(head + b"said", NONCE, CELL_ANSWER, 1)


@pytest.mark.parametrize(("wanted", "used"), [(2**40, 2**40), (5, None), (None, None), (True, None), ("x", None)])
def test_reported_memory_is_accepted_only_above_the_limit(wanted: object, used: int | None) -> None:
    """A cell that is out of memory reports the wanted amount; a number below the limit is ignored."""
    data = {"printed": "", "printed_bytes": 0, "remarks": [], "raised": {**RAISED, "memory": True, "wanted": wanted}}
    run = parse_answers.parse_cell_run(data, "cell 1", Limits())
    assert run.ended is Status.MEMORY_LIMIT
    assert run.limit
    assert (run.limit.name, run.limit.used) == ("memory", used)
