"""What is kept for a class: requests as bytes, and answers by their bytes."""

from typing import Any

import numpy as np
import pytest

from grader.core.wire.encode import encode
from grader.core.wire.job import Call, Request, Status
from grader.core.wire.values import InvalidValueError
from grader.sandbox.request_cache import EncodedRequests, RequestCache

REQUESTS = (Request("q", "check", (Call("f", (1,)),)), Request("q", "other", (Call("f", (2,)),)))


def said(value: object, **fields: Any) -> bytes:
    """The bytes of an answer to one call."""
    result = {"value": value, "locals": {}, "changed": []}
    answer = {"returned": [result], "warnings": [], "printed": "", "printed_bytes": 0}
    return encode(answer | fields, 10**6)


def test_requests_are_encoded_once_for_a_class() -> None:
    """The same requests, asked again, are the same bytes, and no others are taken for them."""
    exercises = RequestCache()
    first = exercises.get_encoded(REQUESTS)
    assert exercises.get_encoded(REQUESTS) is first
    assert exercises.get_encoded((*REQUESTS,)) is not first
    for i in range(20):
        exercises.get_encoded((Request(str(i), "check", ()),))
    assert exercises.get_encoded(REQUESTS) is not first


def test_the_same_answer_is_one_object() -> None:
    """The same bytes to the same request give the same answer; to another request, or other bytes, another."""
    asked = EncodedRequests(REQUESTS)
    first = asked.decode_answer(0, said(np.ones(3)))
    assert first.shared
    assert asked.decode_answer(0, said(np.ones(3))) is first
    assert asked.decode_answer(1, said(np.ones(3))) is not first
    assert asked.decode_answer(0, said(np.zeros(3))).returned[0].value.tolist() == [0, 0, 0]


def test_large_answers_and_failures_are_not_kept() -> None:
    """What is large, or no finished answer, is read anew each time and nobody's."""
    asked = EncodedRequests(REQUESTS)
    for data in (said(np.ones(1000)), encode({"too_large": 10**9}, 100)):
        first = asked.decode_answer(0, data)
        assert not first.shared
        assert asked.decode_answer(0, data) is not first
    assert first.ended is Status.OUTPUT_LIMIT


def test_rubbish_is_refused_each_time() -> None:
    """Bytes that are no answer are refused, whatever came before."""
    asked = EncodedRequests(REQUESTS)
    for data in (b"", b"x", encode([1], 100), said(1, returned=[])):
        for _ in range(2):
            with pytest.raises(InvalidValueError):
                asked.decode_answer(0, data)
