"""Results that could be handed in as an answer are recognized, in any shape, and others are not."""

import numpy as np
import pytest

from grader.core.compare.tensors import Tolerance
from grader.core.judging.answer_overlap import could_answer
from grader.core.judging.reference_data import Case
from grader.core.questions.checks import Check
from grader.core.wire.values import Value

A = np.array([[1.5, -2.0, 3.25], [4.0, 5.5, -6.75]])
B = np.array([0.5, 7.0])


def overlaps(expected: Value, result: Value, check: Check | None = None) -> bool:
    """Tell whether a result could be the answer where this is expected."""
    made = check or Check("check", "It is right.", 1.0, lambda rng: ())
    return could_answer(result, made, Case((), expected, {}))


@pytest.mark.parametrize(
    ("expected", "result"),
    [
        (A, A),
        (A, A * (1 + 1e-9)),
        (A, A.T),
        (A, A.ravel()),
        (A, A.tolist()),
        (A, A.astype(np.float32)),
        (A, [A, B]),
        (A, {"a": (B, A)}),
        ((A, B), A),
        ({"loss": 2.5, "y": B}, 2.5),
        (A, A[0]),
        (A, A[:, 1]),
        (A[1], A),
        (A[:, 1], A),
        (np.stack([A, 2 * A]), A),
        (np.hstack([A, B[:, None]]), A),
        (np.concatenate([B, A[0]]), B),
        ([1.0, 2.5, 3.0], 2.5),
        (2.5, np.float64(2.5)),
        (2.5, np.array([[2.5]])),
        ("relu", "relu"),
        (np.zeros((2, 0)), np.zeros(0)),
    ],
)
def test_what_could_be_handed_in(expected: Value, result: Value) -> None:
    """The same tensor in another form, a part of the answer, and an answer that is a row or column of the result."""
    assert overlaps(expected, result)


@pytest.mark.parametrize(
    ("expected", "result"),
    [
        (A, A + 1e-3),
        (A, -A),
        (A, 2 * A),
        (A, B),
        (A, None),
        (A, "text"),
        (2.5, np.array([1.0, 2.5, 3.0])),
        (np.sum(A), A),
        ((A, B), 3.0),
        (None, None),
    ],
)
def test_what_could_not(expected: Value, result: Value) -> None:
    """Other numbers, a calculation with the result, or the choice of one number of many."""
    assert not overlaps(expected, result)


def test_a_wide_tolerance() -> None:
    """What a check would accept counts as equal."""
    wide = Check("check", "It is near.", 1.0, lambda rng: (), tolerance=Tolerance(rtol=0.2))
    assert overlaps(A, A * 1.1, wide)
    assert not overlaps(A, A * 1.1)


def test_a_property() -> None:
    """A result with the property that a check asks for could be handed in, also one of its tensors or in its shape."""
    rows = Check(
        "check",
        "Rows have the sum 1.",
        1.0,
        lambda rng: (),
        holds=lambda value: None if np.allclose(np.sum(value, axis=-1), 1) else "No.",
    )
    expected, other = np.full((2, 4), 0.25), np.tile([0.1, 0.2, 0.3, 0.4], (2, 1))
    assert overlaps(expected, other, rows)
    assert overlaps(expected, (other, A), rows)
    assert overlaps(expected, other.ravel(), rows)
    assert not overlaps(expected, 2 * other, rows)
    assert overlaps({"a": expected, "b": A}, B, rows)


def test_what_a_result_repeats_of_its_arguments_is_no_news() -> None:
    """A cache of the arguments gives nothing away, alone or beside a new result; the new result may."""
    check = Check("check", "It is right.", 1.0, lambda rng: ())

    def overlaps_in(result: Value, args: tuple[Value, ...]) -> bool:
        return could_answer(result, check, Case((), A, {}), args)

    assert not overlaps_in((3 * B, (A, B)), (A, B))
    assert not overlaps_in({"Z": 3 * B, "cache": {"A": A, "same": (A, A)}}, (A, B))
    assert overlaps_in((A, (A, B)), (B,))
    assert overlaps_in((A.T, (B,)), (A, B))
