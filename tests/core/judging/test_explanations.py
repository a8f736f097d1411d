"""The relation of a wrong tensor to the expected one is found."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.tensors import Tolerance
from grader.core.judging.evidence import Evidence
from grader.core.judging.explanations import find_relation
from grader.core.judging.reference_data import CallFailure, Case
from grader.core.results.reason import Relation

Rule = Callable[[Any, Any], Any]
seeds = st.integers(0, 2**32 - 1)


def evidence(seed: int, rule: Rule, *, sizes: tuple[tuple[int, int], ...] = ((3, 4), (5, 4), (2, 4))) -> list[Evidence]:
    """Return cases with an input x of each size, the expected tensor tanh(x), and the actual `rule(expected, x)`."""
    rng = np.random.default_rng(seed)
    cases, actual = [], []
    for size in sizes:
        x = rng.normal(size=size)
        expected = np.tanh(x)
        cases.append(Case((x,), expected, {}))
        actual.append(rule(expected, x))
    return [Evidence(tuple(cases), tuple(actual), Tolerance())]


def with_other_row(expected: Any, at: int) -> Any:
    """Return the tensor with one row replaced."""
    changed = expected.copy()
    changed[at] = 7.0
    return changed


PLANTED: list[tuple[str, Rule, Relation]] = [
    ("transposed", lambda e, x: e.T, Relation("transposed")),
    ("negated", lambda e, x: -e, Relation("negated")),
    ("the input given back", lambda e, x: x, Relation("input", "1")),
    ("summed", lambda e, x: e * len(x), Relation("summed")),
    ("averaged", lambda e, x: e / len(x), Relation("averaged")),
    ("twice", lambda e, x: 2 * e, Relation("scaled", "2")),
    ("half", lambda e, x: e / 2, Relation("scaled", "0.5")),
    ("shifted", lambda e, x: e + 0.25, Relation("shifted", "0.25")),
    ("rows reversed", lambda e, x: e[::-1], Relation("rows_reversed")),
    ("columns reversed", lambda e, x: e[:, ::-1], Relation("columns_reversed")),
    ("one row late", lambda e, x: np.roll(e, 1, axis=0), Relation("one_row_late")),
    ("one row early", lambda e, x: np.roll(e, -1, axis=0), Relation("one_row_early")),
    ("flattened", lambda e, x: e.ravel(), Relation("flattened")),
    ("rows summed", lambda e, x: e.sum(axis=0), Relation("summed_rows")),
    ("columns summed", lambda e, x: e.sum(axis=1), Relation("summed_columns")),
    ("first row wrong", lambda e, x: with_other_row(e, 0), Relation("one_row", "first")),
    ("last row wrong", lambda e, x: with_other_row(e, -1), Relation("one_row", "last")),
    ("inaccurate", lambda e, x: e * (1 + 1e-5 * np.sign(x)), Relation("inaccurate")),
    ("permuted", lambda e, x: np.sort(e, axis=None).reshape(e.shape), Relation("permuted")),
]


@pytest.mark.parametrize(("rule", "expected"), [p[1:] for p in PLANTED], ids=[p[0] for p in PLANTED])
@given(seed=seeds)
def test_planted_relation_is_found(rule: Rule, expected: Relation, seed: int) -> None:
    """A relation imposed on random tensors of several batch sizes is found and named."""
    assert find_relation(evidence(seed, rule, sizes=((3, 4), (6, 4), (5, 4)))) == expected


@given(seed=seeds)
def test_random_tensors_have_none(seed: int) -> None:
    """Random wrong tensors have no relation."""
    rng = np.random.default_rng(seed + 1)
    assert find_relation(evidence(seed, lambda e, x: rng.normal(size=e.shape))) is None


@given(seed=seeds)
def test_a_relation_must_hold_in_every_case(seed: int) -> None:
    """A relation that fails in a single case is not reported."""
    made = evidence(seed, lambda e, x: -e)[0]
    spoilt = Evidence(made.cases, (*made.actual[:-1], np.full((2, 4), 3.0)), Tolerance())
    assert find_relation([spoilt]) is None


def test_single_numbers_need_several_cases() -> None:
    """A factor of two in one number is not reported; in several it is."""

    def numbers(count: int) -> list[Evidence]:
        cases = tuple(Case((float(i),), 1.5 * i + 1, {}) for i in range(count))
        return [Evidence(cases, tuple(2 * case.expected for case in cases), Tolerance())]

    assert find_relation(numbers(1)) is None
    assert find_relation(numbers(6)) == Relation("scaled", "2")


def test_constant_tensors_have_no_relation() -> None:
    """If all expected numbers are equal, factor, shift and order can't be told apart, and none is reported."""
    cases = (Case((np.ones(4),), np.ones(4), {}),)
    assert find_relation([Evidence(cases, (np.full(4, 2.0),), Tolerance())]) is None


def test_right_answers_have_none() -> None:
    """Right answers have no relation."""
    assert find_relation(evidence(1, lambda e, x: e)) is None


@pytest.mark.parametrize("actual", [None, "text", CallFailure("ValueError"), [[1], [2, 3]], {"a": 1}])
def test_other_values_have_none(actual: Any) -> None:
    """A case without a tensor has no relation."""
    assert find_relation(evidence(1, lambda e, x: actual)) is None


def test_stale_answers() -> None:
    """A result that is always the previous call's expected one is reported."""
    made = evidence(5, lambda e, x: e, sizes=((3, 4),) * 4)[0]
    late = (made.actual[-1], *made.actual[:-1])
    assert find_relation([Evidence(made.cases, late, Tolerance())]) == Relation("stale")


def test_overflow_has_the_size_from_which_on_it_occurs() -> None:
    """Results that are NaN from a thousand on give that size, rounded to one digit because the case may be hidden."""
    cases, actual = [], []
    for scale in (1.0, 5.0, 1034.5):
        x = np.array([[0.5, -1.0, 1.0], [0.25, 0.5, -1.0]]) * scale
        powers = np.exp(x - x.max(axis=1, keepdims=True))
        cases.append(Case((x,), powers / powers.sum(axis=1, keepdims=True), {}))
        with np.errstate(all="ignore"):
            actual.append(np.exp(x) / np.exp(x).sum(axis=1, keepdims=True))
    assert find_relation([Evidence(tuple(cases), tuple(actual), Tolerance())]) == Relation("overflow", "1000")


def test_normalised_along_the_other_axis() -> None:
    """Columns that sum to one instead of the rows are reported, whatever the calculation."""
    rng = np.random.default_rng(3)
    cases, actual = [], []
    for size in ((3, 4), (5, 4)):
        x = rng.uniform(0.1, 1.0, size=size)
        cases.append(Case((x,), x**2 / np.sum(x**2, axis=1, keepdims=True), {}))
        actual.append(x / np.sum(x, axis=0))
    assert find_relation([Evidence(tuple(cases), tuple(actual), Tolerance())]) == Relation("other_axis")
