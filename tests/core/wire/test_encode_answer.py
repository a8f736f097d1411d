"""Tests of the encoding of an answer: what can't be sent is named, and what is too large is measured."""

from typing import Any

import numpy as np
import pytest

from grader.core.wire.decode import decode
from grader.core.wire.encode_answer import encode_answer, replace_unsendable
from grader.core.wire.values import Opaque

OVERHEAD = 1000


def nest(depth: int) -> list[Any]:
    """Return a list in a list, so many times."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_values_that_cant_be_sent_are_named() -> None:
    """A value nested too deep to be sent becomes the name of its type; the rest of the answer stays."""
    answer: dict[str, Any] = {"returned": [{"value": nest(50)}, {"value": 1}]}
    replace_unsendable(answer)
    assert [result["value"] for result in answer["returned"]] == [Opaque("list"), 1]
    sent = decode(encode_answer({"returned": [{"value": nest(50)}, {"value": 1}]}, 10_000, OVERHEAD))
    assert sent == answer


@pytest.mark.parametrize("field", ["value", "unreturned"])
def test_an_answer_that_is_too_large_is_measured(field: str) -> None:
    """In place of an answer beyond its limit, the bytes of its values are sent."""
    answer: dict[str, Any] = {"returned": [{field: np.zeros(1000)}]}
    assert decode(encode_answer(answer, 7_999, OVERHEAD)) == {"too_large": 8_000}
    assert set(decode(encode_answer(answer, 8_000, OVERHEAD))) == {"returned"}
