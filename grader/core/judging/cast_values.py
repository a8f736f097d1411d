"""Convert all floats of a value, or of the results of calls, to another precision."""

from dataclasses import replace
from typing import Any

import numpy as np

from grader.core.wire.job import ActionResult, Answer
from grader.core.wire.values import Value


def cast_floats(value: Value, dtype: np.dtype[Any]) -> Value:
    """Return a value with all its floats, arrays of them and single ones, converted; everything else unchanged."""
    if isinstance(value, dict):
        return {key: cast_floats(item, dtype) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([cast_floats(item, dtype) for item in value])
    if isinstance(value, float) or (isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "f"):
        with np.errstate(over="ignore"):
            return np.asarray(value).astype(dtype)[()]
    return value


def cast_answer(answer: Answer, dtype: np.dtype[Any]) -> Answer:
    """Return an answer with the floats of its results converted."""
    return replace(answer, results=tuple(_cast_result(result, dtype) for result in answer.results))


def _cast_result(result: ActionResult, dtype: np.dtype[Any]) -> ActionResult:
    return replace(
        result,
        value=cast_floats(result.value, dtype),
        arguments=None if result.arguments is None else cast_floats(result.arguments, dtype),
        locals=cast_floats(dict(result.locals), dtype),
    )
