"""Tests of the cache for a class: encoded requests, and answers by their bytes."""

from typing import Any

import numpy as np
import pytest

from grader.core.wire.encode import encode
from grader.core.wire.job import Call, Request, Status
from grader.core.wire.values import InvalidValueError
from grader.sandbox.request_cache import EncodedRequests, RequestCache

REQUESTS = (Request("q", "check", (Call("f", (1,)),)), Request("q", "other", (Call("f", (2,)),)))


def encode_result(value: object, **fields: Any) -> bytes:
    """Return the bytes of an answer to one call."""
    result = {"value": value, "locals": {}, "changed": []}
    answer = {"returned": [result], "warnings": [], "printed": "", "printed_bytes": 0}
    return encode(answer | fields, 10**6)


def test_requests_are_encoded_once_for_a_class() -> None:
    """Equal requests give the same bytes again, and different ones never do."""
    exercises = RequestCache()
    first = exercises.get_encoded(REQUESTS)
    assert exercises.get_encoded(REQUESTS) is first
    assert exercises.get_encoded((*REQUESTS,)) is not first
    for i in range(20):
        exercises.get_encoded((Request(str(i), "check", ()),))
    assert exercises.get_encoded(REQUESTS) is not first


def test_equal_answers_are_one_object() -> None:
    """Equal bytes to the same request give the same answer object; otherwise another one."""
    asked = EncodedRequests(REQUESTS)
    first = asked.decode_answer(0, encode_result(np.ones(3)))
    assert first.is_shared
    assert asked.decode_answer(0, encode_result(np.ones(3))) is first
    assert asked.decode_answer(1, encode_result(np.ones(3))) is not first
    assert asked.decode_answer(0, encode_result(np.zeros(3))).results[0].value.tolist() == [0, 0, 0]


def test_large_answers_and_failures_are_not_cached() -> None:
    """Large or unfinished answers are decoded again each time."""
    asked = EncodedRequests(REQUESTS)
    for data in (encode_result(np.ones(1000)), encode({"too_large": 10**9}, 100)):
        first = asked.decode_answer(0, data)
        assert not first.is_shared
        assert asked.decode_answer(0, data) is not first
    assert first.ended is Status.OUTPUT_LIMIT


def test_malformed_bytes_are_refused_each_time() -> None:
    """Bytes that are not an answer are refused, whatever was decoded before."""
    asked = EncodedRequests(REQUESTS)
    for data in (b"", b"x", encode([1], 100), encode_result(1, returned=[])):
        for _ in range(2):
            with pytest.raises(InvalidValueError):
                asked.decode_answer(0, data)
