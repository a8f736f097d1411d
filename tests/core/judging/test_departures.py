"""The first variable that departs, in steps and reference values written by hand.

Covers `core/judging/reference_traces.py`.
"""

from typing import Any

import numpy as np
import pytest

from grader.core.compare.tensors import Tolerance
from grader.core.judging.departures import TracedCase, contradicts, find_departure
from grader.core.judging.reference_traces import trace_reference
from grader.core.results.reason import CodePlace, Departure
from grader.core.wire.values import Value

A = np.array([[1.0, 2.0], [3.0, 4.0]])


def case(steps: list[tuple[int, str, Value]], *, right: bool = False, **reference: Value) -> TracedCase:
    """Return a case with the values of the reference's variables."""
    return TracedCase(steps, tuple(reference.items()), right, Tolerance())


def test_a_shape_departs() -> None:
    """The first variable of another shape is named with both shapes, if one before it is right."""
    cases = [case([(2, "n", 2), (3, "a", A[None]), (4, "b", A + 1)], n=2, a=A, b=A) for _ in range(2)]
    assert find_departure(cases, "cell 1") == Departure("shape", "a", CodePlace("cell 1", 3), (1, 2, 2), (2, 2))


def test_values_depart() -> None:
    """A variable with other values is named without any of them."""
    assert find_departure([case([(2, "n", 2), (3, "a", A + 1)], n=2, a=A)], "cell 1") == Departure(
        "values", "a", CodePlace("cell 1", 3)
    )


def test_a_passing_case_shows_that_the_name_means_the_same() -> None:
    """Where nothing before it agrees, a variable is named only if it agrees in a passing case."""
    failing = case([(3, "a", A + 1)], a=A)
    assert find_departure([failing], "c") is None
    assert find_departure([failing, case([(3, "a", A)], right=True, a=A)], "c") is not None
    assert find_departure([failing], "c", lambda name: name == "a") is not None


@pytest.mark.parametrize(
    "others",
    [
        [case([(2, "n", 2), (3, "a", A + 1)], right=True, n=2, a=A)],  # another way to the right result
        [case([(2, "n", 2), (3, "a", A)], n=2, a=A)],  # right in a failing case
        [case([(2, "n", 2)], n=2, a=A)],  # not assigned in a failing case
        [case([(2, "n", 2), (4, "a", A + 1)], n=2, a=A)],  # assigned at another line
        [case([(2, "n", 2), (3, "a", A[None])], n=2, a=A)],  # another shape in one case, values in another
    ],
)
def test_doubt_is_silence(others: list[TracedCase]) -> None:
    """Nothing is said of a variable that doesn't depart in the same way in all failing cases, and in these alone."""
    assert find_departure([case([(2, "n", 2), (3, "a", A + 1)], n=2, a=A), *others], "c") is None


def test_intermediate_values_are_no_departure() -> None:
    """A value that is corrected later, or that the reference has at another time, is right."""
    assert find_departure([case([(2, "n", 2), (3, "a", A + 1), (4, "a", A)], n=2, a=A)], "c") is None
    early = TracedCase(
        [(2, "n", 2), (3, "a", A)], (("n", 2), ("a", A), ("a", A + 1)), is_right=False, tolerance=Tolerance()
    )
    assert find_departure([early], "c") is None


def test_names_of_the_students_own_are_left_alone() -> None:
    """Variables that the reference doesn't have, and values that aren't numbers, are not compared."""
    assert find_departure([case([(2, "mine", A), (3, "a", {"b": 1})], a=A)], "c") is None
    assert find_departure([], "c") is None
    assert find_departure([case([(2, "n", 2)], right=True, n=2)], "c") is None


def test_hidden_checks_silence() -> None:
    """A departure that also occurs in a right case is contradicted."""
    departure = Departure("values", "a", CodePlace("c", 3))
    assert contradicts(departure, [case([(3, "a", A + 1)], right=True, a=A)])
    assert not contradicts(departure, [case([(3, "a", A)], right=True, a=A), case([(3, "a", A + 1)], a=A)])


def normalize(x: Any) -> Any:
    """Return shares."""
    total = np.sum(x)
    if total > 0:
        x = x / total
    return x


def test_the_variables_of_a_reference() -> None:
    """A reference's variables are listed in the order of assignment; its arguments stay as they are."""
    given = np.array([1.0, 3.0])
    traced = trace_reference(normalize, (given,))
    assert [name for name, _ in traced] == ["total", "x"]
    assert traced[0][1] == 4
    assert traced[1][1].tolist() == [0.25, 0.75]
    assert given.tolist() == [1.0, 3.0]


def test_a_reference_without_source() -> None:
    """Of numpy's own functions, and of none, there are no variables."""
    for other in (np.sum, None, len):
        assert trace_reference(other, (given := np.ones(2),)) == ()
        assert given.tolist() == [1.0, 1.0]
