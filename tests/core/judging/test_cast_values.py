"""All floats of a result are converted, at any depth, and nothing else is."""

import numpy as np

from grader.core.judging.cast_values import cast_answer, cast_floats
from grader.core.wire.job import ActionResult, Answer

SINGLE = np.dtype(np.float32)


def test_floats_are_converted() -> None:
    """Arrays, numpy's and Python's floats get the dtype; what is beyond its range becomes infinite."""
    made = cast_floats({"a": [np.zeros(2), 0.1], "b": (np.float64(0.1),)}, SINGLE)
    assert made["a"][0].dtype == made["a"][1].dtype == made["b"][0].dtype == SINGLE
    assert made["a"][1] == np.float32(0.1)
    assert cast_floats(1e200, SINGLE) == np.inf


def test_other_values_stay() -> None:
    """Whole numbers, truth values, text and None stay as they are."""
    whole = np.arange(3)
    assert cast_floats([whole, 1, True, "0.5", None], SINGLE) == [whole, 1, True, "0.5", None]


def test_all_parts_of_a_result() -> None:
    """The value, the arguments and the local variables of each call are converted."""
    answer = cast_answer(Answer(results=(ActionResult(0.1, (0.2, 1), {"z": 0.3}), ActionResult(0.1))), SINGLE)
    first, second = answer.results
    assert first.value == second.value == np.float32(0.1)
    assert first.arguments == (np.float32(0.2), 1)
    assert first.locals == {"z": np.float32(0.3)}
    assert second.arguments is None
